/** What somebody's first screen needs. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';

export type PersonDay = components['schemas']['PersonDay'];
export type DayCard = components['schemas']['DayCard'];
export type DayDimension = components['schemas']['DayDimension'];
export type DayComposite = components['schemas']['DayComposite'];
export type TrendPoint = components['schemas']['TrendPoint'];
export type Task = components['schemas']['DayTask'];

export const dayQuery = (person: string) =>
  queryOptions({
    queryKey: ['day', person],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/people/{person}/day', { params: { path: { person } }, signal })),
  });

/** Says that a task is done. */
export async function finishTask(task: string): Promise<void> {
  await answer(client.POST('/api/v1/tasks/{task}/completion', { params: { path: { task } }, body: {} }));
}

/** Takes back that a task is done. */
export async function reopenTask(task: string): Promise<void> {
  await answer(client.POST('/api/v1/tasks/{task}/reopening', { params: { path: { task } } }));
}
