/** Saying that a number is wrong: it reaches whoever answers for it, with the number attached. Asked, answered, closed. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';

export type Question = components['schemas']['Question'];

export type QuestionWithEntries = components['schemas']['QuestionWithEntries'];

/** Which questions: those that wait for the reader, those that the reader asked, or all that the reader sees. */
export type QuestionChoice = 'waiting' | 'mine' | 'all';

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

/** Questions on one page of a list. */
const PAGE = 30;

/** Most questions about one person's numbers that their pages show. */
const ABOUT_MAX = 100;

export const questionListQuery = (choice: QuestionChoice) =>
  infiniteQueryOptions({
    queryKey: ['questions', 'list', choice],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET('/api/v1/questions', {
          params: {
            query: {
              limit: PAGE,
              ...(choice === 'waiting' && { waiting: true }),
              ...(choice === 'mine' && { mine: true }),
              ...(pageParam !== '' && { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** The questions about a person's numbers that the reader may see, also about numbers that newer ones have replaced. */
export const questionsAboutQuery = (subject: string) =>
  queryOptions({
    queryKey: ['questions', 'about', subject],
    queryFn: async ({ signal }) => {
      const query = { subject, limit: ABOUT_MAX };
      const page = await answer(client.GET('/api/v1/questions', { params: { query }, signal }));
      return page.items;
    },
  });

export const questionQuery = (id: string) =>
  queryOptions({
    queryKey: ['questions', 'one', id],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/questions/{id}', { params: { path: { id } }, signal })),
  });

export const answerQuestion = (id: string, text: string, closes: boolean): Promise<QuestionWithEntries> =>
  answer(client.POST('/api/v1/questions/{id}/answers', { params: { path: { id } }, body: { text, closes } }));
