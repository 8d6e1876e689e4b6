import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dayQuery } from '../../api/day.ts';
import { Loading } from '../../app/Loading.tsx';
import { useSession } from '../../app/session.ts';
import { useTitle } from '../../app/useTitle.ts';
import { useFormats } from '../../language/formats.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../parts/ProblemNotice.tsx';
import { Dimension } from './Dimension.tsx';
import { Headline } from './Headline.tsx';
import { Recent } from './Recent.tsx';
import { ToDos } from './ToDos.tsx';
import styles from './DayPage.module.css';

/** My day: how am I doing, what has changed since yesterday, what one thing would help most; the numbers stand under it. */
export function DayPage() {
  const { t } = useTranslation('day');
  const { person } = useSession();
  const formats = useFormats();
  useTitle(t('title'));
  const day = useQuery(dayQuery(person));
  if (day.data === undefined) {
    return day.error ? <ProblemNotice problem={day.error} retry={() => void day.refetch()} /> : <Loading />;
  }
  const { composite, dimensions, today } = day.data;
  const isEmpty = dimensions.length === 0 && !composite;
  return (
    <div className={styles.day}>
      <header className={styles.head}>
        <h1>{t('title')}</h1>
        <p className={styles.date}>{formats.weekday(today)}</p>
      </header>
      <div className={styles.first}>
        {isEmpty ? (
          <EmptyState title={t('nothing')}>{t('nothingText')}</EmptyState>
        ) : (
          <Headline day={day.data} />
        )}
        <ToDos day={day.data} />
      </div>
      {dimensions.map((dimension) => (
        <Dimension key={dimension.dimension ?? ''} dimension={dimension} person={person} />
      ))}
      <Recent day={day.data} />
    </div>
  );
}
