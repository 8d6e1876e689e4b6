/** What was seen last stays on the device when it cannot be read again, and goes when it is refused for good or too old. */
import { dehydrate, hydrate, QueryClient } from '@tanstack/react-query';
import type { PersistedClient } from '@tanstack/react-query-persist-client';
import { afterEach, expect, test, vi } from 'vitest';
import { isKept, KEPT, written } from '../src/api/kept.ts';
import { Problem } from '../src/api/problem.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A client that has read a day once and could not read it again. */
async function afterFailure(problem: Problem, meta: Record<string, unknown> = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } });
  const queryKey = ['day', 'li-na'];
  await client.query({ queryKey, queryFn: () => 'a day', meta });
  await client.query({ queryKey, queryFn: () => Promise.reject(problem), meta }).catch(() => undefined);
  expect(client.getQueryState(queryKey)?.status).toBe('error');
  return client;
}

function keptBy(client: QueryClient): QueryClient {
  const clientState = dehydrate(client, { shouldDehydrateQuery: isKept });
  const text = written({ timestamp: 0, buster: '', clientState });
  const again = new QueryClient();
  hydrate(again, (JSON.parse(text) as PersistedClient).clientState);
  return again;
}

test('what could not be read again is kept, and at rest when it is read from the device', async () => {
  const again = keptBy(await afterFailure(new Problem('unreachable')));
  expect(again.getQueryState(['day', 'li-na'])).toMatchObject({
    data: 'a day',
    status: 'success',
    fetchStatus: 'idle',
    error: null,
  });
});

test('what was refused for good is not kept', async () => {
  for (const status of [401, 404]) {
    const again = keptBy(await afterFailure(new Problem('not-found', status)));
    expect(again.getQueryData(['day', 'li-na'])).toBeUndefined();
  }
});

test('what is fleeting is not kept, nor what nobody has read for too long', async () => {
  const fleeting = keptBy(await afterFailure(new Problem('unreachable'), { fleeting: true }));
  expect(fleeting.getQueryData(['day', 'li-na'])).toBeUndefined();
  const client = await afterFailure(new Problem('unreachable'));
  vi.useFakeTimers({ now: Date.now() + KEPT });
  expect(keptBy(client).getQueryData(['day', 'li-na'])).toBeUndefined();
});
