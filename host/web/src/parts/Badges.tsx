/** Small signs beside a number: that it is on trial, that it is being recomputed, how old it is, why it is not there. */
import { ClockCircleOutlined, ExperimentOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCompanyNow } from '../app/company.ts';
import { useFormats, type Localized } from '../language/formats.ts';
import styles from './Badges.module.css';

export function TrialBadge() {
  const { t } = useTranslation('parts');
  return (
    <Tooltip title={t('trialHint')}>
      <span className={styles.trial} tabIndex={0}>
        <ExperimentOutlined aria-hidden /> {t('trial')}
      </span>
    </Tooltip>
  );
}

/** How old something is. `stale`: something has changed since then that does not count yet. */
export function Age({ at, stale = false }: { at: string | null | undefined; stale?: boolean }) {
  const { t } = useTranslation('parts');
  const formats = useFormats();
  const now = useCompanyNow();
  if (!at) {
    return stale ? <StaleSign text={t('stale')} /> : null;
  }
  const ago = formats.ago(at, now);
  const exact = formats.moment(at);
  return stale ? (
    <StaleSign text={t('staleSince', { ago })} title={exact} />
  ) : (
    <span className={styles.age} title={exact}>
      {t('asOf', { ago })}
    </span>
  );
}

function StaleSign({ text, title }: { text: string; title?: string }) {
  return (
    <span className={styles.stale} title={title}>
      <ClockCircleOutlined aria-hidden /> {text}
    </span>
  );
}

/** In place of a number that cannot be computed: why. */
export function NotComputable({ reason }: { reason: Localized | undefined | null }) {
  const { t } = useTranslation('parts');
  const formats = useFormats();
  return (
    <p className={styles.missing}>
      <QuestionCircleOutlined aria-hidden />
      <span>
        <strong>{t('notComputable')}</strong>
        {reason && <span className={styles.reason}>{formats.text(reason)}</span>}
      </span>
    </p>
  );
}
