/** The stream resumes after what it told, and a flood of news makes no flood of requests. */
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { follow, refresher } from '../src/live/stream.ts';

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
  const stream = follow(client, (address) => {
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
