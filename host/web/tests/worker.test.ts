/** The page comes from the host as long as it answers in time, and else from what was kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const SOURCE = readFileSync(join(import.meta.dirname, '../src/service-worker.js'), 'utf8');

type Listener = (event: object) => void;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Runs the worker; returns what it answers to a page that is gone to. */
function worker(fetched: () => Promise<Response>, kept: Response | undefined) {
  const listeners = new Map<string, Listener>();
  const scope = {
    addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
    fetch: fetched,
    caches: { match: () => Promise.resolve(kept) },
    location: { origin: 'https://daybreak.example' },
    setTimeout,
    URL,
  };
  // It is no module: the browser gives it its own scope.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function('globalThis', SOURCE)(scope);
  return new Promise<Response>((resolve, reject) => {
    listeners.get('fetch')?.({
      request: { method: 'GET', url: 'https://daybreak.example/growth', mode: 'navigate' },
      respondWith: (answer: Promise<Response>) => {
        answer.then(resolve, reject);
      },
    });
  });
}

const shell = () => new Response('kept');
const answers =
  (text: string, status = 200) =>
  () =>
    Promise.resolve(new Response(text, { status }));

test('the page of the host is taken where it comes, also where it says that there is none', async () => {
  expect(await (await worker(answers('fresh'), shell())).text()).toBe('fresh');
  expect(await (await worker(answers('none', 404), shell())).text()).toBe('none');
});

test('where nobody answers, or somebody else in the place of the host, the kept page is taken', async () => {
  const unreachable = () => Promise.reject(new TypeError('Failed to fetch'));
  expect(await (await worker(unreachable, shell())).text()).toBe('kept');
  expect(await (await worker(answers('bad gateway', 502), shell())).text()).toBe('kept');
  expect((await worker(answers('bad gateway', 502), undefined)).status).toBe(502);
});

test('a host that takes too long is not waited for, unless nothing was kept', async () => {
  let answer: (response: Response) => void = () => undefined;
  const slow = () =>
    new Promise<Response>((resolve) => {
      answer = resolve;
    });
  const shown = worker(slow, shell());
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await (await shown).text()).toBe('kept');
  const waited = worker(slow, undefined);
  await vi.advanceTimersByTimeAsync(10_000);
  answer(new Response('fresh'));
  expect(await (await waited).text()).toBe('fresh');
});
