/** A growth map that is read in parts loses no event and calls no month empty that has not been read. */
import { expect, test } from 'vitest';
import { spanBefore, type GrowthMap } from '../src/api/growth.ts';
import { merged } from '../src/pages/growth/merged.ts';

const SHANGHAI = 'Asia/Shanghai';

function page(from: string, to: string, events: string[], left: boolean): GrowthMap {
  return {
    from,
    to,
    months: [{ month: to.slice(0, 7), scores: [] }],
    events: events.map((occurred_at, index) => ({
      sequence: 1_000 - index,
      type: 'contribution',
      kind: 'contribution',
      occurred_at,
      fields: {},
    })),
    events_left: left,
    crises: [],
    indicators: [],
  } as unknown as GrowthMap;
}

test('the next reading goes on with the day of the oldest event, as the company cuts days', () => {
  // It is the second of June in Shanghai already.
  const first = page('2025-07-01', '2026-06-24', ['2026-06-20T02:00:00Z', '2026-06-01T18:30:00Z'], true);
  expect(spanBefore(first, 1, SHANGHAI)).toEqual({ from: '2025-07-01', to: '2026-06-02' });
  expect(spanBefore(first, 1, 'Europe/Berlin')).toEqual({ from: '2025-07-01', to: '2026-06-01' });
});

test('a day that fills a whole reading is not read for ever', () => {
  const full = page('2025-07-01', '2026-06-02', ['2026-06-02T02:00:00Z'], true);
  expect(spanBefore(full, 2, SHANGHAI)).toEqual({ from: '2025-07-01', to: '2026-06-01' });
});

test('it is known from which moment on all events have been read', () => {
  const first = page('2025-07-01', '2026-06-24', ['2026-06-20T02:00:00Z', '2026-05-10T02:00:00Z'], true);
  expect(merged([first]).readFrom).toBe('2026-05-10T02:00:00Z');
  const rest = page('2025-07-01', '2026-05-10', ['2026-05-10T01:00:00Z'], false);
  expect(merged([first, rest]).readFrom).toBeUndefined();
});
