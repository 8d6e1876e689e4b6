/** Whatever is moved, locked, added or taken out: the shares of a scorecard total exactly 100 %, in whole millionths. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  apportion,
  isFree,
  moveDimension,
  moveShare,
  remove,
  room,
  roomOfDimension,
  setTrial,
  settle,
  total,
  WHOLE,
  type Entry,
} from '../src/pages/setup/scorecards/shares.ts';

function entry(indicator: string, percent: number, more: Partial<Entry> = {}): Entry {
  return {
    indicator,
    dimension: 'results',
    share: Math.round(percent * 10_000),
    locked: false,
    held: false,
    trial: false,
    ...more,
  };
}

const percents = (entries: Entry[] | undefined) => entries?.map(({ share }) => share / 10_000);

describe('apportioning', () => {
  test('gives what rounding leaves to the largest remainders', () => {
    expect(apportion([1, 1, 1], 100)).toEqual([34, 33, 33]);
    expect(apportion([5, 3, 1], 10)).toEqual([6, 3, 1]);
    expect(apportion([0, 0, 0, 0], 10)).toEqual([3, 3, 2, 2]);
    expect(apportion([0, 7], 10)).toEqual([0, 10]);
  });

  test('totals exactly the sum, and nothing is more than one off its due', () => {
    const weights = fc.array(fc.integer({ min: 0, max: WHOLE }), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: WHOLE }), (weights, sum) => {
        const parts = apportion(weights, sum);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(sum);
        const all = weights.reduce((a, b) => a + b, 0);
        parts.forEach((part, place) => {
          const due = all === 0 ? sum / weights.length : ((weights[place] ?? 0) * sum) / all;
          expect(Number.isInteger(part)).toBe(true);
          expect(Math.abs(part - due)).toBeLessThan(1);
        });
      }),
    );
  });
});

describe('moving a share', () => {
  const card = [entry('a', 55), entry('b', 30), entry('c', 15)];

  test('scales the others', () => {
    expect(percents(moveShare(card, 'c', 300_000))).toEqual([45.2941, 24.7059, 30]);
  });

  test('leaves what is locked or held, and goes no further than there is room', () => {
    const locked = [entry('a', 55), entry('b', 30, { locked: true }), entry('c', 15)];
    expect(percents(moveShare(locked, 'c', 300_000))).toEqual([40, 30, 30]);
    expect(percents(moveShare(locked, 'c', WHOLE))).toEqual([0, 30, 70]);
    expect(room(locked, 'c')).toEqual({ from: 0, to: 700_000 });
    const held = [entry('a', 55, { held: true }), entry('b', 30, { held: true }), entry('c', 15)];
    expect(room(held, 'c')).toEqual({ from: 150_000, to: 150_000 });
    expect(percents(moveShare(held, 'c', 500_000))).toEqual([55, 30, 15]);
  });

  test('brings back those that were at nought, each the same', () => {
    const card = [entry('a', 100), entry('b', 0), entry('c', 0)];
    expect(percents(moveShare(card, 'a', 400_000))).toEqual([40, 30, 30]);
  });

  test('does nothing to one on trial', () => {
    const card = [entry('a', 100), entry('t', 0, { trial: true })];
    expect(moveShare(card, 't', 500_000)).toBe(card);
    expect(percents(moveShare(card, 'a', 500_000))).toEqual([100, 0]);
  });
});

describe('moving a dimension', () => {
  const card = [
    entry('a', 40),
    entry('b', 20),
    entry('c', 25, { dimension: 'service' }),
    entry('d', 15, { dimension: 'service', locked: true }),
  ];

  test('scales inside it and outside it', () => {
    expect(percents(moveDimension(card, 'service', 550_000))).toEqual([30, 15, 40, 15]);
    expect(roomOfDimension(card, 'service')).toEqual({ from: 150_000, to: WHOLE });
    expect(percents(moveDimension(card, 'service', 0))).toEqual([56.6667, 28.3333, 0, 15]);
  });

  test('cannot be done where nothing else could change', () => {
    const alone = [entry('a', 60), entry('b', 40)];
    expect(roomOfDimension(alone, 'results')).toEqual({ from: WHOLE, to: WHOLE });
    expect(percents(moveDimension(alone, 'results', 500_000))).toEqual([60, 40]);
  });
});

describe('coming and going', () => {
  test('the first one has everything, the next one nothing yet', () => {
    const first = add([], 'a', 'results');
    expect(percents(first)).toEqual([100]);
    expect(percents(add(first, 'b', 'results'))).toEqual([100, 0]);
  });

  test('what one leaves goes to the others', () => {
    const card = [entry('a', 50), entry('b', 30), entry('c', 20)];
    expect(percents(remove(card, 'a'))).toEqual([60, 40]);
    expect(percents(setTrial(card, 'a', true))).toEqual([0, 60, 40]);
  });

  test('is refused where nothing could take the share', () => {
    const card = [entry('a', 50), entry('b', 50, { locked: true })];
    expect(remove(card, 'a')).toBeUndefined();
    expect(setTrial(card, 'a', true)).toBeUndefined();
    expect(settle([])).toBeUndefined();
  });
});

describe('whatever is done', () => {
  const place = fc.nat({ max: 7 });
  const step = fc.oneof(
    fc.record({
      what: fc.constant('move' as const),
      place,
      to: fc.integer({ min: -50_000, max: 1_100_000 }),
    }),
    fc.record({
      what: fc.constant('dimension' as const),
      place,
      to: fc.integer({ min: -1, max: WHOLE + 1 }),
    }),
    fc.record({ what: fc.constant('lock' as const), place, to: fc.nat() }),
    fc.record({ what: fc.constant('hold' as const), place, to: fc.nat() }),
    fc.record({ what: fc.constant('trial' as const), place, to: fc.nat({ max: 1 }) }),
    fc.record({ what: fc.constant('remove' as const), place, to: fc.nat() }),
    fc.record({ what: fc.constant('add' as const), place, to: fc.nat({ max: 2 }) }),
  );
  const dimensions = ['results', 'service', 'teamwork'];

  test('the total is exactly 100 %, nothing is negative, and what does not move stays', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let card = add([], 'i0', 'results');
        let made = 1;
        for (const { what, place, to } of steps) {
          const before = card;
          const at = card[place % card.length];
          if (at === undefined) {
            throw new Error('a card is never empty');
          }
          const toggled = (key: 'locked' | 'held') =>
            card.map((entry) => (entry === at && !entry.trial ? { ...entry, [key]: !entry[key] } : entry));
          switch (what) {
            case 'move':
              card = moveShare(card, at.indicator, to);
              break;
            case 'dimension':
              card = moveDimension(card, dimensions[place % 3] ?? '', to);
              break;
            case 'lock':
              card = toggled('locked');
              break;
            case 'hold':
              card = toggled('held');
              break;
            case 'trial':
              card = setTrial(card, at.indicator, to === 1) ?? card;
              break;
            case 'remove':
              card = remove(card, at.indicator) ?? card;
              break;
            case 'add':
              card = add(card, `i${made}`, dimensions[to] ?? '');
              made += 1;
              break;
          }
          expect(total(card)).toBe(WHOLE);
          for (const entry of card) {
            expect(Number.isInteger(entry.share) && entry.share >= 0).toBe(true);
            expect(entry.trial && entry.share > 0).toBe(false);
            const was = before.find(({ indicator }) => indicator === entry.indicator);
            const isMoved = what === 'move' || what === 'trial' ? entry.indicator === at.indicator : false;
            if (was !== undefined && !isFree(was) && !isMoved) {
              expect(entry.share).toBe(was.share);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
