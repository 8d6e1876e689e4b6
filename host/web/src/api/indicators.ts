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

/** Those in force on the day. */
export const goalsQuery = (indicator: string, on: string) =>
  infiniteQueryOptions({
    queryKey: ['indicators', 'goals', indicator, on],
    ...pages((after, signal) => {
      const query = { indicator, on, ...after, limit: GOALS_PAGE };
      return answer(client.GET('/api/v1/goals', { params: { query }, signal }));
    }),
  });

/** Most goals among which those of everybody are looked for. */
const GOALS_MAX = 1_000;

/** The goals that everybody has who has none of their own. */
export const goalsOfEverybodyQuery = queryOptions({
  queryKey: ['indicators', 'goals-of-everybody'],
  queryFn: async ({ signal }) => {
    const query = { limit: GOALS_MAX };
    const { items } = await answer(client.GET('/api/v1/goals', { params: { query }, signal }));
    return items.filter(({ subject }) => subject == null);
  },
});

export const setGoal = (id: string, body: GoalSetting) =>
  answer(client.PUT('/api/v1/indicators/{id}/goals', { params: { path: { id } }, body }));
