import { useTranslation } from 'react-i18next';
import styles from './Loading.module.css';

/** The outline of a page for the short time until it is there. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <div className={styles.outline} role="status" aria-label={t('loading')}>
      <div />
      <div />
      <div />
    </div>
  );
}
