/** A scorecard while it is edited, and what the host is told of it. */
import type { Scorecard, ScorecardSetting } from '../../../api/scorecards.ts';
import type { Entry } from './shares.ts';

export type Card = { dimensions: Scorecard['dimensions']; entries: Entry[] };

export const cardOf = ({ dimensions, indicators }: Scorecard): Card => ({
  dimensions,
  entries: indicators.map(({ indicator, dimension, share = 0, locked = false, trial = false }) => ({
    indicator,
    dimension,
    share,
    locked,
    held: false,
    trial,
  })),
});

export function settingOf(scorecard: Scorecard, card: Card, from: string): ScorecardSetting {
  return {
    title: scorecard.title,
    place: scorecard.place,
    from,
    dimensions: card.dimensions,
    indicators: card.entries.map(({ indicator, dimension, share, locked, trial }) => ({
      indicator,
      dimension,
      ...(trial ? { trial } : { share }),
      ...(locked && { locked }),
    })),
  };
}

/** What a signature would change, indicator by indicator. */
export type Change = { indicator: string; before: Entry | undefined; after: Entry | undefined };

export function changes(before: Card, after: Card): Change[] {
  const known = new Map(before.entries.map((entry) => [entry.indicator, entry]));
  const found: Change[] = [];
  for (const entry of after.entries) {
    const was = known.get(entry.indicator);
    known.delete(entry.indicator);
    const same =
      was?.share === entry.share &&
      was.locked === entry.locked &&
      was.trial === entry.trial &&
      was.dimension === entry.dimension;
    if (!same) {
      found.push({ indicator: entry.indicator, before: was, after: entry });
    }
  }
  for (const was of known.values()) {
    found.push({ indicator: was.indicator, before: was, after: undefined });
  }
  return found;
}

const sameDimensions = (one: Card, other: Card) =>
  one.dimensions.map(({ id }) => id).join(' ') === other.dimensions.map(({ id }) => id).join(' ');

export const isChanged = (before: Card, after: Card) =>
  changes(before, after).length > 0 || !sameDimensions(before, after);

const ID_MAX = 64;

/** An id of the form that the host takes, of a title in English; undefined where nothing of it can be used. */
export function idOf(title: string): string | undefined {
  const id = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, ID_MAX);
  return id === '' ? undefined : id;
}
