/** The ways to sign in that this host offers: a password, and in a demonstration one button for each role. */
import { queryOptions } from '@tanstack/react-query';
import type { Localized } from '../language/formats.ts';
import { forget } from './memory.ts';
import { Problem } from './problem.ts';

export type Role = 'employee' | 'manager' | 'hr-partner' | 'administrator';

export type DemoPerson = {
  person: string;
  name: string;
  position?: { id: string; title?: Localized };
  department?: { id: string; name: string };
  roles: Role[];
  reports: number;
};

export type Ways = { password: boolean; company?: { id: string; name: string }; demo: DemoPerson[] };

const PASSWORD_ONLY: Ways = { password: true, demo: [] };

export const waysQuery = queryOptions({
  queryKey: ['ways'],
  queryFn: async ({ signal }): Promise<Ways> => {
    const response = await fetch('/api/v1/session/ways', { signal });
    // A host of an earlier version knows passwords only.
    return response.ok ? ((await response.json()) as Ways) : PASSWORD_ONLY;
  },
  meta: { fleeting: true },
});

export async function signInAs(person: string): Promise<void> {
  const response = await fetch('/api/v1/session/demo', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person }),
  });
  if (!response.ok) {
    throw Problem.of(response, await response.json().catch(() => undefined));
  }
  await forget();
}
