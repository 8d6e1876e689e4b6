import { useTranslation } from 'react-i18next';
import type { HistoryCause, IndicatorHistory } from '../../api/indicator.ts';
import { useFormats } from '../../language/formats.ts';
import styles from './IndicatorPage.module.css';

/** How much the indicator counted in each month, and who or what changed that, when and why. */
export function ShareHistory({ history, chosen }: { history: IndicatorHistory; chosen: string }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const known = history.months.flatMap(({ month, share }) => (share ? [{ month, share }] : [])).reverse();
  const widest = Math.max(...known.map(({ share }) => share.share), 1);
  const changed = known.filter(({ share }) => share.causes.length > 0);
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
            {known.map(({ month, share }) => (
              <li key={month} aria-current={month === chosen ? 'true' : undefined}>
                <p className={styles.shareLine}>
                  <span>{formats.month(month)}</span>
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
                {share.causes.length > 0 && (
                  <ul className={styles.causes}>
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

function Cause({ cause: { change, days, how, share } }: { cause: HistoryCause }) {
  const { t } = useTranslation('indicator');
  const formats = useFormats();
  const { cause } = change;
  return (
    <>
      <p>
        <strong>{cause.by === 'policy' ? t('cause.policy') : t('cause.manager')}</strong>
        {t('cause.colon')}
        {formats.text(change.reason)}
      </p>
      <p className={styles.quiet}>
        {t('cause.days', { days: formats.days(days), share: formats.share(share) })} {t(`cause.${how}`)}
      </p>
      {cause.by === 'policy' && (
        <p className={styles.quiet}>
          {t('cause.circumstance', {
            policy: cause.policy,
            time: formats.moments(cause.start, cause.end),
          })}
        </p>
      )}
    </>
  );
}
