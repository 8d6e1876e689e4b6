import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '../../app/Mark.tsx';
import { LanguageSwitch, ThemeSwitch } from '../../app/Switches.tsx';
import styles from './Entrance.module.css';

/** The frame of the pages that one sees before one is signed in. */
export function Entrance({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: string | undefined;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className={styles.entrance}>
      <header className={styles.top}>
        <span className={styles.brand}>
          <Mark size={32} />
          <span>{t('product')}</span>
        </span>
        <span>
          <LanguageSwitch />
          <ThemeSwitch />
        </span>
      </header>
      <main id="content" tabIndex={-1} className={styles.content}>
        <h1>{title}</h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        {children}
      </main>
      <Horizon />
    </div>
  );
}

/** The sun behind the line, low on the page. */
function Horizon() {
  return (
    <svg
      className={styles.horizon}
      viewBox="0 0 800 200"

      aria-hidden="true"
    >
      <circle cx="400" cy="200" r="150" opacity=".06" />
      <circle cx="400" cy="200" r="105" opacity=".08" />
      <circle cx="400" cy="200" r="62" opacity=".14" />
    </svg>
  );
}
