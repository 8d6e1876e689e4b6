/** What there is to set up, each with a sentence. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../app/session.ts';
import { useTitle } from '../../app/useTitle.ts';
import { PageHead } from './PageHead.tsx';
import { sectionsFor } from './sections.ts';
import styles from './SetUpPage.module.css';

export function SetUpPage() {
  const { t } = useTranslation('setup');
  const session = useSession();
  useTitle(t('title'));
  return (
    <>
      <PageHead title={t('title')} lead={t(session.administrator ? 'lead' : 'leadPartner')} />
      <ul className={styles.parts}>
        {sectionsFor(session).map(({ name, to, icon: Icon }) => (
          <li key={name}>
            <Link to={to} className={styles.part}>
              <span className={styles.icon} aria-hidden="true">
                <Icon />
              </span>
              <span>
                <strong>{t(`part.${name}.title`)}</strong>
                <span className={styles.text}>{t(`part.${name}.text`)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
