/** The stream resumes after what it told, one for all tabs, and a flood of news makes no flood of requests. */
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi, type Mock } from 'vitest';
import { followAlone, followTogether, refresher, type Stream } from '../src/live/stream.ts';

class FakeSource extends EventTarget {
  readyState = 1;
  readonly address: string;

  constructor(address: string) {
    super();
    this.address = address;
  }

  tell(name: string, id: number, data: object) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: String(id) }));
  }

  breakOff() {
    this.readyState = 2;
    this.dispatchEvent(new Event('error'));
  }

  close() {
    this.readyState = 2;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function followed() {
  const client = new QueryClient();
  const read = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
  const sources: FakeSource[] = [];
  const stream = followAlone(client, (address) => {
    const source = new FakeSource(address);
    sources.push(source);
    return source as unknown as EventSource;
  });
  return { sources, read, stream };
}

test('a stream that was given up is opened again after the last number', () => {
  const { sources } = followed();
  expect(sources[0]?.address).toBe('/api/v1/events');
  sources[0]?.tell('begin', 40, { sequence: 40 });
  sources[0]?.tell('task', 41, { what: 'task', sequence: 41, task: 't' });
  sources[0]?.breakOff();
  vi.advanceTimersByTime(1_000);
  expect(sources[1]?.address).toBe('/api/v1/events?after=41');
});

test('without a stream, what is shown is asked for now and then, and no longer once there is one', () => {
  const { sources, read } = followed();
  sources[0]?.breakOff();
  vi.advanceTimersByTime(31_000);
  expect(read).toHaveBeenCalledWith({ refetchType: 'active' });
  sources.at(-1)?.tell('begin', 1, { sequence: 1 });
  read.mockClear();
  vi.advanceTimersByTime(120_000);
  expect(read).not.toHaveBeenCalled();
});

test('a closed stream is not opened again', () => {
  const { sources, stream } = followed();
  sources[0]?.breakOff();
  stream.close();
  vi.advanceTimersByTime(120_000);
  expect(sources).toHaveLength(1);
});

test('whoever was away for too long reads everything anew', () => {
  const { sources, read } = followed();
  sources[0]?.tell('reset', 9, { sequence: 9 });
  expect(read).toHaveBeenCalledWith();
});

test('what changed before the stream began is read once more, when it begins and not again after a break', async () => {
  const { sources, read } = followed();
  sources[0]?.tell('begin', 40, { sequence: 40 });
  expect(read).toHaveBeenCalledExactlyOnceWith({ refetchType: 'active' });
  await vi.advanceTimersByTimeAsync(0);
  read.mockClear();
  sources[0]?.tell('begin', 41, { sequence: 41 });
  expect(read).not.toHaveBeenCalled();
});

test('a reset is a begin: nothing is asked for now and then any more', () => {
  const { sources, read } = followed();
  sources[0]?.breakOff();
  vi.advanceTimersByTime(1_000);
  sources[1]?.tell('reset', 9, { sequence: 9 });
  read.mockClear();
  vi.advanceTimersByTime(120_000);
  expect(read).not.toHaveBeenCalled();
});

describe('several tabs', () => {
  /** What a tab hears, and the streams that it has opened. */
  type Tab = { stream: Stream; sources: FakeSource[]; read: Mock };

  let locks: FakeLocks;
  let channels: FakeChannel[];

  /** Gives one lock to one after the other, in the order in which they asked. */
  class FakeLocks {
    private waiting: (() => void)[] = [];
    private holder: ((reason: Error) => void) | undefined;

    request = (_: string, { signal, steal }: LockOptions, work: () => Promise<unknown>) =>
      new Promise((resolve, reject) => {
        const begin = () => {
          this.holder = reject;
          void work().then((done) => {
            resolve(done);
            if (this.holder === reject) {
              this.holder = undefined;
              this.waiting.shift()?.();
            }
          });
        };
        signal?.addEventListener('abort', () => {
          this.waiting = this.waiting.filter((one) => one !== begin);
          reject(new Error('no longer wanted'));
        });
        if (steal === true) {
          this.holder?.(new Error('taken'));
        }
        if (steal === true || this.holder === undefined) {
          begin();
        } else {
          this.waiting.push(begin);
        }
      });
  }

  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor() {
      channels.push(this);
    }
    postMessage(data: unknown) {
      channels.filter((other) => other !== this).forEach((other) => other.onmessage?.({ data }));
    }
    close() {
      channels = channels.filter((other) => other !== this);
    }
  }

  beforeEach(() => {
    locks = new FakeLocks();
    channels = [];
    vi.stubGlobal('navigator', { locks, onLine: true });
    vi.stubGlobal('BroadcastChannel', FakeChannel);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  function tab(): Tab {
    const client = new QueryClient();
    const read = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
    const sources: FakeSource[] = [];
    const stream = followTogether(client, (address) => {
      const source = new FakeSource(address);
      sources.push(source);
      return source as unknown as EventSource;
    });
    return { stream, sources, read };
  }

  test('one of them holds the stream and tells the others', () => {
    const [first, second] = [tab(), tab()];
    expect([first.sources.length, second.sources.length]).toEqual([1, 0]);
    first.sources[0]?.tell('begin', 40, { sequence: 40 });
    expect(second.read).toHaveBeenCalledWith({ refetchType: 'active' });
    first.sources[0]?.tell('question', 41, { what: 'question', sequence: 41, question: 'q' });
    expect(first.read).toHaveBeenCalledWith({ queryKey: ['questions'] });
    expect(second.read).toHaveBeenCalledWith({ queryKey: ['questions'] });
  });

  test('one that is opened later learns that there is a stream, and loses nothing from before', () => {
    const first = tab();
    first.sources[0]?.tell('begin', 40, { sequence: 40 });
    const second = tab();
    expect(second.read).toHaveBeenCalledExactlyOnceWith({ refetchType: 'active' });
  });

  test('when it is closed, another one goes on after the last number', async () => {
    const [first, second] = [tab(), tab()];
    first.sources[0]?.tell('begin', 40, { sequence: 40 });
    first.sources[0]?.tell('task', 41, { what: 'task', sequence: 41, task: 't' });
    first.stream.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(second.sources.map(({ address }) => address)).toEqual(['/api/v1/events?after=41']);
  });

  test('from a tab that sleeps the stream is taken, once, and given back to the queue', async () => {
    const [first, second] = [tab(), tab()];
    first.sources[0]?.tell('begin', 40, { sequence: 40 });
    const sleeping = channels[0];
    const hearing = sleeping?.onmessage ?? null;
    if (sleeping) {
      sleeping.onmessage = null;
    }
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(second.sources.map(({ address }) => address)).toEqual(['/api/v1/events?after=40']);
    // Once it wakes, it has closed its own and listens.
    if (sleeping) {
      sleeping.onmessage = hearing;
    }
    expect(first.sources[0]?.readyState).toBe(2);
    second.sources[0]?.tell('task', 41, { what: 'task', sequence: 41, task: 't' });
    expect(first.read).toHaveBeenCalledWith({ queryKey: ['tasks'] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(first.sources).toHaveLength(1);
    second.stream.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(first.sources.map(({ address }) => address)).toEqual([
      '/api/v1/events',
      '/api/v1/events?after=41',
    ]);
  });

  test('a stream that breaks off lets all of them ask now and then', () => {
    const [first, second] = [tab(), tab()];
    first.sources[0]?.tell('begin', 40, { sequence: 40 });
    second.read.mockClear();
    first.sources[0]?.breakOff();
    vi.advanceTimersByTime(30_000);
    expect(second.read).toHaveBeenCalledTimes(2);
  });
});

test('a score concerns the day of its subject and nobody else', () => {
  const { sources, read } = followed();
  const score = {
    what: 'score',
    sequence: 2,
    subject_kind: 'employee',
    subject: 'li-na',
    indicator: 'hours',
    period: '2026-06',
  };
  sources[0]?.tell('score', 2, score);
  expect(read).toHaveBeenCalledWith({ queryKey: ['day', 'li-na'] });
  expect(read).not.toHaveBeenCalledWith({ queryKey: ['day'] });
});

test('a hundred news while one reading is under way make one more reading', async () => {
  const client = new QueryClient();
  let finish: () => void = () => undefined;
  const read = vi.spyOn(client, 'invalidateQueries').mockImplementation(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  const refresh = refresher(client);
  refresh([['day', 'li-na']]);
  for (let index = 0; index < 100; index += 1) {
    refresh([['day', 'li-na']]);
  }
  expect(read).toHaveBeenCalledTimes(1);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(read).toHaveBeenCalledTimes(2);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(read).toHaveBeenCalledTimes(2);
});
