/** The frame of all pages for which one is signed in: where one can go, language, theme, account, the state of the connection. */
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../live/useLive.ts';
import { Account } from './Account.tsx';
import { aheadBy, CompanyProvider } from './company.ts';
import { Connection } from './Connection.tsx';
import { Mark } from './Mark.tsx';
import { DESTINATIONS } from './navigation.ts';
import { useSessionAsTold } from './session.ts';
import { LanguageSwitch, ThemeSwitch } from './Switches.tsx';
import styles from './Shell.module.css';

export function Shell() {
  const { t } = useTranslation();
  const { session, told } = useSessionAsTold();
  const { time_zone: zone, today } = session.company;
  const company = useMemo(() => ({ zone, ahead: aheadBy(today, zone, told) }), [zone, today, told]);
  const content = useFocusOnPage();
  useLive();
  return (
    <CompanyProvider value={company}>
      <div className={styles.frame}>
        <header className={styles.top}>
          <Link to="/" className={styles.brand}>
            <Mark />
            <span>{t('product')}</span>
          </Link>
          <div className={styles.switches}>
            <LanguageSwitch />
            <ThemeSwitch />
            <Account session={session} />
          </div>
        </header>
        <nav className={styles.navigation} aria-label={t('navigation')}>
          {DESTINATIONS.filter(({ isFor }) => isFor(session)).map(({ to, text, icon: Icon }) => (
            <Link key={to} to={to} className={styles.destination} activeOptions={{ exact: to === '/' }}>
              <Icon aria-hidden />
              <span>{t(text)}</span>
            </Link>
          ))}
        </nav>
        <main id="content" ref={content} tabIndex={-1} className={styles.content}>
          <Connection />
          <Outlet />
        </main>
      </div>
    </CompanyProvider>
  );
}

/** Puts the focus on a page that was gone to, so that a reader of screens goes on there. */
function useFocusOnPage() {
  const content = useRef<HTMLElement>(null);
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
        if (fromLocation !== undefined && pathChanged) {
          content.current?.focus({ preventScroll: true });
        }
      }),
    [router],
  );
  return content;
}
