/**
 * Speaks with the identity provider: where to send a browser, and who came back. Decides what of its answers can be trusted;
 * never what somebody may do.
 */
import type { Configuration } from 'openid-client';
import type { OidcSettings } from '../../contract/sign-in-configuration.ts';
import type { Identity } from '../../store/work/identities.ts';
import type { ApiLog } from '../api-context.ts';
import { ApiProblem } from '../problem.ts';
import { type Claims, saysAccess } from './oidc-access.ts';

/** What only the browser that was sent away can bring back, or prove. */
export interface SignInProof {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE: a code that somebody else caught is worth nothing without it. */
  readonly codeVerifier: string;
}

export interface ProvenIdentity {
  readonly identity: Identity;
  readonly claims: Claims;
}

const TIMEOUT_S = 10;
/** Addresses and keys of a provider change seldom, and never without a notice of hours. */
const METADATA_MS = 3_600_000;
const SUBJECT_LENGTH_MAX = 255;

export class OidcProvider {
  private readonly log: ApiLog;
  private readonly now: () => number;
  private found: { readonly of: string; readonly until: number; readonly client: Promise<Configuration> } | undefined;

  constructor({ log, now }: { readonly log: ApiLog; readonly now: () => number }) {
    this.log = log;
    this.now = now;
  }

  async authorizationUrl(settings: OidcSettings, redirectUri: string, proof: SignInProof): Promise<string> {
    const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
    const client = await this.clientOf(settings);
    return buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope: [...new Set(['openid', ...settings.scopes])].join(' '),
      state: proof.state,
      nonce: proof.nonce,
      code_challenge: await calculatePKCECodeChallenge(proof.codeVerifier),
      code_challenge_method: 'S256',
    }).href;
  }

  /** Throws where the provider declines, or where what came back is not what it would have sent. `cameBack` has its query. */
  async identityOf(settings: OidcSettings, cameBack: URL, proof: SignInProof): Promise<ProvenIdentity> {
    const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client');
    const client = await this.clientOf(settings);
    try {
      const tokens = await authorizationCodeGrant(client, cameBack, {
        expectedState: proof.state,
        expectedNonce: proof.nonce,
        pkceCodeVerifier: proof.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims() as Claims & { readonly iss: string; readonly sub: string };
      // Some providers answer for many tenants under one address; only the one that was configured is trusted.
      if (withoutSlash(claims.iss) !== withoutSlash(settings.issuer)) throw new Error(`the issuer is ${claims.iss}`);
      if (claims.sub.length > SUBJECT_LENGTH_MAX) throw new Error('the subject is too long');
      // As the token has it: the configuration may write its address otherwise one day.
      const identity = { issuer: claims.iss, subject: claims.sub };
      if (saysAccess(claims, settings) || client.serverMetadata().userinfo_endpoint === undefined)
        return { identity, claims };
      const more = await fetchUserInfo(client, tokens.access_token, claims.sub);
      return { identity, claims: { ...more, ...claims } };
    } catch (error) {
      throw await this.problemOf(error);
    }
  }

  /** The same while nothing of it is configured anew; a provider that did not answer is asked again. */
  private async clientOf(settings: OidcSettings): Promise<Configuration> {
    const of = JSON.stringify([settings.issuer, settings.client_id, settings.client_secret]);
    if (this.found === undefined || this.found.of !== of || this.found.until <= this.now())
      this.found = { of, until: this.now() + METADATA_MS, client: discover(settings) };
    const { found } = this;
    try {
      return await found.client;
    } catch (error) {
      if (this.found === found) this.found = undefined;
      this.log.warn({ problem: causeOf(error), issuer: settings.issuer }, 'the identity provider cannot be used');
      throw unreachable();
    }
  }

  private async problemOf(error: unknown): Promise<ApiProblem> {
    const { AuthorizationResponseError, ClientError, ResponseBodyError } = await import('openid-client');
    if (error instanceof AuthorizationResponseError) {
      this.log.info({ problem: error.error }, 'the identity provider declined');
      return new ApiProblem(403, 'OIDC_DECLINED', `the identity provider declined: ${error.error}`);
    }
    this.log.warn({ problem: causeOf(error) }, 'a sign-in through the identity provider failed');
    const isTimeout = error instanceof ClientError && error.code === 'OAUTH_TIMEOUT';
    if (isTimeout || (error instanceof TypeError && error.message === 'fetch failed')) return unreachable();
    if (error instanceof ResponseBodyError && ['invalid_client', 'unauthorized_client'].includes(error.error))
      return new ApiProblem(503, 'OIDC_CLIENT_REFUSED', 'the identity provider does not accept this server', {
        action: 'Ask whoever administers it: client_id or client_secret is wrong.',
      });
    return new ApiProblem(403, 'OIDC_FAILED', 'what the identity provider sent cannot be trusted', {
      action: 'Sign in again; the log says more under this request id.',
    });
  }
}

async function discover({ issuer, client_id, client_secret }: OidcSettings): Promise<Configuration> {
  const oidc = await import('openid-client');
  const [post, basic] = [oidc.ClientSecretPost(client_secret), oidc.ClientSecretBasic(client_secret)];
  return oidc.discovery(
    new URL(issuer),
    client_id,
    {},
    // Basic is what the standard has where nothing is said; but in it not every provider reads all signs alike.
    (server, ...rest) => (hasPost(server.token_endpoint_auth_methods_supported) ? post : basic)(server, ...rest),
    {
      timeout: TIMEOUT_S,
      execute: [
        // Signatures are looked at even though tokens come from the provider itself over TLS.
        oidc.enableNonRepudiationChecks,
        // The configuration allows http for this machine only.
        ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []),
      ],
    },
  );
}

function hasPost(methods: readonly string[] | undefined): boolean {
  return methods?.includes('client_secret_post') ?? false;
}

function unreachable(): ApiProblem {
  return new ApiProblem(503, 'OIDC_UNREACHABLE', 'the identity provider does not answer as it should', {
    action: 'Come again in a moment, or sign in with a password.',
    headers: { 'retry-after': '5' },
  });
}

const withoutSlash = (address: string): string => address.replace(/\/$/, '');

/** Messages of the library and of what caused them; neither holds a token or a secret. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
