/** What is measured, by which plugin, and with which goals. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { pages, whole } from './pages.ts';

export type Indicator = components['schemas']['Indicator'];
export type IndicatorWithGoals = components['schemas']['IndicatorWithGoals'];
export type Goal = components['schemas']['Goal'];
export type GoalSetting = components['schemas']['GoalSetting'];
export type Requirements = components['schemas']['Requirements'];

const PAGE = 200;
const GOALS_PAGE = 50;

export const indicatorsQuery = queryOptions({
  queryKey: ['indicators', 'list'],
  queryFn: ({ signal }) =>
    whole((after) =>
      answer(client.GET('/api/v1/indicators', { params: { query: { ...after, limit: PAGE } }, signal })),
    ),
});

export const indicatorSetUpQuery = (id: string) =>
  queryOptions({
    queryKey: ['indicators', 'one', id],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/indicators/{id}', { params: { path: { id } }, signal })),
  });

export const goalsQuery = (indicator: string) =>
  infiniteQueryOptions({
    queryKey: ['indicators', 'goals', indicator],
    ...pages((after, signal) => {
      const query = { indicator, ...after, limit: GOALS_PAGE };
      return answer(client.GET('/api/v1/goals', { params: { query }, signal }));
    }),
  });

export const setGoal = (id: string, body: GoalSetting) =>
  answer(client.PUT('/api/v1/indicators/{id}/goals', { params: { path: { id } }, body }));
