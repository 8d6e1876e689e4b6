import { useTranslation } from 'react-i18next';
import type { PersonDay } from '../../api/day.ts';
import { useFormats } from '../../language/formats.ts';
import { Panel } from '../../parts/Panel.tsx';
import styles from './Recent.module.css';

/** The latest feedback and contributions, newest first. */
export function Recent({ day }: { day: PersonDay }) {
  const { t } = useTranslation('day');
  const formats = useFormats();
  const items = [...day.feedback, ...day.contributions].sort((one, other) =>
    other.occurred_at.localeCompare(one.occurred_at),
  );
  if (items.length === 0) {
    return null;
  }
  return (
    <Panel label={t('recent')}>
      <h2>{t('recent')}</h2>
      <ul className={styles.items}>
        {items.map((item) => (
          <li key={item.sequence}>
            <span className={styles.kind}>{t(`recentKind.${item.type}`)}</span>
            <span className={styles.what}>{item.title ?? item.fields.text ?? item.document}</span>
            <span className={styles.when}>{formats.moment(item.occurred_at)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
