/** The session on pages for which one has to be signed in. */
import { useQuery } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import { sessionQuery, type Session } from '../api/session.ts';

export function useSession(): Session {
  return useSessionAsTold().session;
}

/** The newest session, and when the host told it (by the device's clock). */
export function useSessionAsTold(): { session: Session; told: number } {
  const { session } = useRouteContext({ from: '/signed-in' });
  const { data = session, dataUpdatedAt } = useQuery(sessionQuery);
  return { session: data, told: dataUpdatedAt };
}
