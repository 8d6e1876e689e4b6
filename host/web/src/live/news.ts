/**
 * What changes, as it changes: one stream for all that this tab shows. An event says what is different and about whom;
 * here it is turned into the queries that are read again. A page adds the keys of its queries to `concerned`.
 */
import type { QueryKey } from '@tanstack/react-query';
import type { components } from '../api/daybreak.ts';

export type News = components['schemas']['News'];

/** The keys of all queries that the news concerns; a key means every query that begins with it. */
export function concerned(news: News): QueryKey[] {
  switch (news.what) {
    case 'score':
      return [
        ['day', news.subject],
        ['indicator', news.subject, news.indicator],
        ['growth', news.subject],
        ['team'],
      ];
    case 'composite':
      return [['day', news.subject], ['indicator', news.subject], ['growth', news.subject], ['team']];
    case 'alert':
      return [['alerts'], ['team']];
    case 'task':
      return [['day'], ['tasks'], ['team']];
    case 'question':
      return [['questions'], ['day']];
    default:
      // A kind that a later host knows: it concerns nothing that these pages show.
      return [];
  }
}
