/** Which indicators count how much, and for whom. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { whole } from './pages.ts';

export type Scorecard = components['schemas']['Scorecard'];
export type ScorecardSetting = components['schemas']['ScorecardSetting'];
export type ScorecardPlace = components['schemas']['ScorecardPlace'];

const PAGE = 200;

export const scorecardsQuery = queryOptions({
  queryKey: ['scorecards', 'list'],
  queryFn: ({ signal }) =>
    whole((after) =>
      answer(client.GET('/api/v1/scorecards', { params: { query: { ...after, limit: PAGE } }, signal })),
    ),
});

/** As it is in force on the day. */
export const scorecardQuery = (id: string, on: string) =>
  queryOptions({
    queryKey: ['scorecards', 'one', id, on],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/scorecards/{id}', { params: { path: { id }, query: { on } }, signal })),
  });

export const setScorecard = (id: string, body: ScorecardSetting) =>
  answer(client.PUT('/api/v1/scorecards/{id}', { params: { path: { id } }, body }));
