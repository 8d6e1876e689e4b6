/** A manager's team: who needs a word, and how everybody's year went. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';

export type Team = components['schemas']['Team'];
export type TeamMember = components['schemas']['TeamMember'];
export type TeamReason = components['schemas']['TeamReason'];

export const teamQuery = (person: string) =>
  queryOptions({
    queryKey: ['team', person],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/people/{person}/team', { params: { path: { person } }, signal })),
  });

/** Most people of a line among whom managers are looked for. */
const LINE_MAX = 1_000;

/** Those of somebody's line who lead somebody themselves. */
export const managersQuery = (id: string) =>
  queryOptions({
    queryKey: ['team', id, 'managers'],
    queryFn: async ({ signal }) => {
      const line = await answer(
        client.GET('/api/v1/people/{id}/reports', {
          params: { path: { id }, query: { limit: LINE_MAX } },
          signal,
        }),
      );
      return [...new Set(line.items.flatMap(({ manager }) => (manager ? [manager.id] : [])))];
    },
  });

export type Question = components['schemas']['Question'];

/** Most questions that wait for an answer of which a team's page tells. */
const WAITING_MAX = 50;

/** Questions that are open and put to whoever asks for this. */
export const waitingQuery = queryOptions({
  queryKey: ['questions', 'waiting', 'newest'],
  queryFn: async ({ signal }) => {
    const query = { waiting: true, limit: WAITING_MAX };
    return (await answer(client.GET('/api/v1/questions', { params: { query }, signal }))).items;
  },
});
