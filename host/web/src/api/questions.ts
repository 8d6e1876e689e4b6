/** Saying that a number is wrong: it reaches whoever answers for it, with the number attached. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';

export type Question = components['schemas']['Question'];

/** The number that somebody asks about. */
export type Asked = { what: 'score' | 'composite'; sequence: number };

/** Longest text of a question, in characters. */
export const QUESTION_MAX = 2_000;

export async function ask({ what, sequence }: Asked, text: string): Promise<void> {
  const options = { params: { path: { sequence } }, body: { text } };
  await answer(
    what === 'score'
      ? client.POST('/api/v1/scores/{sequence}/questions', options)
      : client.POST('/api/v1/composites/{sequence}/questions', options),
  );
}

/** The questions about one number that the reader may see. */
export const questionsQuery = ({ what, sequence }: Asked) =>
  queryOptions({
    queryKey: ['questions', what, sequence],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/questions', { params: { query: { [what]: sequence } }, signal })),
  });
