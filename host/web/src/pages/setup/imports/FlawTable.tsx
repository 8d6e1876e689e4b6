import { useTranslation } from 'react-i18next';
import type { RowFlaw } from '../../../api/imports.ts';
import styles from '../SetUp.module.css';

/** What is wrong with rows, one by one: where it stands in the file, and what to do. The host says it in English. */
export function FlawTable({ flaws, more = 0 }: { flaws: RowFlaw[]; more?: number }) {
  const { t } = useTranslation('setup');
  return (
    <>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('import.flaws')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('import.line')}</th>
              <th scope="col">{t('import.column')}</th>
              <th scope="col">{t('import.problem')}</th>
            </tr>
          </thead>
          <tbody>
            {flaws.map(({ line, row, column, problem }) => (
              <tr key={`${row} ${column ?? ''}`}>
                <td>{line}</td>
                <td>{column ?? t('import.wholeRow')}</td>
                <td lang="en">{problem}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && <p className={styles.quiet}>{t('import.moreFlaws', { count: more })}</p>}
    </>
  );
}
