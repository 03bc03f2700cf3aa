/**
 * Sends one body over HTTP to an address that was judged, and says what came back. Decides the limits of time and size; never
 * follows a redirect, and never sends twice.
 */
import { type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { DeliveryAnswer } from '../core/notify/judge-answer.ts';
import { type Allowed, judgeHost } from './address-guard.ts';

export interface Sent {
  readonly answer: DeliveryAnswer;
  /** For people: what the receiver said, or why there was no answer. */
  readonly says: string;
}

export interface SendOptions {
  readonly allowed: Allowed;
  readonly signal: AbortSignal;
  /** For the whole of it. */
  readonly msMax?: number;
  /** Certificates of authorities beside those that are known; only tests give some. */
  readonly authorities?: string;
}

export const SEND_MS_MAX = 15_000;
const ANSWER_BYTES_MAX = 65_536;
const SAID_CHARACTERS_MAX = 200;

export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  options: SendOptions,
): Promise<Sent> {
  const target = new URL(url);
  const judged = await judgeHost(target.hostname, options.allowed);
  if (!judged.ok) return { answer: { kind: judged.isFinal ? 'impossible' : 'none' }, says: judged.reason };
  if (target.protocol !== 'https:' && !judged.isAllowed)
    return {
      answer: { kind: 'impossible' },
      says: `${target.host} is public, and is told by https only`,
    };
  const { addresses } = judged;
  const [{ address, family }] = addresses;
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const request = send(target, {
    method: 'POST',
    agent: false,
    // The name was looked up and judged; looked up again, it could lead elsewhere.
    lookup: (_host, { all }, found) => (all ? found(null, [...addresses]) : found(null, address, family)),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Evenstock',
      accept: '*/*',
      ...headers,
    },
    ...(options.authorities !== undefined && { ca: options.authorities }),
  });
  return exchange(request, body, options);
}

function exchange(request: ClientRequest, body: string, { signal, msMax = SEND_MS_MAX }: SendOptions): Promise<Sent> {
  return new Promise((resolve) => {
    const end = (sent: Sent): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(sent);
      request.destroy();
    };
    const none = (says: string): void => end({ answer: { kind: 'none' }, says });
    const stop = (): void => none('the server stopped before an answer came');
    const timer = setTimeout(() => none(`no answer within ${msMax / 1_000} seconds`), msMax);
    signal.addEventListener('abort', stop);
    // Before anything can end it: an error that nobody hears ends the process.
    request.on('error', (error: NodeJS.ErrnoException) => none(`no answer: ${error.code ?? error.message}`));
    if (signal.aborted) return stop();
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      let [text, bytes] = ['', 0];
      const answered = (): void => {
        const retryAfterMs = retryAfterOf(headers['retry-after']);
        const moved = status >= 300 && status < 400 ? '; redirects are not followed' : '';
        const answer = { kind: 'http', status, ...(retryAfterMs !== undefined && { retryAfterMs }) } as const;
        end({ answer, says: `${status} ${said(response.statusMessage ?? '', text)}${moved}`.trim() });
      };
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        bytes += Buffer.byteLength(part);
        if (text.length < SAID_CHARACTERS_MAX) text += part;
        // Whatever else it says, its status is known.
        if (bytes > ANSWER_BYTES_MAX) answered();
      });
      response.on('end', answered);
      response.on('error', answered);
    });
    request.end(body);
  });
}

function said(status: string, text: string): string {
  const whole = `${status}${text === '' ? '' : `: ${text}`}`.replace(/[\p{C}\s]+/gu, ' ').trim();
  return whole.length > SAID_CHARACTERS_MAX ? `${whole.slice(0, SAID_CHARACTERS_MAX)}…` : whole;
}

/** Only seconds: a date is of a clock that may be wrong. */
function retryAfterOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined;
}
