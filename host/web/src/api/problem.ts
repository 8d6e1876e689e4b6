/** What can go wrong between the pages and the host (RFC 9457), by the word that its type ends with. */
import type { components } from './daybreak.ts';

export type ProblemDetails = components['schemas']['Problem'];

export const PROBLEMS = [
  'malformed',
  'sign-in-needed',
  'foreign-page',
  'not-found',
  'method-not-allowed',
  'conflict',
  'too-large',
  'media-type',
  'refused',
  'too-many-requests',
  'internal',
  'too-slow',
  'unavailable',
  /** No answer at all: no connection, or the host is not there. */
  'unreachable',
  /** An answer that is no problem of the interface: a proxy's, for example. */
  'unknown',
] as const;

export type ProblemWord = (typeof PROBLEMS)[number];

const PREFIX = 'urn:daybreak:problem:';

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly word: ProblemWord;
  readonly status: number | undefined;
  readonly details: ProblemDetails | undefined;

  constructor(word: ProblemWord, status?: number, details?: ProblemDetails) {
    super(details?.detail ?? word);
    this.word = word;
    this.status = status;
    this.details = details;
  }

  /** Of an answer that is no success. */
  static of(response: Response, body: unknown): Problem {
    const details = isDetails(body) ? body : undefined;
    const word = PROBLEMS.find((word) => details?.type === PREFIX + word);
    return new Problem(word ?? 'unknown', response.status, details);
  }

  /** Whether the same request may succeed later. */
  get passes(): boolean {
    return ['too-many-requests', 'internal', 'too-slow', 'unavailable', 'unreachable', 'unknown'].includes(
      this.word,
    );
  }
}

function isDetails(body: unknown): body is ProblemDetails {
  return typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string';
}
