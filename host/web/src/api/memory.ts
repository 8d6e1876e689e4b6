/**
 * What was last seen, kept on this device, so that a page shows at once what is known and says how old it is, with or
 * without a connection. It is forgotten when somebody signs out or somebody else signs in, and never given to somebody else.
 */
import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { persistQueryClientRestore, persistQueryClientSubscribe } from '@tanstack/react-query-persist-client';
import { createStore, del, get, set } from 'idb-keyval';
import { isKept, KEPT, written } from './kept.ts';
import { owner } from './owner.ts';
import { Problem } from './problem.ts';

/** Shortest time between two writings, in milliseconds. */
const PAUSE = 250;

/** Raised when the form of what is kept changes: what an earlier version kept is then forgotten. */
const FORM = '1';

/** Attempts beside the first one, for problems that may pass. */
const ATTEMPTS_MORE = 2;

/** Called when the host says that nobody is signed in any more. */
let signedOut: () => void = () => undefined;

export function onSignedOut(then: () => void) {
  signedOut = then;
}

function observe(error: Error) {
  if (error instanceof Problem && error.word === 'sign-in-needed') {
    signedOut();
  }
}

export const memory = new QueryClient({
  queryCache: new QueryCache({ onError: observe }),
  mutationCache: new MutationCache({ onError: observe }),
  defaultOptions: {
    queries: {
      gcTime: KEPT,
      staleTime: 30_000,
      // Without a connection the first attempt fails at once and says so, instead of waiting for one in silence.
      networkMode: 'always',
      retry: (failures, error) =>
        failures < ATTEMPTS_MORE && error instanceof Problem && error.passes && error.word !== 'unreachable',
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

const store = createStore('daybreak', 'memory');

const persister = createAsyncStoragePersister({
  key: 'seen',
  throttleTime: PAUSE,
  serialize: written,
  storage: {
    getItem: (key) => get<string>(key, store),
    setItem: (key, text: string) => set(key, text, store),
    removeItem: (key) => del(key, store),
  },
});

const options = {
  queryClient: memory,
  persister,
  maxAge: KEPT,
  /** What another person's tab has written, even after somebody else has signed in, is not read. */
  get buster() {
    return `${FORM} ${owner() ?? ''}`;
  },
  dehydrateOptions: { shouldDehydrateQuery: isKept },
};

/** Reads what was kept. A device that keeps nothing begins with nothing. */
export async function remember(): Promise<void> {
  try {
    await persistQueryClientRestore(options);
  } catch {
    return;
  }
  persistQueryClientSubscribe(options);
}

/** Forgets everything that somebody has seen. */
export async function forget(): Promise<void> {
  memory.clear();
  try {
    await persister.removeClient();
  } catch {
    // A device that keeps nothing has nothing to forget.
  }
}
