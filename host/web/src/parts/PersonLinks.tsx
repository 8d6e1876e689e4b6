/** The ways from somebody's name to the pages about them, as far as there are such pages. */
import { Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import styles from './PersonLinks.module.css';

const PAGES = [
  { path: '/people/$person/growth', text: 'person.growth' },
  { path: '/people/$person/day', text: 'person.day' },
] as const;

type Props = { person: string; name: string };

export function PersonLinks({ person, name }: Props) {
  const { t } = useTranslation('parts');
  const known = useRouter().routesByPath as Record<string, unknown>;
  const pages = PAGES.filter(({ path }) => path in known);
  return (
    <ul className={styles.links}>
      {pages.map(({ path, text }) => (
        <li key={path}>
          <Link to={path.replace('$person', encodeURIComponent(person)) as '/'}>
            {t(text)}
            <span className={styles.whose}>{t('person.of', { name })}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
