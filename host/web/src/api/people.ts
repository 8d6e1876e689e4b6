/** Who there is, where they stand and stood, and whether they may sign in. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { pages, whole } from './pages.ts';

export type Person = components['schemas']['Person'];
export type Spell = components['schemas']['Spell'];
export type Account = components['schemas']['Account'];
export type Roles = components['schemas']['Roles'];
export type LinkMade = components['schemas']['LinkMade'];
export type PersonDraft = components['schemas']['PersonDraft'];
export type MoveDraft = components['schemas']['MoveDraft'];

const PAGE = 50;

/** Most suggestions while somebody types a name. */
const FOUND_MAX = 20;

/** Most spells of one person that a page shows. */
const SPELLS_MAX = 200;

export type PeopleFilter = { name?: string; department?: string; everybody?: boolean };

export const peopleQuery = (filter: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: ['people', 'list', filter],
    ...pages((after, signal) => {
      const { department, ...rest } = filter;
      const within = department === undefined ? {} : { department, with_those_below: true };
      const query = { ...rest, ...within, ...after, limit: PAGE };
      return answer(client.GET('/api/v1/people', { params: { query }, signal }));
    }),
  });

/** The first of those whose name holds this. */
export const foundPeopleQuery = (name: string) =>
  queryOptions({
    queryKey: ['people', 'found', name],
    queryFn: async ({ signal }) => {
      const query = { limit: FOUND_MAX, ...(name !== '' && { name }) };
      return (await answer(client.GET('/api/v1/people', { params: { query }, signal }))).items;
    },
    meta: { fleeting: true },
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', 'one', id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/people/{id}', { params: { path: { id } }, signal })),
  });

export const spellsQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', 'spells', id],
    queryFn: async ({ signal }) => {
      const params = { path: { id }, query: { limit: SPELLS_MAX } };
      return (await answer(client.GET('/api/v1/people/{id}/spells', { params, signal }))).items;
    },
  });

/** Accounts that are read at once, so that few people make one request. */
const ACCOUNTS_PAGE = 1_000;

/** Every account. Asked for one by one, that of somebody who has none would be an error. */
const accountsQuery = queryOptions({
  queryKey: ['people', 'accounts'],
  queryFn: ({ signal }) =>
    whole((after) =>
      answer(
        client.GET('/api/v1/accounts', { params: { query: { ...after, limit: ACCOUNTS_PAGE } }, signal }),
      ),
    ),
  meta: { fleeting: true },
});

/** The account of a person; null where they have none. */
export const accountQuery = (id: string) =>
  queryOptions({
    ...accountsQuery,
    select: (accounts): Account | null => accounts.find(({ person }) => person === id) ?? null,
  });

export const rolesQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', 'roles', id],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/people/{id}/roles', { params: { path: { id } }, signal })),
    meta: { fleeting: true },
  });

export const addPerson = (person: PersonDraft) =>
  answer(client.POST('/api/v1/people', { body: { people: [person] } }));

export const movePerson = (id: string, body: MoveDraft) =>
  answer(client.POST('/api/v1/people/{id}/moves', { params: { path: { id } }, body }));

export const letPersonLeave = (id: string, last_day: string) =>
  answer(client.POST('/api/v1/people/{id}/departure', { params: { path: { id } }, body: { last_day } }));

export const invitePerson = (id: string, login: string): Promise<LinkMade> =>
  answer(client.POST('/api/v1/people/{id}/account', { params: { path: { id } }, body: { login } }));

export const resetAccount = (id: string): Promise<LinkMade> =>
  answer(client.POST('/api/v1/people/{id}/account/reset', { params: { path: { id } } }));

export const disableAccount = (id: string) =>
  answer(client.POST('/api/v1/people/{id}/account/disable', { params: { path: { id } } }));

export const enableAccount = (id: string) =>
  answer(client.POST('/api/v1/people/{id}/account/enable', { params: { path: { id } } }));

export const setRoles = (id: string, body: Roles) =>
  answer(client.PUT('/api/v1/people/{id}/roles', { params: { path: { id } }, body }));
