/** Who is signed in, and what they may. Never decides a right: the server does; pages only do not offer what it refuses. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Answer, ApiError, call, takeToken } from './ask.ts';

export type SessionAnswer = Answer<'GET /session'>;
export type Role = SessionAnswer['role'];

const ROLES: readonly Role[] = ['viewer', 'analyst', 'approver', 'administrator'];

/** null: nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 5 * 60_000,
  queryFn: async (): Promise<SessionAnswer | null> => {
    try {
      const { body } = await call('GET /session');
      takeToken(body.csrf_token);
      return body;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

/** The session of a page behind the sign-in: there always is one. */
export function useSession(): SessionAnswer {
  const { data } = useQuery(sessionQuery);
  if (data === null || data === undefined) throw new Error('a page was drawn before anybody signed in');
  return data;
}

/** Whether the person has this role or one above it. */
export function useMay(role: Role): boolean {
  return ROLES.indexOf(useSession().role) >= ROLES.indexOf(role);
}

/** Ends the session and forgets everything that was shown. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await call('DELETE /session');
    queries.clear();
    location.assign('/sign-in');
  };
}
