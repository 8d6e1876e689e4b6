/**
 * The stream of news (`GET /api/v1/events`). A browser lets few connections to one host stay open, so one tab holds the stream
 * and tells the others; when it is closed, another one goes on after the last number that was told. The browser connects again
 * by itself after a break; where it has given up, we do. As long as there is no stream, what is shown is asked for again now
 * and then.
 */
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { note as noteConnection } from '../api/connection.ts';
import { concerned, type News } from './news.ts';

const EVENTS = ['score', 'composite', 'alert', 'task', 'question'];

/** Waiting times before connecting again, in milliseconds; the last one holds from then on. */
const WAITS = [1_000, 2_000, 5_000, 15_000, 30_000];

/** The state of a stream that the browser has given up. */
const CLOSED = 2;

/** How often what is shown is asked for without a stream, in milliseconds. */
const ASKING = 30_000;

/** The name of the lock of the tab that holds the stream, and of the channel on which it tells the others. */
const NAME = 'daybreak.stream';

/** How long the tab with the stream has time to answer another one, in milliseconds. */
const ANSWER = 3_000;

export type Stream = { close(): void };

export type Connect = (address: string) => EventSource;

/** What becomes of the stream, and what comes with it. */
type Told = { what: 'begin' } | { what: 'reset' } | { what: 'lost' } | { what: 'news'; news: News };

/** What tabs tell each other: the same with the last number, and that one has just been opened. */
type Message = (Told & { last: number | undefined }) | { what: 'joined' };

const connectTo: Connect = (address) => new EventSource(address);

/** Follows what changes, through another tab where one does so already. */
export function follow(client: QueryClient, connect = connectTo): Stream {
  // Pages that come without encryption have no locks.
  return 'locks' in navigator && 'BroadcastChannel' in globalThis
    ? followTogether(client, connect)
    : followAlone(client, connect);
}

export function followAlone(client: QueryClient, connect = connectTo): Stream {
  const hearer = hear(client);
  const source = open(connect, undefined, hearer.hear);
  return {
    close() {
      source.close();
      hearer.close();
    },
  };
}

export function followTogether(client: QueryClient, connect = connectTo): Stream {
  const hearer = hear(client);
  const channel = new BroadcastChannel(NAME);
  let source: Stream | undefined;
  let last: number | undefined;
  let isThere = false;
  let isClosed = false;
  let answering: ReturnType<typeof setTimeout> | undefined;
  let queue = new AbortController();
  let leave: () => void = () => undefined;

  function tell(told: Told, number: number | undefined) {
    last = number ?? last;
    if (told.what !== 'news') {
      isThere = told.what !== 'lost';
    }
    hearer.hear(told);
    channel.postMessage({ ...told, last } satisfies Message);
  }

  /** Waits for its turn to hold the stream, or takes it from a tab that does not answer. */
  function hold(how: 'wait' | 'take') {
    queue.abort();
    queue = new AbortController();
    const mine = queue;
    const options = how === 'take' ? { steal: true } : { signal: mine.signal };
    const holding = navigator.locks.request(NAME, options, () => {
      source = open(connect, last, tell);
      return new Promise<void>((resolve) => {
        leave = resolve;
      });
    });
    holding.catch(() => {
      // Either this tab has stopped waiting, or another one has taken the stream.
      if (!isClosed && !mine.signal.aborted) {
        source?.close();
        source = undefined;
        hold('wait');
      }
    });
  }

  /** The system may have put the tab to sleep that holds the stream. Nobody who is looked at waits for it. */
  function ask() {
    channel.postMessage({ what: 'joined' } satisfies Message);
    clearTimeout(answering);
    answering = setTimeout(() => {
      if (source === undefined && document.visibilityState === 'visible') {
        hold('take');
      }
    }, ANSWER);
  }

  function askWhenSeen() {
    if (source === undefined && document.visibilityState === 'visible') {
      ask();
    }
  }

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.what !== 'joined') {
      clearTimeout(answering);
      last = data.last ?? last;
      hearer.hear(data);
    } else if (source !== undefined) {
      channel.postMessage({ what: isThere ? 'begin' : 'lost', last } satisfies Message);
    }
  };
  hold('wait');
  ask();
  document.addEventListener('visibilitychange', askWhenSeen);
  return {
    close() {
      isClosed = true;
      document.removeEventListener('visibilitychange', askWhenSeen);
      clearTimeout(answering);
      queue.abort();
      source?.close();
      leave();
      channel.close();
      hearer.close();
    },
  };
}

/** The stream itself, from the number on or from now on. */
function open(
  connect: Connect,
  after: number | undefined,
  tell: (told: Told, last: number | undefined) => void,
): Stream {
  let last = after;
  let failures = 0;
  let source: EventSource | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function note(event: MessageEvent) {
    const number = Number(event.lastEventId);
    if (event.lastEventId !== '' && Number.isSafeInteger(number)) {
      last = number;
    }
  }

  function start() {
    source = connect(last === undefined ? '/api/v1/events' : `/api/v1/events?after=${last}`);
    for (const what of ['begin', 'reset'] as const) {
      source.addEventListener(what, (event) => {
        failures = 0;
        note(event);
        tell({ what }, last);
      });
    }
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        note(event);
        tell({ what: 'news', news: JSON.parse(event.data as string) as News }, last);
      });
    }
    source.addEventListener('error', () => {
      tell({ what: 'lost' }, last);
      if (source?.readyState === CLOSED) {
        waiting = setTimeout(start, WAITS[Math.min(failures, WAITS.length - 1)]);
        failures += 1;
      }
    });
  }

  start();
  return {
    close() {
      clearTimeout(waiting);
      source?.close();
    },
  };
}

/** What one tab does about what it is told. */
function hear(client: QueryClient) {
  const refresh = refresher(client);
  let asking: ReturnType<typeof setInterval> | undefined;
  let hasBegun = false;

  function askMeanwhile() {
    if (asking === undefined) {
      const ask = () => void client.invalidateQueries({ refetchType: 'active' });
      asking = setInterval(ask, ASKING);
      // At once, too: that tells whether there is a connection at all.
      ask();
    }
  }

  function askNoMore() {
    clearInterval(asking);
    asking = undefined;
  }

  return {
    hear: (told: Told) => {
      switch (told.what) {
        case 'begin':
        case 'reset':
          askNoMore();
          noteConnection(true);
          if (told.what === 'reset') {
            void client.invalidateQueries();
          } else if (!hasBegun) {
            readOnceMore(client);
          }
          hasBegun = true;
          break;
        case 'lost':
          askMeanwhile();
          break;
        case 'news':
          refresh(concerned(told.news));
      }
    },
    close: askNoMore,
  };
}

/** Nobody tells what changed between a reading and the begin of the stream. */
function readOnceMore(client: QueryClient) {
  const underWay = client
    .getQueryCache()
    .findAll({ type: 'active', predicate: ({ state }) => state.data === undefined });
  void client.invalidateQueries({ refetchType: 'active' });
  if (underWay.length > 0) {
    void Promise.allSettled(underWay.map(({ promise }) => promise ?? Promise.resolve())).then(() =>
      client.invalidateQueries({ predicate: (query) => underWay.includes(query) }),
    );
  }
}

/**
 * Reads again what news concern. While a reading is under way, further news are collected and read in one go after it, so
 * that a hundred news in a second make no hundred requests and none is missed.
 */
export function refresher(client: QueryClient): (keys: QueryKey[]) => void {
  const pending = new Map<string, QueryKey>();
  let busy = false;
  async function work() {
    busy = true;
    while (pending.size > 0) {
      const keys = [...pending.values()];
      pending.clear();
      await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
    }
    busy = false;
  }
  return (keys) => {
    keys.forEach((key) => pending.set(JSON.stringify(key), key));
    if (!busy) {
      void work();
    }
  };
}
