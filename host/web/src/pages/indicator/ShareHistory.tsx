import { useTranslation } from 'react-i18next';
import type { HistoryCause, HistoryShare, IndicatorHistory, SignedScorecard } from '../../api/indicator.ts';
import { useFormats } from '../../language/formats.ts';
import styles from './IndicatorPage.module.css';

/** How much the indicator counted in each month, and who or what changed that, when and why. */
export function ShareHistory({ history, chosen }: { history: IndicatorHistory; chosen: string }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const known = history.months.flatMap(({ month, share }) => (share ? [{ month, share }] : [])).reverse();
  const widest = Math.max(...known.map(({ share }) => share.share), 1);
  const changed = known.filter(({ share }) => isChanged(share));
  const now = known[0];
  return (
    <section className={styles.card} aria-labelledby="shares">
      <h2 id="shares">{t('share.title')}</h2>
      {now === undefined ? (
        <p className={styles.quiet}>{history.trial ? t('share.trial') : t('share.none')}</p>
      ) : (
        <>
          <p className={styles.lead}>
            {changed.length === 0
              ? t('share.steady', { share: formats.share(now.share.share) })
              : t('share.changed', {
                  share: formats.share(now.share.share),
                  month: formats.month(now.month),
                  count: changed.length,
                })}
          </p>
          <ol className={styles.shares}>
            {runsOf(known).map(({ from, to, share }) => (
              <li key={from} aria-current={from <= chosen && chosen <= to ? 'true' : undefined}>
                <p className={styles.shareLine}>
                  <span>{formats.months(from, to)}</span>
                  <span className={styles.bar} aria-hidden="true">
                    <span style={{ width: `${(100 * share.share) / widest}%` }} />
                  </span>
                  <strong>
                    {share.signed === share.share
                      ? formats.share(share.share)
                      : t('share.fromTo', {
                          from: formats.share(share.signed),
                          to: formats.share(share.share),
                        })}
                  </strong>
                </p>
                {isChanged(share) && (
                  <ul className={styles.causes}>
                    {share.signed_anew && (
                      <li>
                        <Signed signed={share.signed_anew} share={share.signed} />
                      </li>
                    )}
                    {share.causes.map((cause, index) => (
                      <li key={index}>
                        <Cause cause={cause} />
                      </li>
                    ))}
                  </ul>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

const isChanged = (share: HistoryShare) => share.causes.length > 0 || share.signed_anew != null;

type Run = { from: string; to: string; share: HistoryShare };

/** Months one after the other that all count the same and were not changed, as one line, the newest first. */
function runsOf(known: { month: string; share: HistoryShare }[]): Run[] {
  const runs: Run[] = [];
  for (const { month, share } of known) {
    const later = runs.at(-1);
    const isSame = later?.share.share === share.share && !isChanged(later.share) && !isChanged(share);
    if (later && isSame) {
      later.from = month;
    } else {
      runs.push({ from: month, to: month, share });
    }
  }
  return runs;
}

function Signed({ signed, share }: { signed: SignedScorecard; share: number }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const { set_by: by } = signed;
  return (
    <>
      <p>
        <strong>{t('cause.signed')}</strong>
        {t('cause.colon')}
        {t('cause.signedShare', { title: formats.text(signed.title), share: formats.share(share) })}
      </p>
      <p className={styles.quiet}>
        {by?.name
          ? t('cause.signedBy', { name: by.name, moment: formats.moment(signed.set_at) })
          : t('cause.signedAt', { moment: formats.moment(signed.set_at) })}{' '}
        {signed.from != null && t('cause.signedFrom', { day: formats.day(signed.from) })}
      </p>
    </>
  );
}

function Cause({ cause: { change, days, how, share } }: { cause: HistoryCause }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const { cause } = change;
  return (
    <>
      <p>
        <strong>{cause.kind === 'policy' ? t('cause.policy') : t('cause.manager')}</strong>
        {t('cause.colon')}
        {formats.text(change.reason)}
      </p>
      <p className={styles.quiet}>
        {t('cause.days', { days: formats.days(days), share: formats.share(share) })} {t(`cause.${how}`)}
      </p>
      {cause.kind === 'policy' && (
        <p className={styles.quiet}>
          {t('cause.circumstance', {
            policy: cause.policy,
            time: formats.moments(cause.begins_at, cause.ends_at),
          })}
        </p>
      )}
    </>
  );
}
