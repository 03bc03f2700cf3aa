/**
 * Signing in by the link of a demonstration: to this machine, as often as it is opened, until it ends with its server. Never a
 * way into a server that people work with: only one that was started with such a link knows any.
 */
import { timingSafeEqual } from 'node:crypto';
import { linkSchema, sessionSchema } from '../../contract/api/people.ts';
import { Failure } from '../../core/model/failure.ts';
import { getPerson } from '../../store/work/people.ts';
import { secretHash } from '../../store/work/secrets.ts';
import type { ApiContext, SignInLink } from '../api-context.ts';
import { beginSession } from '../begin-session.ts';
import { type Route, route } from '../route.ts';

const LOOPBACK = /^(127\.|::ffff:127\.|::1$)/;

export function sessionLinkRoutes(context: ApiContext): Route[] {
  return [
    route({
      tag: 'session',
      scope: 'none',
      method: 'POST',
      url: '/session/link',
      summary: 'Sign in with the token of the link that `evenstock demo` prints; any other server refuses it',
      role: 'public',
      idempotency: 'repeatable',
      perMinuteMax: 60,
      body: linkSchema,
      response: sessionSchema,
      handle: async (call) => {
        const { socket, log } = call.request;
        // The address of the connection itself: what a proxy says of it is no proof.
        const isHere = LOOPBACK.test(socket.remoteAddress ?? '');
        if (!isHere || !isValid(context, call.body.token)) {
          log.warn({ address: socket.remoteAddress }, 'somebody failed to sign in by a link');
          throw linkInvalid();
        }
        const { personId } = context.signInLink as SignInLink;
        const body = await beginSession(context, call, async (transaction) => {
          const person = await getPerson(transaction, personId);
          if (person.is_enabled !== 1) throw linkInvalid();
          return person;
        });
        return { body };
      },
    }),
  ];
}

function isValid({ signInLink, now }: ApiContext, token: string): boolean {
  if (signInLink === undefined || now() >= signInLink.endsAt) return false;
  return timingSafeEqual(Buffer.from(signInLink.secretHash), Buffer.from(secretHash(token)));
}

function linkInvalid(): Failure {
  return new Failure(
    'forbidden',
    'SIGN_IN_LINK_INVALID',
    'the sign-in link is unknown or too old, or was opened on another machine',
    'Run `evenstock demo` again for a new link; on any other server sign in with login and password.',
  );
}
