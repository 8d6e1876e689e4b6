/** What stands at the top of the day. */
import { expect, test } from 'vitest';
import type { DayCard, PersonDay } from '../src/api/day.ts';
import { storyOf } from '../src/pages/day/story.ts';

type Change = Partial<Pick<DayCard, 'share' | 'trial'>> & {
  points?: number;
  tone?: 'praise' | 'steady' | 'watch' | 'act';
};

function card(indicator: string, { points, tone = 'watch', ...change }: Change): DayCard {
  const said = { 'zh-CN': '句子', en: 'A sentence' };
  return {
    indicator,
    title: said,
    unit: '',
    higher_is_better: true,
    ceiling: 120,
    trial: false,
    share: 200_000,
    trend: [],
    score: {
      sequence: 1,
      period: '2026-06',
      stale: false,
      faulted: false,
      ...(points !== undefined && { points }),
    },
    sentence: {
      sequence: 2,
      narrated_on: '2026-06-24',
      text: said,
      tone,
      rule: 'r',
      items: [],
      next_step: said,
    },
    ...change,
  };
}

function day(...cards: DayCard[]): PersonDay {
  return {
    person: 'p',
    today: '2026-06-24',
    month: '2026-06',
    tasks: [],
    feedback: [],
    contributions: [],
    questions: { waiting: 0, answered: 0, newest: [] },
    dimensions: [{ cards }],
  };
}

const top = (...cards: DayCard[]) => {
  const story = storyOf(day(...cards));
  return story && [story.kind, story.card.indicator];
};

test('the indicator that costs most points of the composite is the one to help', () => {
  const small = card('small-share', { points: 10, share: 50_000 });
  const large = card('large-share', { points: 60, share: 400_000 });
  expect(top(small, large)).toEqual(['help', 'large-share']);
});

test('a trial never stands at the top, however bad it looks', () => {
  expect(top(card('trial', { points: 0, trial: true }), card('other', { points: 90 }))).toEqual([
    'help',
    'other',
  ]);
});

test('where nothing asks for help, the good news stand there', () => {
  expect(top(card('steady', { tone: 'steady' }), card('good', { tone: 'praise' }))).toEqual([
    'praise',
    'good',
  ]);
  expect(top(card('steady', { tone: 'steady' }))).toBeUndefined();
});
