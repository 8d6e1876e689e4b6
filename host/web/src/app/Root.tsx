import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import styles from './Root.module.css';

export function Root() {
  const { t } = useTranslation();
  return (
    <>
      <a className={styles.skip} href="#content">
        {t('skip')}
      </a>
      <Outlet />
    </>
  );
}
