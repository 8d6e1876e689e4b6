/** What the day is about: which of all the sentences stands at the top. Pure, so that it can be read and tested by itself. */
import type { DayCard, PersonDay } from '../../api/day.ts';

export type Story = { kind: 'help' | 'praise'; card: DayCard };

type Weighted = { card: DayCard; loss: number };

/** Points that are still to be had, times how much they count; what has no goal or counts nowhere loses nothing. */
function lossOf(card: DayCard): number {
  const points = card.score?.points;
  return points == null || card.share == null || card.trial ? 0 : Math.max(100 - points, 0) * card.share;
}

/**
 * The indicator where one step would help most: of those whose sentence asks to look or to act and says what to do, the one
 * that costs most points of the composite. Where there is none, the best news.
 */
export function storyOf(day: PersonDay): Story | undefined {
  const cards = day.dimensions.flatMap(({ cards }) => cards).filter(({ trial }) => !trial);
  const urgent = cards
    .filter(({ sentence }) => sentence?.next_step && (sentence.tone === 'act' || sentence.tone === 'watch'))
    .map((card): Weighted => ({ card, loss: lossOf(card) }))
    .sort((one, other) => other.loss - one.loss);
  const first = urgent[0];
  if (first !== undefined) {
    return { kind: 'help', card: first.card };
  }
  const good = cards.find(({ sentence }) => sentence?.tone === 'praise');
  return good && { kind: 'praise', card: good };
}
