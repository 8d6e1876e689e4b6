/** One indicator of one person, month by month, and what stands behind each of its scores. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';

export type IndicatorHistory = components['schemas']['IndicatorHistory'];
export type HistoryMonth = components['schemas']['HistoryMonth'];
export type HistoryShare = components['schemas']['HistoryShare'];
export type HistoryCause = components['schemas']['HistoryCause'];
export type SignedScorecard = components['schemas']['SignedScorecard'];
export type Score = components['schemas']['Score'];
export type Fact = components['schemas']['Fact'];
export type Receipt = components['schemas']['Receipt'];
export type Replay = components['schemas']['Replay'];

export const indicatorQuery = (person: string, indicator: string) =>
  queryOptions({
    queryKey: ['indicator', person, indicator],
    queryFn: ({ signal }) =>
      answer(
        client.GET('/api/v1/people/{person}/indicators/{indicator}', {
          params: { path: { person, indicator } },
          signal,
        }),
      ),
  });

/** Scores are never changed, so what was read of one stays right. */
export const scoreQuery = (sequence: number) =>
  queryOptions({
    queryKey: ['score', sequence],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/scores/{sequence}', { params: { path: { sequence } }, signal })),
    staleTime: Infinity,
  });

export const evidenceQuery = (sequence: number) =>
  queryOptions({
    queryKey: ['evidence', sequence],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/scores/{sequence}/evidence', { params: { path: { sequence } }, signal })),
    staleTime: Infinity,
    // Customers and documents of many facts: not kept on the device.
    meta: { fleeting: true },
  });

export const receiptQuery = (sequence: number) =>
  queryOptions({
    queryKey: ['receipt', sequence],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/scores/{sequence}/receipt', { params: { path: { sequence } }, signal })),
    staleTime: Infinity,
  });

/** Computes a score again from stored rows. Nothing is stored. */
export const replayScore = (sequence: number): Promise<Replay> =>
  answer(client.POST('/api/v1/scores/{sequence}/replay', { params: { path: { sequence } } }));
