/** Tokens with which other systems call the host. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { whole } from './pages.ts';

export type Token = components['schemas']['Token'];
export type TokenMade = components['schemas']['TokenMade'];
export type TokenDraft = components['schemas']['TokenDraft'];
export type Scope = components['schemas']['Scope'];

/** Everything that a token can be allowed to do. */
export const SCOPES = [
  'facts:read',
  'facts:write',
  'scores:read',
  'scores:compute',
  'tasks:read',
  'tasks:write',
  'alerts:read',
  'alerts:write',
  'customers:read',
  'customers:write',
  'organisation:read',
  'organisation:write',
  'setup:read',
  'setup:write',
  'jobs:read',
  'audit:read',
  'operation:read',
] as const satisfies readonly Scope[];

const PAGE = 200;

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) =>
    whole((after) =>
      answer(client.GET('/api/v1/tokens', { params: { query: { ...after, limit: PAGE } }, signal })),
    ),
  meta: { fleeting: true },
});

export const createToken = (body: TokenDraft): Promise<TokenMade> =>
  answer(client.POST('/api/v1/tokens', { body }));

export const revokeToken = (id: string) =>
  answer(client.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }));
