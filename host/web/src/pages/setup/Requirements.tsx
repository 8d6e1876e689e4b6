import { useTranslation } from 'react-i18next';
import type { Requirements as What } from '../../api/indicators.ts';
import { useFormats } from '../../language/formats.ts';
import styles from './SetUp.module.css';

/** What a plugin was allowed to read, in words. */
export function Requirements({ requirements }: { requirements: What }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const { reads, circumstances, daily } = requirements;
  if (reads.length === 0 && circumstances.length === 0) {
    return <p className={styles.quiet}>{t('reads.nothing')}</p>;
  }
  return (
    <ul className={styles.words}>
      {reads.map(({ kind, words }, place) => (
        <li key={`${kind} ${place}`}>{formats.text(words)}</li>
      ))}
      {circumstances.length > 0 && (
        <li>{t('reads.circumstances', { kinds: formats.list(circumstances) })}</li>
      )}
      {daily && <li>{t('reads.daily')}</li>}
    </ul>
  );
}
