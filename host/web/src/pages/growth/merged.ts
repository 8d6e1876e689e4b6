import type { GrowthMap, Recognised } from '../../api/growth.ts';

export type Merged = Pick<GrowthMap, 'months' | 'events' | 'crises' | 'indicators'> & {
  /** Where not all events have been read yet: the moment of the oldest that has. */
  readFrom: string | undefined;
};

/** Several readings of one map as one, the newest first. Readings may overlap by a day. */
export function merged(pages: GrowthMap[]): Merged {
  const months = new Map(pages.flatMap((page) => page.months).map((month) => [month.month, month]));
  const events = new Map<number, Recognised>(
    pages.flatMap((page) => page.events).map((event) => [event.sequence, event]),
  );
  const crises = new Map(pages.flatMap((page) => page.crises).map((crisis) => [crisis.circumstance, crisis]));
  const indicators = new Map(
    pages.flatMap((page) => page.indicators).map((indicator) => [indicator.indicator, indicator]),
  );
  const last = pages.at(-1);
  return {
    readFrom: last?.events_left === true ? last.events.at(-1)?.occurred_at : undefined,
    months: [...months.values()].sort((a, b) => b.month.localeCompare(a.month)),
    events: [...events.values()].sort(
      (a, b) => Date.parse(b.occurred_at) - Date.parse(a.occurred_at) || b.sequence - a.sequence,
    ),
    crises: [...crises.values()].sort((a, b) => b.from.localeCompare(a.from)),
    indicators: [...indicators.values()],
  };
}
