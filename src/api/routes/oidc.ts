/**
 * Signing in through an identity provider: away, and back. Decides that only the browser which was sent away may come back, once
 * and in time; never sends one to an address that is not ours.
 */
import { Readable } from 'node:stream';
import type { z } from 'zod';
import {
  oidcCallbackQuery,
  oidcLinkedSchema,
  oidcLinkSchema,
  oidcStartQuery,
  signInWaysSchema,
} from '../../contract/api/sign-in.ts';
import type { OidcSettings } from '../../contract/sign-in-configuration.ts';
import { type BegunSignIn, beginSignIn, SIGN_IN_MS_MAX, useSignIn } from '../../store/work/identities.ts';
import { hasPeople } from '../../store/work/people.ts';
import { SECRET_BYTES, secretHash, secretText } from '../../store/work/secrets.ts';
import { endSessionOf } from '../../store/work/sessions.ts';
import type { ApiContext } from '../api-context.ts';
import { beginSession } from '../begin-session.ts';
import { accessOf, type OidcAccess } from '../oidc/oidc-access.ts';
import { endAccess, signInPerson } from '../oidc/oidc-person.ts';
import { OidcProvider } from '../oidc/oidc-provider.ts';
import { returnPathOf } from '../oidc/return-path.ts';
import { setSignInCookie, signInProof, signInSecretOf } from '../oidc/sign-in-cookie.ts';
import { notSignedInPage, signedInPage } from '../oidc/sign-in-page.ts';
import { ApiProblem, apiProblemOf } from '../problem.ts';
import { type Answer, type Call, type Route, route } from '../route.ts';
import { sessionSecretOf } from '../session-cookie.ts';

const NAMES = { tag: 'session', scope: 'none' } as const;
const PER_MINUTE_MAX = 120;
const START = '/session/oidc';
const HTML = 'text/html; charset=utf-8';

type AnyCall = Call<unknown, unknown, unknown>;

export function oidcRoutes(context: ApiContext): Route[] {
  const door = new OidcDoor(context);
  return [
    route({
      ...NAMES,
      method: 'GET',
      url: '/session/ways',
      summary: 'Which ways of signing in there are',
      role: 'public',
      response: signInWaysSchema,
      handle: () => door.ways(),
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: START,
      summary: 'Sign in through the identity provider: sends the browser there',
      role: 'public',
      perMinuteMax: PER_MINUTE_MAX,
      query: oidcStartQuery,
      status: 302,
      handle: (call) => door.asPage(call, () => door.start(call, call.query.return_to)),
    }),
    route({
      ...NAMES,
      method: 'POST',
      url: START,
      summary: 'Link an account of the identity provider to the person who is signed in',
      role: 'viewer',
      idempotency: 'repeatable',
      perMinuteMax: PER_MINUTE_MAX,
      body: oidcLinkSchema,
      response: oidcLinkedSchema,
      handle: async (call) => {
        const { session, body } = call;
        if (session === undefined) throw new ApiProblem(403, 'NO_PERSON', 'a key has no account');
        return { body: { url: await door.sendAway(call, body.return_to, session.personId) } };
      },
    }),
    route({
      ...NAMES,
      method: 'GET',
      url: `${START}/callback`,
      summary: 'Where the identity provider sends the browser back to: a page that leads on',
      role: 'public',
      perMinuteMax: PER_MINUTE_MAX,
      query: oidcCallbackQuery,
      produces: ['text/html'],
      handle: (call) => door.asPage(call, () => door.comeBack(call, call.query)),
    }),
  ];
}

class OidcDoor {
  private readonly context: ApiContext;
  private readonly provider: OidcProvider;

  constructor(context: ApiContext) {
    this.context = context;
    this.provider = new OidcProvider(context);
  }

  async ways(): Promise<Answer<z.input<typeof signInWaysSchema>>> {
    const { configuration, database } = this.context;
    const { oidc } = configuration().configuration.sign_in ?? {};
    return {
      body: {
        is_set_up: await hasPeople(database.db),
        password: true,
        oidc: oidc === undefined ? null : { label: oidc.label, url: `/api/v1${START}` },
      },
      headers: { 'cache-control': 'no-store' },
    };
  }

  async start(call: AnyCall, returnTo: string): Promise<Answer<never>> {
    return { headers: { location: await this.sendAway(call, returnTo, null) } };
  }

  /** The address at the provider. `linkTo`: the person whose identity it shall be. */
  async sendAway({ request, reply }: AnyCall, returnTo: string, linkTo: string | null): Promise<string> {
    const { publicUrl, database, randomBytes, now } = this.context;
    const settings = this.settings();
    const path = returnPathOf(returnTo);
    if (path === undefined) throw new ApiProblem(400, 'RETURN_PATH_FOREIGN', 'return_to is no page of this server');
    const secret = secretText(randomBytes(SECRET_BYTES));
    const { href: redirectUri } = new URL(
      `/api/v1${START}/callback`,
      publicUrl ?? `${request.protocol}://${request.host}`,
    );
    const url = await this.provider.authorizationUrl(settings, redirectUri, signInProof(secret));
    const former = sessionSecretOf(request, publicUrl);
    const begun: BegunSignIn = {
      issuer: settings.issuer,
      redirect_uri: redirectUri,
      return_to: path,
      person_id: linkTo,
      session_hash: former === undefined ? null : secretHash(former),
    };
    await database.db.transaction().execute((transaction) => beginSignIn(transaction, secret, begun, now()));
    setSignInCookie(request, reply, publicUrl, secret, SIGN_IN_MS_MAX);
    reply.header('cache-control', 'no-store');
    return url;
  }

  async comeBack(call: AnyCall, { state }: z.output<typeof oidcCallbackQuery>): Promise<Answer<never>> {
    const { request, reply } = call;
    const { publicUrl, database, newId, now } = this.context;
    const settings = this.settings();
    reply.header('cache-control', 'no-store');
    const { proof, begun } = await this.begunBy(call, state);
    setSignInCookie(request, reply, publicUrl, undefined);
    if (begun.issuer !== settings.issuer) throw tooLate();
    const cameBack = new URL(begun.redirect_uri);
    cameBack.search = new URL(request.url, cameBack).search;
    const { identity, claims } = await this.provider.identityOf(settings, cameBack, proof);
    const access = accessOf(claims, settings);
    if (typeof access === 'string') {
      await database.db.transaction().execute((transaction) => endAccess(transaction, identity));
      throw withoutAccess(access);
    }
    await beginSession(this.context, call, async (transaction) => {
      const row = await signInPerson(transaction, {
        ...{ identity, claims, access, linkTo: begun.person_id, createsPeople: settings.creates_people },
        ...{ newId: newId(), requestId: call.requestId, now: now() },
      });
      if (begun.session_hash !== null) await endSessionOf(transaction, begun.session_hash);
      return row;
    });
    return { stream: Readable.from([signedInPage(begun.return_to)]), type: HTML };
  }

  /** Uses the journey up, unless somebody else's state came with the browser's cookie: then it may still end well. */
  private async begunBy({ request }: AnyCall, state: string | undefined) {
    const { publicUrl, database, now } = this.context;
    const secret = signInSecretOf(request, publicUrl);
    if (secret === undefined) throw tooLate();
    const proof = signInProof(secret);
    if (state !== proof.state) throw tooLate();
    const begun = await database.db.transaction().execute((transaction) => useSignIn(transaction, secret, now()));
    if (begun === undefined) throw tooLate();
    return { proof, begun };
  }

  /** People see a page; programs, and whoever does not say that pages are read, the problem. */
  async asPage<T>({ request, requestId }: AnyCall, answer: () => Promise<Answer<T>>): Promise<Answer<T>> {
    try {
      return await answer();
    } catch (error) {
      const problem = apiProblemOf(error);
      if (problem === undefined || !request.headers.accept?.includes('text/html')) throw error;
      const { status, headers } = problem;
      return { status, headers, stream: Readable.from([notSignedInPage(problem, requestId)]), type: HTML };
    }
  }

  private settings(): OidcSettings {
    const { oidc } = this.context.configuration().configuration.sign_in ?? {};
    if (oidc !== undefined) return oidc;
    throw new ApiProblem(404, 'OIDC_ABSENT', 'there is no identity provider', { action: 'Sign in with a password.' });
  }
}

function tooLate(): ApiProblem {
  return new ApiProblem(400, 'OIDC_SIGN_IN_UNKNOWN', 'this browser did not begin this sign-in, or too long ago', {
    action: 'Sign in again.',
  });
}

function withoutAccess(access: Exclude<OidcAccess | string, OidcAccess>): ApiProblem {
  const what = access === 'no-role' ? 'no role' : 'no site';
  return new ApiProblem(403, access === 'no-role' ? 'OIDC_NO_ROLE' : 'OIDC_NO_SITE', `your account has ${what} here`, {
    action: 'Ask whoever administers the identity provider.',
  });
}
