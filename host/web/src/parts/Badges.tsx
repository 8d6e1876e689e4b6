/** Small signs beside a number: that it is on trial, being recomputed or the last good one, how old it is, why it is not there. */
import {
  ClockCircleOutlined,
  ExclamationCircleOutlined,
  ExperimentOutlined,
  QuestionCircleOutlined,
} from '@ant-design/icons';
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

type AgeProps = {
  at: string | null | undefined;
  /** Something has changed since then that does not count yet. */
  stale?: boolean;
  /** The plugin has failed since then. */
  faulted?: boolean;
};

/** How old something is. */
export function Age({ at, stale = false, faulted = false }: AgeProps) {
  const { t } = useTranslation('parts');
  const formats = useFormats();
  const now = useCompanyNow();
  if (!at) {
    return faulted ? <FaultSign text={t('faulted')} /> : stale ? <StaleSign text={t('stale')} /> : null;
  }
  const ago = formats.ago(at, now);
  const exact = formats.moment(at);
  if (faulted) {
    return <FaultSign text={t('faultedSince', { ago })} title={exact} />;
  }
  return stale ? (
    <StaleSign text={t('staleSince', { ago })} title={exact} />
  ) : (
    <span className={styles.age} title={exact}>
      {t('asOf', { ago })}
    </span>
  );
}

function FaultSign({ text, title }: { text: string; title?: string }) {
  return (
    <span className={styles.stale} title={title}>
      <ExclamationCircleOutlined aria-hidden /> {text}
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
