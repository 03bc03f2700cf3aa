/** A session begins: after the change that allows it, in its transaction; a session that the browser had before ends. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';
import type { z } from 'zod';
import type { sessionSchema } from '../contract/api/people.ts';
import type { WorkState } from '../store/database/work-state.ts';
import { sitesOf } from '../store/work/api-keys.ts';
import type { PersonRow } from '../store/work/people.ts';
import { createSession, endSession } from '../store/work/sessions.ts';
import type { ApiContext } from './api-context.ts';
import { personDocument } from './person-document.ts';
import { sessionSecretOf, setSessionCookie } from './session-cookie.ts';

export type SessionDocument = z.input<typeof sessionSchema>;

/** `change` says who signs in. The cookie is set once all of it is kept. */
export async function beginSession(
  { database, publicUrl, randomBytes, now }: ApiContext,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  change: (transaction: Transaction<WorkState>) => Promise<PersonRow>,
): Promise<SessionDocument> {
  const former = sessionSecretOf(request, publicUrl);
  const { person, secret, csrfToken } = await database.db.transaction().execute(async (transaction) => {
    const row = await change(transaction);
    if (former !== undefined) await endSession(transaction, former);
    return { person: row, ...(await createSession(transaction, row.id, request.ip, randomBytes(64), now())) };
  });
  setSessionCookie(request, reply, publicUrl, secret);
  reply.header('cache-control', 'no-store');
  request.log.info({ person: person.id, address: request.ip }, 'somebody signed in');
  return sessionDocument(person, csrfToken);
}

export function sessionDocument(person: PersonRow, csrfToken: string): SessionDocument {
  const document = personDocument(person);
  return {
    actor: `person:${person.id}`,
    role: document.role,
    sites: sitesOf(person.sites),
    person: document,
    csrf_token: csrfToken,
  };
}
