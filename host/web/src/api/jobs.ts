/** Long work that somebody ordered, and how far it has come. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { pages } from './pages.ts';

export type Job = components['schemas']['Job'];
export type JobState = components['schemas']['JobState'];

const PAGE = 30;

/** How often a job that has not ended is asked for, in milliseconds. */
const ASKING = 1_000;

export const hasEnded = ({ state }: Pick<Job, 'state'>) => state !== 'waiting' && state !== 'running';

export const jobsQuery = infiniteQueryOptions({
  queryKey: ['jobs', 'list'],
  ...pages((after, signal) =>
    answer(client.GET('/api/v1/jobs', { params: { query: { ...after, limit: PAGE } }, signal })),
  ),
  refetchInterval: (query) =>
    query.state.data?.pages.some(({ items }) => items.some((job) => !hasEnded(job))) === true
      ? ASKING
      : false,
});

export const jobQuery = (id: number) =>
  queryOptions({
    queryKey: ['jobs', 'one', id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/jobs/{id}', { params: { path: { id } }, signal })),
    refetchInterval: (query) =>
      query.state.data !== undefined && hasEnded(query.state.data) ? false : ASKING,
  });

export const cancelJob = (id: number): Promise<Job> =>
  answer(client.POST('/api/v1/jobs/{id}/cancellation', { params: { path: { id } } }));
