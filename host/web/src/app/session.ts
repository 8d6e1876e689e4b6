/** The session on pages for which one has to be signed in. */
import { useQuery } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import { sessionQuery, type Session } from '../api/session.ts';

export function useSession(): Session {
  const { session } = useRouteContext({ from: '/signed-in' });
  // The newest one, where it was read again since the page was opened.
  const { data = session } = useQuery(sessionQuery);
  return data;
}
