/** What a trend's picture holds: the target and the band whenever there are any, and the word of a trial. */
import { expect, test } from 'vitest';
import { formatsOf } from '../src/language/formats.ts';
import { trendOption, type Trend } from '../src/parts/chart/trend.ts';
import { chartColours } from '../src/theme/theme.ts';

const words = { title: 'Visits', target: 'Target', baseline: 'Baseline', trial: 'Trial', none: 'no value' };
const values = [
  { month: '2026-04', value: 12 },
  { month: '2026-05', value: undefined },
  { month: '2026-06', value: 20 },
];

function drawn(change: Partial<Trend> = {}) {
  const formats = formatsOf('en', 'UTC');
  return JSON.stringify(
    trendOption({ values, unit: '', ...change }, words, formats, chartColours('light'), true),
  );
}

test('a month without a value is a gap, never a nought', () => {
  expect(drawn()).toContain('{"value":null');
});

test('the target, the baseline and the band between them are drawn whenever they exist', () => {
  expect(drawn()).not.toContain('Target');
  expect(drawn({ target: 18 })).toContain('Target 18');
  const band = drawn({ baseline: 10, stretch: 25 });
  expect(band).toContain('Baseline 10');
  expect(band).toContain('[[{"yAxis":10},{"yAxis":25}]]');
});

test('a trial says so in the picture itself', () => {
  expect(drawn({ trial: true })).toContain('"text":"Trial"');
  expect(drawn()).not.toContain('"text":"Trial"');
});

test('nothing in the picture needs a style attribute', () => {
  expect(drawn()).toContain('"renderMode":"richText"');
});
