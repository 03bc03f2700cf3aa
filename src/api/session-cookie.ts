/**
 * The cookie of a session. Over https its name begins with __Host-, which browsers take only from this very host, for all of
 * it, and never send in clear. Never readable by scripts.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'evenstock_session';

/** Whether the browser speaks https. `publicUrl` counts where a proxy speaks https for the server. */
export function isSecureRequest(request: FastifyRequest, publicUrl: string | undefined): boolean {
  return (publicUrl?.startsWith('https:') ?? false) || request.protocol === 'https';
}

export function sessionSecretOf(request: FastifyRequest, publicUrl: string | undefined): string | undefined {
  return request.cookies[isSecureRequest(request, publicUrl) ? `__Host-${NAME}` : NAME];
}

/** `secret` undefined: the browser forgets it. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | undefined,
  secret: string | undefined,
): void {
  const secure = isSecureRequest(request, publicUrl);
  const name = secure ? `__Host-${NAME}` : NAME;
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  if (secret === undefined) reply.clearCookie(name, options);
  else reply.setCookie(name, secret, options);
}
