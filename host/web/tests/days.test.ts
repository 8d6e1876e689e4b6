import { expect, test } from 'vitest';
import { dayAfter, dayIn, endOfDay, isWholeDay } from '../src/language/days.ts';

test('a day ends when the clocks of the zone say so, also where they are changed', () => {
  expect(endOfDay('2026-06-24', 'Asia/Shanghai').toISOString()).toBe('2026-06-24T15:59:59.000Z');
  expect(endOfDay('2026-06-24', 'UTC').toISOString()).toBe('2026-06-24T23:59:59.000Z');
  expect(endOfDay('2026-03-29', 'Europe/Berlin').toISOString()).toBe('2026-03-29T21:59:59.000Z');
  expect(endOfDay('2026-03-28', 'Europe/Berlin').toISOString()).toBe('2026-03-28T22:59:59.000Z');
});

test('a moment lies on the day of the zone', () => {
  expect(dayIn('Asia/Shanghai', '2026-06-23T16:00:00Z')).toBe('2026-06-24');
  expect(dayIn('UTC', '2026-06-23T16:00:00Z')).toBe('2026-06-23');
  expect([dayAfter('2026-02-28'), dayAfter('2026-03-01', -1)]).toEqual(['2026-03-01', '2026-02-28']);
});

test('a day is whole when its year is typed to its end', () => {
  expect(['2026-06-24', '0202-06-24', ''].map(isWholeDay)).toEqual([true, false, false]);
});
