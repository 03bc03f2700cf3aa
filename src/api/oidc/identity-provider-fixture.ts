/**
 * A small identity provider that keeps to the standard, unless a test tells it to forge what it sends. Signs with its own key;
 * a code is good once, for the client that proves itself and the browser that has the code verifier.
 */
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CLIENT = { id: 'evenstock', secret: 's3cret of the client' };

type Json = Record<string, unknown>;

const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
const OTHER_KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export class IdentityProvider {
  /** What it says of whoever signs in next. */
  claims: Json = { sub: 'anna-1', name: 'Anna', groups: ['stock'] };
  /** Claims that only its user information endpoint tells. */
  more: Json = {};
  /** Of the identity token, over what is right. */
  forged: Json = {};
  signature: 'right' | 'none' | 'other-key' | 'broken' = 'right';
  /** It shows a page of its own, on which a person agrees. */
  asksPeople = false;
  /** Of discovery, over what is right. */
  metadata: Json = {};
  readonly asked: URLSearchParams[] = [];
  private readonly codes = new Map<string, URLSearchParams>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.issuer);
    const send = (status: number, body: Json, headers: Record<string, string> = {}): void =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration') return send(200, this.description());
    if (url.pathname === '/jwks')
      return send(200, {
        keys: [{ ...KEYS.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }],
      });
    if (url.pathname === '/authorize' && this.asksPeople)
      return void response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<a href="/agree${url.search.replaceAll('&', '&amp;')}">Agree</a>`);
    if (url.pathname === '/authorize' || url.pathname === '/agree')
      return send(302, {}, { location: this.authorize(url.searchParams) });
    if (url.pathname === '/userinfo') return send(200, { sub: this.claims['sub'], ...this.more });
    if (url.pathname !== '/token') return send(404, {});
    let body = '';
    for await (const chunk of request) body += chunk;
    const answer = this.exchange(new URLSearchParams(body));
    send('error' in answer ? 400 : 200, answer);
  }

  private description(): Json {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      authorization_response_iss_parameter_supported: true,
      ...this.metadata,
    };
  }

  private authorize(asked: URLSearchParams): string {
    this.asked.push(asked);
    const code = randomUUID();
    this.codes.set(code, asked);
    const back = new URL(asked.get('redirect_uri') ?? '');
    for (const [name, value] of Object.entries({ code, state: asked.get('state') ?? '', iss: this.issuer }))
      back.searchParams.set(name, value);
    return back.href;
  }

  private exchange(given: URLSearchParams): Json {
    const asked = this.codes.get(given.get('code') ?? '');
    this.codes.delete(given.get('code') ?? '');
    if (given.get('client_id') !== CLIENT.id || given.get('client_secret') !== CLIENT.secret)
      return { error: 'invalid_client' };
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      asked?.get('redirect_uri') === given.get('redirect_uri') && asked?.get('code_challenge') === challenge;
    if (!isRight || asked === undefined) return { error: 'invalid_grant' };
    return {
      access_token: randomUUID(),
      token_type: 'Bearer',
      expires_in: 60,
      id_token: this.token({
        ...{ iss: this.issuer, aud: CLIENT.id, nonce: asked.get('nonce') },
        ...{ iat: Math.floor(Date.now() / 1_000), exp: Math.floor(Date.now() / 1_000) + 60 },
        ...this.claims,
        ...this.forged,
      }),
    };
  }

  private token(claims: Json): string {
    const content = `${part({ alg: this.signature === 'none' ? 'none' : 'RS256', kid: 'one' })}.${part(claims)}`;
    if (this.signature === 'none') return `${content}.`;
    const { privateKey } = this.signature === 'other-key' ? OTHER_KEYS : KEYS;
    const signed = sign('RSA-SHA256', Buffer.from(content), privateKey).toString('base64url');
    return `${content}.${this.signature === 'broken' ? signed.replace(/^.{4}/, 'AAAA') : signed}`;
  }
}
