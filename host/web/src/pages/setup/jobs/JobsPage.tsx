/** Long work, the newest first; what has not ended moves by itself. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { jobsQuery } from '../../../api/jobs.ts';
import { Loading } from '../../../app/Loading.tsx';
import { useTitle } from '../../../app/useTitle.ts';
import { EmptyState } from '../../../parts/EmptyState.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { More } from '../More.tsx';
import { PageHead } from '../PageHead.tsx';
import { JobCard } from './JobCard.tsx';
import styles from '../SetUp.module.css';

export function JobsPage() {
  const { t } = useTranslation('setup');
  useTitle(t('part.jobs.title'));
  const jobs = useInfiniteQuery(jobsQuery);
  const items = jobs.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHead title={t('part.jobs.title')} lead={t('jobs.lead')} />
      {items === undefined ? (
        jobs.error ? (
          <ProblemNotice problem={jobs.error} retry={() => void jobs.refetch()} />
        ) : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <EmptyState title={t('jobs.none')}>{t('jobs.noneText')}</EmptyState>
      ) : (
        <ul className={styles.columns}>
          {items.map((job) => (
            <li key={job.id}>
              <JobCard job={job} />
            </li>
          ))}
        </ul>
      )}
      <More query={jobs} />
    </>
  );
}
