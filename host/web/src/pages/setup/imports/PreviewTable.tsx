import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '../../../api/imports.ts';
import { useFormats } from '../../../language/formats.ts';
import styles from '../SetUp.module.css';

/** The first rows of the file, each beside the fact that it becomes. */
export function PreviewTable({ preview }: { preview: ImportPreview }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('import.first')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th rowSpan={2} scope="col">
              {t('import.line')}
            </th>
            <th colSpan={6} scope="colgroup">
              {t('import.becomes')}
            </th>
            <th colSpan={preview.columns.length} scope="colgroup">
              {t('import.inFile')}
            </th>
          </tr>
          <tr>
            <th scope="col">{t('import.kind')}</th>
            <th scope="col">{t('import.when')}</th>
            <th scope="col">{t('import.who')}</th>
            <th scope="col">{t('import.document')}</th>
            <th scope="col">{t('import.value')}</th>
            <th scope="col">{t('import.fields')}</th>
            {preview.columns.map((column, place) => (
              <th key={place} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.first.map(({ line, cells, fact, problem, who }) => (
            <tr key={line}>
              <td>{line}</td>
              {fact ? (
                <>
                  <td>{fact.kind}</td>
                  <td>{formats.moment(fact.occurred_at)}</td>
                  <td>{fact.actor ?? (who == null ? '' : t('import.unknownName', { name: who }))}</td>
                  <td>{[fact.document, fact.customer].filter((part) => part != null).join(' · ')}</td>
                  <td>{fact.value == null ? '' : formats.number(fact.value)}</td>
                  <td>
                    {Object.entries(fact.fields)
                      .map(([name, value]) => `${name} = ${value}`)
                      .join(', ')}
                  </td>
                </>
              ) : (
                <td colSpan={6} lang="en">
                  {problem?.problem}
                </td>
              )}
              {cells.map((cell, place) => (
                <td key={place}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
