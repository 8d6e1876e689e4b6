/** Numbers, days and shares as each language writes them, in the company's zone. */
import { expect, test } from 'vitest';
import { aheadBy } from '../src/app/company.ts';
import { formatsOf } from '../src/language/formats.ts';

const zh = formatsOf('zh-CN', 'Asia/Shanghai');
const en = formatsOf('en', 'Asia/Shanghai');

test('shares are told in percent, with as many digits as they need', () => {
  expect(en.share(288_235)).toBe('28.8%');
  expect(zh.share(150_000)).toBe('15%');
});

test('a difference has its sign, and a minus is a minus', () => {
  expect(en.difference(1.24)).toBe('+1.2');
  expect(zh.difference(-4.1)).toBe('−4.1');
  expect(en.difference(0)).toBe('0.0');
});

test('a moment is told in the zone of the company, a day in none', () => {
  expect(zh.moment('2026-06-24T17:30:00Z')).toBe('2026年6月25日 01:30');
  expect(en.day('2026-06-24')).toBe('Jun 24, 2026');
  expect(zh.month('2026-06')).toBe('2026年6月');
  expect(en.month('2026-Q2')).toBe('2026-Q2');
});

test('an age is told in the largest unit that fits', () => {
  const now = Date.parse('2026-06-24T12:00:00Z');
  expect(en.ago('2026-06-24T09:00:00Z', now)).toBe('3 hours ago');
  expect(zh.ago('2026-06-22T09:00:00Z', now)).toBe('前天');
  expect(en.ago('2026-06-24T15:00:00Z', now)).toBe('this minute');
});

test('names of units stand apart from their numbers, and texts come in the language', () => {
  expect(en.value(12_500, 'CNY')).toBe('12,500 CNY');
  expect(en.value(3, '')).toBe('3');
  expect(zh.text({ 'zh-CN': '拜访', en: 'Visits' })).toBe('拜访');
  expect(zh.text({ en: 'Visits' })).toBe('Visits');
});

test('a demonstration that lies in the past tells ages in its own time', () => {
  const told = Date.parse('2026-11-26T18:00:00Z');
  expect(aheadBy('2026-06-24', 'Asia/Shanghai', told)).toBe(-156 * 86_400_000);
  // The company's day may have begun already where the device's has not.
  expect(aheadBy('2026-11-27', 'Asia/Shanghai', told)).toBe(0);
});
