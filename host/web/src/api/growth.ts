/** What somebody did, gave, got and reached over months, and how often they looked at it. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { dayAfter, dayIn } from '../language/days.ts';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';

export type GrowthMap = components['schemas']['GrowthMap'];
export type GrowthMonth = components['schemas']['GrowthMonth'];
export type Recognised = components['schemas']['Recognised'];
export type Radar = components['schemas']['Radar'];
export type SelfViews = components['schemas']['SelfViews'];
export type Composite = components['schemas']['CompositeWithReceipt'];

/** Days from one to another, both included; nothing for the twelve months that end today. */
type Span = { from: string; to: string } | undefined;

/** How many years back one can go. */
const YEARS_MAX = 5;

/** `zone`: that of the company, which cuts its days. */
export const growthQuery = (person: string, zone: string) =>
  infiniteQueryOptions({
    queryKey: ['growth', person],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET('/api/v1/people/{person}/growth', {
          params: { path: { person }, query: pageParam ?? {} },
          signal,
        }),
      ),
    initialPageParam: undefined as Span,
    getNextPageParam: (page, pages) => spanBefore(page, pages.length, zone),
  });

/** The rest of the same months where something was left out, else the twelve months before; nothing where there was nothing. */
export function spanBefore(page: GrowthMap, read: number, zone: string): Span {
  const oldest = page.events.at(-1);
  if (page.events_left && oldest !== undefined) {
    const day = dayIn(zone, oldest.occurred_at);
    // Where one day fills a whole reading, going on with the same day would read the same again for ever.
    const to = day < page.to ? day : dayAfter(day, -1);
    if (to >= page.from) {
      return { from: page.from, to };
    }
  }
  const isEmpty = page.months.every(({ composite, scores }) => !composite && scores.length === 0);
  if (isEmpty || read >= YEARS_MAX) {
    return undefined;
  }
  const to = new Date(`${page.from}T00:00:00Z`);
  to.setUTCDate(0);
  const from = new Date(Date.UTC(to.getUTCFullYear() - 1, to.getUTCMonth() + 1, 1));
  return { from: from.toISOString().slice(0, 10), to: to.toISOString().slice(0, 10) };
}

/** Counts one look at one's own map. Looks that follow each other closely count as one. */
export const countLook = (person: string) =>
  answer(client.POST('/api/v1/people/{person}/growth/views', { params: { path: { person } } }));

export const selfViewsQuery = (department: string | undefined) =>
  queryOptions({
    queryKey: ['self-views', department ?? ''],
    queryFn: ({ signal }) =>
      answer(
        client.GET('/api/v1/self-views', {
          params: { query: { weeks: 4, ...(department !== undefined && { department }) } },
          signal,
        }),
      ),
  });

export const compositeQuery = (sequence: number) =>
  queryOptions({
    queryKey: ['composite', sequence],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/composites/{sequence}', { params: { path: { sequence } }, signal })),
    staleTime: Infinity,
  });

export const replayComposite = (sequence: number) =>
  answer(client.POST('/api/v1/composites/{sequence}/replay', { params: { path: { sequence } } }));
