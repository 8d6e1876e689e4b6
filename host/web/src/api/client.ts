/** The one way to the host: a client with the types of its OpenAPI document. */
import createClient from 'openapi-fetch';
import { note } from './connection.ts';
import type { paths } from './daybreak.ts';
import { Problem } from './problem.ts';

async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    note(true);
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    note(false);
    throw new Problem('unreachable');
  }
}

/** Requests go to the host that served the page. The session is a cookie that no script reads. */
export const client = createClient<paths>({ baseUrl: window.location.origin, fetch: reach });

/** The answer of a request, or the problem thrown. */
export async function answer<T>(
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await request;
  if (!response.ok) {
    throw Problem.of(response, error);
  }
  // An answer without content (204) has no data, and its type says so.
  return data as T;
}
