/** Whoever signs in finds nothing of somebody else, neither what was seen nor what was entered. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { preferences } from '../src/app/preferences.ts';

type Body = { person: string; company: { id: string }; preferences: { language?: string } };

const session = (person: string, language?: string): Body => ({
  person,
  company: { id: 'acme' },
  preferences: language === undefined ? {} : { language },
});

const DRAFT = 'daybreak.draft.question.7';
const replaced = vi.fn();
let listeners: [string, EventListenerOrEventListenerObject][];

/** The pages as they are loaded: with what the device keeps. */
async function loaded() {
  vi.resetModules();
  const { memory } = await import('../src/api/memory.ts');
  const api = await import('../src/api/session.ts');
  return { memory, ...api };
}

function answerWith(body: unknown) {
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(Response.json(body))),
  );
}

beforeEach(() => {
  localStorage.clear();
  replaced.mockReset();
  vi.stubGlobal('location', { origin: 'http://localhost', replace: replaced });
  listeners = [];
  const listen = window.addEventListener.bind(window);
  vi.spyOn(window, 'addEventListener').mockImplementation((name, listener) => {
    listeners.push([name, listener]);
    listen(name, listener);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  // Each loading of the pages is a tab of its own, closed with its test.
  listeners.forEach(([name, listener]) => {
    window.removeEventListener(name, listener);
  });
});

test('the same person finds their drafts after a session has expired, and nobody else does', async () => {
  const { begin } = await loaded();
  answerWith(session('li-na'));
  await begin();
  localStorage.setItem(DRAFT, '"unsent"');
  await (await loaded()).begin();
  expect(localStorage.getItem(DRAFT)).toBe('"unsent"');
  answerWith(session('han-mei'));
  await (await loaded()).begin();
  expect(localStorage.getItem(DRAFT)).toBeNull();
});

test('a session that has become that of somebody else is begun anew with nothing', async () => {
  const { memory, sessionQuery, begin } = await loaded();
  answerWith(session('li-na'));
  await begin();
  memory.setQueryData(['questions', 'list', 'mine'], 'what Li Na asked');
  localStorage.setItem(DRAFT, '"unsent"');
  answerWith(session('han-mei'));
  // What was under way for the one before ends with what they have seen.
  memory.query({ ...sessionQuery, staleTime: 0 }).catch(() => undefined);
  await vi.waitFor(() => {
    expect(replaced).toHaveBeenCalledWith('/');
  });
  expect(memory.getQueryData(['questions', 'list', 'mine'])).toBeUndefined();
  expect(localStorage.getItem(DRAFT)).toBeNull();
});

test('a tab whose person is no longer signed in begins anew at once', async () => {
  const { begin } = await loaded();
  answerWith(session('li-na'));
  await begin();
  const told = (newValue: string) => new StorageEvent('storage', { key: 'daybreak.owner', newValue });
  window.dispatchEvent(told('acme/li-na'));
  expect(replaced).not.toHaveBeenCalled();
  window.dispatchEvent(told('acme/han-mei'));
  expect(replaced).toHaveBeenCalledWith('/');
});

test('a choice is not taken back by a session that was asked for before it', async () => {
  const { memory, sessionQuery, choose } = await loaded();
  preferences.set({ language: 'zh-CN' });
  const { preferences: chosen } = await import('../src/app/preferences.ts');
  let answerSession: (response: Response) => void = () => undefined;
  vi.stubGlobal(
    'fetch',
    vi.fn(
      () =>
        new Promise<Response>((resolve) => {
          answerSession = resolve;
        }),
    ),
  );
  const reading = memory.query({ ...sessionQuery, staleTime: 0 });
  await vi.waitFor(() => {
    expect(fetch).toHaveBeenCalled();
  });
  await choose({ language: 'en' });
  answerSession(Response.json(session('li-na', 'zh-CN')));
  await reading;
  expect(chosen.get().language).toBe('en');
});
