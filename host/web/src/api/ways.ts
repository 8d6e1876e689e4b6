/** The ways to sign in that this host offers: a password, and in a demonstration one button for each role. */
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './daybreak.ts';
import { begin } from './session.ts';

export type DemoPerson = components['schemas']['DemonstrationPerson'];

export const waysQuery = queryOptions({
  queryKey: ['ways'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/session/ways', { signal })),
  meta: { fleeting: true },
});

export async function signInAs(person: string): Promise<void> {
  await answer(client.POST('/api/v1/session/demo', { body: { person } }));
  await begin();
}
