/**
 * The cookie of a browser that is sent to the provider, and all that must come back with it. It is made for this one journey:
 * unlike that of a session it is sent when the provider sends the browser back. Never of any use to sign in by itself.
 */
import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSecureRequest } from '../session-cookie.ts';
import type { SignInProof } from './oidc-provider.ts';

const NAME = 'evenstock_sign_in';

export function signInSecretOf(request: FastifyRequest, publicUrl: string | undefined): string | undefined {
  return request.cookies[isSecureRequest(request, publicUrl) ? `__Host-${NAME}` : NAME];
}

/** `secret` undefined: the browser forgets it. */
export function setSignInCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | undefined,
  secret: string | undefined,
  maxAgeMs = 0,
): void {
  const secure = isSecureRequest(request, publicUrl);
  const name = secure ? `__Host-${NAME}` : NAME;
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  if (secret === undefined) reply.clearCookie(name, options);
  else reply.setCookie(name, secret, { ...options, maxAge: Math.floor(maxAgeMs / 1_000) });
}

/** None of them tells the secret or one of the others. */
export function signInProof(secret: string): SignInProof {
  const of = (name: string): string => createHmac('sha256', secret).update(name).digest('base64url');
  return { state: of('state'), nonce: of('nonce'), codeVerifier: of('code verifier') };
}
