/** One job: what it does, how far it has come, what came of it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Popconfirm, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { cancelJob, hasEnded, type Job } from '../../../api/jobs.ts';
import { useCompanyNow } from '../../../app/company.ts';
import { useFormats } from '../../../language/formats.ts';
import { ActionButton } from '../../../parts/ActionButton.tsx';
import { ProblemNotice } from '../../../parts/ProblemNotice.tsx';
import { FlawTable } from '../imports/FlawTable.tsx';
import styles from '../SetUp.module.css';
import { counts, isEqual, rowFlaws } from './outcome.ts';

export function JobCard({ job }: { job: Job }) {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  const now = useCompanyNow();
  const client = useQueryClient();
  const cancelling = useMutation({
    mutationFn: () => cancelJob(job.id),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
  const name = useJobName(job);
  const ended = hasEnded(job);
  const equal = isEqual(job);
  const flaws = rowFlaws(job);
  const when = job.ended_at ?? job.started_at ?? job.created_at;
  return (
    <article className={styles.card} aria-label={name}>
      <div>
        <h3>{name}</h3>
        <p className={styles.quiet}>
          {t(`jobs.state.${job.state}`)} · <span title={formats.moment(when)}>{formats.ago(when, now)}</span>
        </p>
      </div>
      {!ended && (
        <div className={styles.actions}>
          <Progress
            aria-label={name}
            percent={job.total > 0 ? Math.floor((job.done / job.total) * 100) : 0}
            status="active"
          />
          <Popconfirm
            title={t('jobs.cancelAsk')}
            description={t('jobs.cancelText')}
            okText={t('jobs.cancel')}
            cancelText={t('jobs.goOn')}
            onConfirm={() => {
              cancelling.mutate();
            }}
          >
            <ActionButton isBusy={cancelling.isPending}>{t('jobs.cancel')}</ActionButton>
          </Popconfirm>
        </div>
      )}
      {cancelling.error !== null && <ProblemNotice problem={cancelling.error} />}
      {job.problem != null && (
        <p>
          <strong>{t('jobs.problem')}</strong> <span lang="en">{job.problem}</span>
        </p>
      )}
      {equal !== undefined && <p>{t(equal ? 'jobs.equal' : 'jobs.different')}</p>}
      {counts(job).length > 0 && (
        <ul className={styles.words}>
          {counts(job).map(({ name, count }) => (
            <li key={name}>{t(`jobs.told.${name}`, { count, number: formats.number(count) })}</li>
          ))}
        </ul>
      )}
      {flaws.length > 0 && <FlawTable flaws={flaws} />}
    </article>
  );
}

/** What a job does, in words. */
function useJobName({ order }: Job): string {
  const { t } = useTranslation('setup');
  const formats = useFormats();
  switch (order.kind) {
    case 'score':
      return t('jobs.score', { period: formats.month(order.period) });
    case 'replay':
      return t('jobs.replay');
    case 'assess':
      return t('jobs.assess', { day: formats.day(order.on) });
    case 'narrate':
      return t('jobs.narrate', { day: formats.day(order.on) });
    case 'import':
      return t('jobs.import', { mapping: order.mapping });
  }
}
