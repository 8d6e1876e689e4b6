/** Answers that are no success, by what they are. */
import { expect, test } from 'vitest';
import english from '../locales/en.ts';
import { Problem, PROBLEMS } from '../src/api/problem.ts';

const answered = (status: number) => new Response(null, { status });

test('a problem of the interface is known by its word', () => {
  const details = {
    type: 'urn:daybreak:problem:conflict',
    title: 'Conflict',
    status: 409,
    detail: 'Asked already.',
  };
  const problem = Problem.of(answered(409), details);
  expect([problem.word, problem.message, problem.passes]).toEqual(['conflict', 'Asked already.', false]);
});

test('what somebody else answers, and a word that is new, are unknown', () => {
  expect(Problem.of(answered(502), '<html>').word).toBe('unknown');
  expect(Problem.of(answered(400), { type: 'urn:daybreak:problem:newer' }).word).toBe('unknown');
});

test('every problem has its words', () => {
  for (const word of PROBLEMS) {
    expect(english.problems[word].title, word).toBeTruthy();
  }
});
