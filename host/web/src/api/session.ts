/** Who is signed in; signing in and out. */
import { queryOptions } from '@tanstack/react-query';
import { LANGUAGES, preferences, THEMES, type Preferences } from '../app/preferences.ts';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { forget, memory } from './memory.ts';
import { forgetDrafts } from '../parts/useDraft.ts';
import { claim, isSame, onOtherOwner, release } from './owner.ts';
import { Problem } from './problem.ts';

export type Session = components['schemas']['Session'];

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ client: seen, signal }) => {
    const chosenBefore = choices;
    const session = await answer(client.GET('/api/v1/session', { signal }));
    const before = seen.getQueryData<Session>(['session']);
    if (claim(session)) {
      forgetDrafts();
    }
    if (before !== undefined && !isSame(before, session)) {
      await forget();
      return beginAnew();
    }
    if (choices === chosenBefore && saving === 0) {
      adopt(session);
    }
    return session;
  },
});

/** Loads the pages for another person, so that nothing of the one before is left in them. */
function beginAnew(): Promise<never> {
  window.location.replace('/');
  return new Promise(() => undefined);
}

onOtherOwner(() => void beginAnew());

/** Counts what was chosen here: a session that was asked for before that is older than the choice. */
let choices = 0;

/** How many choices are on their way to the host. */
let saving = 0;

/** Takes over what the person chose on another device. */
function adopt({ preferences: chosen }: Session) {
  const current = preferences.get();
  const language = LANGUAGES.find((language) => language === chosen.language) ?? current.language;
  const theme = THEMES.find((theme) => theme === chosen.theme) ?? current.theme;
  if (language !== current.language || theme !== current.theme) {
    preferences.set({ language, theme });
  }
}

export type Credentials = components['schemas']['SignIn'];

export async function signIn(credentials: Credentials): Promise<void> {
  await answer(client.POST('/api/v1/session', { body: credentials }));
  await begin();
}

/** Once a session has begun: forgets what was seen before, and learns whose session it is. */
export async function begin(): Promise<void> {
  await forget();
  await memory.query(sessionQuery);
}

export async function signOut(): Promise<void> {
  try {
    await answer(client.DELETE('/api/v1/session'));
  } catch (error) {
    // Whose session has ended already is signed out.
    if (!(error instanceof Problem && error.word === 'sign-in-needed')) {
      throw error;
    }
  }
  await forget();
  forgetDrafts();
  release();
}

/** Holds at once on this device, and for the person wherever they sign in next. */
export async function choose(change: Partial<Preferences>): Promise<void> {
  preferences.set(change);
  choices += 1;
  if (memory.getQueryData(sessionQuery.queryKey) !== undefined) {
    saving += 1;
    try {
      await answer(client.PUT('/api/v1/session/preferences', { body: preferences.get() }));
    } finally {
      saving -= 1;
      choices += 1;
    }
  }
}

/** What a one-time link is for. The secret goes into the body, so that no log of addresses holds it. */
export const linkQuery = (secret: string) =>
  queryOptions({
    queryKey: ['link', secret],
    queryFn: ({ signal }) => answer(client.POST('/api/v1/links/read', { body: { secret }, signal })),
    meta: { fleeting: true },
    staleTime: Infinity,
  });

export async function acceptLink(secret: string, password: string): Promise<void> {
  await answer(client.POST('/api/v1/links/accept', { body: { secret, password } }));
  await begin();
}
