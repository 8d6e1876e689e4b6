/**
 * The stream of news (`GET /api/v1/events`). The browser connects again by itself after a break, and the host goes on
 * after the last number it told; where the browser has given up, we connect again after that number. As long as there is no
 * stream, what is shown is asked for again now and then.
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

export type Stream = { close(): void };

export function follow(client: QueryClient, connect = (address: string) => new EventSource(address)): Stream {
  const refresh = refresher(client);
  let last: number | undefined;
  let failures = 0;
  let source: EventSource | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let asking: ReturnType<typeof setInterval> | undefined;

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

  function open() {
    source = connect(last === undefined ? '/api/v1/events' : `/api/v1/events?after=${last}`);
    source.addEventListener('begin', (event) => {
      failures = 0;
      askNoMore();
      noteConnection(true);
      note(event);
    });
    source.addEventListener('reset', (event) => {
      note(event);
      void client.invalidateQueries();
    });
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        note(event);
        refresh(concerned(JSON.parse(event.data as string) as News));
      });
    }
    source.addEventListener('error', () => {
      askMeanwhile();
      if (source?.readyState === CLOSED) {
        waiting = setTimeout(open, WAITS[Math.min(failures, WAITS.length - 1)]);
        failures += 1;
      }
    });
  }

  function note(event: MessageEvent) {
    const number = Number(event.lastEventId);
    if (event.lastEventId !== '' && Number.isSafeInteger(number)) {
      last = number;
    }
  }

  open();
  return {
    close() {
      clearTimeout(waiting);
      askNoMore();
      source?.close();
    },
  };
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
