/** Around the pages of the set-up: the way between its parts. On a phone the first page is the way, and each part leads back. */
import { LeftOutlined } from '@ant-design/icons';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../app/session.ts';
import { sectionsFor } from './sections.ts';
import styles from './SetUpFrame.module.css';

export function SetUpFrame() {
  const { t } = useTranslation('setup');
  const session = useSession();
  const isHome = useLocation({ select: ({ pathname }) => pathname === '/setup' });
  return (
    <>
      {!isHome && (
        <>
          <Link to="/setup" className={styles.back}>
            <LeftOutlined aria-hidden /> {t('title')}
          </Link>
          <nav className={styles.parts} aria-label={t('parts')}>
            {sectionsFor(session).map(({ name, to }) => (
              <Link key={name} to={to} className={styles.part}>
                {t(`part.${name}.title`)}
              </Link>
            ))}
          </nav>
        </>
      )}
      <Outlet />
    </>
  );
}
