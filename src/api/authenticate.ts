/** Decides who sends a request: by its API key, or by the cookie of a session. Never decides what they may do. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { findKeyPrincipal } from '../store/work/api-keys.ts';
import type { Principal } from '../store/work/principal.ts';
import { findSession, type Session } from '../store/work/sessions.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './problem.ts';
import { sessionSecretOf } from './session-cookie.ts';

/** Nobody: may see nothing of any site. */
export const ANONYMOUS: Principal = { actor: 'anonymous', role: 'viewer', sites: [] };

export interface Identity {
  readonly principal: Principal;
  /** Of people who came with a cookie. */
  readonly session?: Session;
  /** A key that is not known: refused once it was counted, like any request. */
  readonly problem?: ApiProblem;
}

/** ANONYMOUS where the request names nobody, a session that is over, or a key that is not known. */
export async function authenticate(context: ApiContext, request: FastifyRequest): Promise<Identity> {
  const { authorization } = request.headers;
  const { db } = context.database;
  if (authorization === undefined) {
    const secret = sessionSecretOf(request, context.publicUrl);
    const session = secret === undefined ? undefined : await findSession(db, secret, context.now());
    return session === undefined ? { principal: ANONYMOUS } : { principal: session.principal, session };
  }
  const [, secret] = /^Bearer ([\w.~+/=-]{1,200})$/i.exec(authorization) ?? [];
  const principal = secret === undefined ? undefined : await findKeyPrincipal(db, secret, context.now());
  if (principal !== undefined) return { principal };
  const problem = new ApiProblem(401, 'KEY_UNKNOWN', 'the API key is unknown, revoked or past its end', {
    headers: { 'www-authenticate': 'Bearer' },
  });
  return { principal: ANONYMOUS, problem };
}

/**
 * Throws where a write may have been sent by another site's page with this browser's cookie: its Origin is another one, or it
 * lacks the token that only our own pages can read. Where nobody needs to be signed in, the cookie decides nothing. Keys are sent by programs, never by a browser of itself.
 */
export function checkSameSite(
  { publicUrl }: ApiContext,
  request: FastifyRequest,
  { session }: Identity,
  isPublic: boolean,
): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method) || request.headers.authorization !== undefined) return;
  const { origin } = request.headers;
  const own = [
    `${request.protocol}://${request.host}`,
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).origin]),
  ];
  if (origin !== undefined && !own.includes(origin))
    throw new ApiProblem(403, 'ORIGIN_FOREIGN', 'the request comes from the page of another site');
  if (session === undefined || isPublic) return;
  const given = request.headers['x-csrf-token'];
  if (typeof given === 'string' && isEqual(given, session.csrfToken)) return;
  throw new ApiProblem(403, 'CSRF_TOKEN_MISSING', 'the header x-csrf-token is missing or of another session', {
    action: 'Send csrf_token of GET /api/v1/session.',
  });
}

function isEqual(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}
