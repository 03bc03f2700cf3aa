/** Signing in and out, the first administrator, one's own password. Never says whether it was the login or the password. */
import type { z } from 'zod';
import { ownPasswordSchema, sessionSchema, setupSchema, signInSchema } from '../../contract/api/people.ts';
import { Failure } from '../../core/model/failure.ts';
import { forgiveAttempt, noteAttempt } from '../../store/work/login-throttle.ts';
import {
  createPerson,
  findPersonByLogin,
  getPerson,
  isOnlyPerson,
  loginOf,
  updatePerson,
} from '../../store/work/people.ts';
import { endSession, isKnownAddress } from '../../store/work/sessions.ts';
import { useSetupToken } from '../../store/work/setup-tokens.ts';
import type { ApiContext } from '../api-context.ts';
import { beginSession, type SessionDocument, sessionDocument } from '../begin-session.ts';
import { checkNewPassword, hashPassword, isPassword } from '../password.ts';
import { ApiProblem } from '../problem.ts';
import { type Call, type Route, route } from '../route.ts';
import { sessionSecretOf, setSessionCookie } from '../session-cookie.ts';

const NAMES = { tag: 'session', scope: 'none' } as const;

export function sessionRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...NAMES,
      method: 'POST',
      url: '/session',
      summary: 'Sign in; the answer sets the cookie of the session',
      role: 'public',
      idempotency: 'repeatable',
      perMinuteMax: 120,
      body: signInSchema,
      response: sessionSchema,
      handle: async (call) => ({ body: await signIn(context, call) }),
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: '/session',
      summary: 'Who sends this request, and what they may',
      role: 'viewer',
      response: sessionSchema,
      handle: async (call) => ({ body: await currentSession(context, call) }),
    }),
    route({
      ...NAMES,
      method: 'DELETE',
      url: '/session',
      summary: 'Sign out',
      role: 'viewer',
      idempotency: 'repeatable',
      status: 204,
      handle: async ({ request, reply, write }) => {
        const secret = sessionSecretOf(request, context.publicUrl);
        setSessionCookie(request, reply, context.publicUrl, undefined);
        return write(async (transaction) => {
          if (secret !== undefined) await endSession(transaction, secret);
          return {};
        });
      },
    }),
    route({
      ...NAMES,
      method: 'PUT',
      url: '/session/password',
      summary: "Change one's own password; all other sessions of the person end",
      role: 'viewer',
      idempotency: 'repeatable',
      perMinuteMax: 20,
      body: ownPasswordSchema,
      response: sessionSchema,
      handle: async (call) => ({ body: await changeOwnPassword(context, call) }),
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: '/setup',
      summary: 'Set up the first administrator with the token of the one-use link, and sign in',
      role: 'public',
      idempotency: 'repeatable',
      perMinuteMax: 20,
      body: setupSchema,
      status: 201,
      response: sessionSchema,
      handle: async (call) => ({ body: await setUp(context, call) }),
    }),
  ];
}

type CallWith<S extends z.ZodType> = Call<undefined, undefined, z.output<S>>;

async function signIn(context: ApiContext, call: CallWith<typeof signInSchema>): Promise<SessionDocument> {
  const { body, request } = call;
  const { db } = context.database;
  const login = loginOf(body.login);
  const person = await findPersonByLogin(db, login);
  const isKnown = person !== undefined && (await isKnownAddress(db, person.id, request.ip, context.now()));
  const attempt = { login, address: request.ip, isKnownAddress: isKnown };
  await noteOrRefuse(context, attempt);
  const isRight = await isPassword(person?.password_hash, body.password);
  if (!isRight || person === undefined || person.is_enabled !== 1) {
    request.log.warn({ login, address: request.ip }, 'somebody failed to sign in');
    throw new ApiProblem(401, 'SIGN_IN_FAILED', 'the login or the password is wrong');
  }
  return beginSession(context, call, async (transaction) => {
    await forgiveAttempt(transaction, attempt);
    return person;
  });
}

async function noteOrRefuse({ database, now }: ApiContext, attempt: Parameters<typeof noteAttempt>[1]): Promise<void> {
  const wait = await database.db.transaction().execute((transaction) => noteAttempt(transaction, attempt, now()));
  if (wait === undefined) return;
  throw new ApiProblem(429, 'SIGN_IN_TOO_OFTEN', 'too many attempts to sign in have failed', {
    headers: { 'retry-after': String(Math.ceil(wait / 1_000)) },
  });
}

async function currentSession(
  { database }: ApiContext,
  { principal, session }: Call<undefined, undefined, undefined>,
): Promise<SessionDocument> {
  if (session !== undefined) return sessionDocument(await getPerson(database.db, session.personId), session.csrfToken);
  const { actor, role, sites } = principal;
  return { actor, role, sites: sites === null ? null : [...sites], person: null, csrf_token: null };
}

async function changeOwnPassword(
  context: ApiContext,
  call: CallWith<typeof ownPasswordSchema>,
): Promise<SessionDocument> {
  const { body, session, request, by } = call;
  if (session === undefined) throw new ApiProblem(403, 'NO_PERSON', 'a key has no password');
  const person = await getPerson(context.database.db, session.personId);
  // Whoever sits down at an open session must not guess the password here either.
  const attempt = { login: person.login, address: request.ip, isKnownAddress: true };
  await noteOrRefuse(context, attempt);
  if (!(await isPassword(person.password_hash, body.current_password)))
    throw new ApiProblem(403, 'PASSWORD_WRONG', 'the current password is another one');
  checkNewPassword(body.new_password, person.login);
  const passwordHash = await hashPassword(body.new_password);
  return beginSession(context, call, async (transaction) => {
    await forgiveAttempt(transaction, attempt);
    return updatePerson(transaction, person.id, person.version, { passwordHash }, by, context.now());
  });
}

async function setUp(context: ApiContext, call: CallWith<typeof setupSchema>): Promise<SessionDocument> {
  const { token, login, name, password } = call.body;
  checkNewPassword(password, login);
  const passwordHash = await hashPassword(password);
  const person = {
    id: context.newId(),
    login,
    name,
    email: null,
    passwordHash,
    role: 'administrator',
    sites: null,
  } as const;
  const by = { actor: `person:${person.id}`, requestId: call.requestId };
  return beginSession(context, call, async (transaction) => {
    await useSetupToken(transaction, token, context.now());
    const row = await createPerson(transaction, person, by, context.now());
    if (await isOnlyPerson(transaction, row.id)) return row;
    throw new Failure('conflict', 'SET_UP_BEFORE', 'there is somebody who can sign in', 'Sign in.');
  });
}
