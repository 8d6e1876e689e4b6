/** Which of what was seen is kept on the device, and in which form. */
import type { Query } from '@tanstack/react-query';
import type { PersistedClient } from '@tanstack/react-query-persist-client';
import { Problem } from './problem.ts';

/** How long something is kept that nobody has read again, in milliseconds. */
export const KEPT = 7 * 86_400_000;

/** Whoever is refused for good, or asks for what is not there any more, goes on seeing nothing of it. */
export function isFinal(error: unknown): boolean {
  return error instanceof Problem && (error.status === 401 || error.status === 404);
}

/** What could not be read again is still the last that is known, so it is kept like everything else. */
export function isKept({ meta, state }: Pick<Query, 'meta' | 'state'>): boolean {
  return (
    state.data !== undefined &&
    meta?.fleeting !== true &&
    !isFinal(state.error) &&
    Date.now() - state.dataUpdatedAt < KEPT
  );
}

/** As text, every query at rest: how its last reading ended is of no use to the next opening of the pages. */
export function written(client: PersistedClient): string {
  const { queries, mutations } = client.clientState;
  const atRest = queries.map((query) => ({
    ...query,
    state: {
      ...query.state,
      status: 'success',
      fetchStatus: 'idle',
      error: null,
      errorUpdateCount: 0,
      errorUpdatedAt: 0,
      fetchFailureCount: 0,
      fetchFailureReason: null,
      fetchMeta: null,
    },
  }));
  return JSON.stringify({ ...client, clientState: { queries: atRest, mutations } });
}
