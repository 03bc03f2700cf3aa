/** Sends one mail to a server that was judged, and says what it answered. Decides the limits of time and size; never sends twice. */
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelSettings } from '../contract/notification.ts';
import type { DeliveryAnswer } from '../core/notify/judge-answer.ts';
import { judgeHost } from './address-guard.ts';
import type { MailForm } from './forms/mail-form.ts';
import { SEND_MS_MAX, type SendOptions, type Sent } from './post-json.ts';

type EmailSettings = Extract<ChannelSettings, { kind: 'email' }>['settings'];

/** Where public mail servers listen; any other port of theirs is no mail server. */
const MAIL_PORTS: readonly number[] = [25, 465, 587, 2525];
const ANSWER_BYTES_MAX = 65_536;

export async function sendMail(
  settings: EmailSettings,
  password: string | undefined,
  mail: MailForm & { readonly messageId: string; readonly date: Date },
  options: SendOptions,
): Promise<Sent> {
  const { host, port, security, user, from, to } = settings;
  const judged = await judgeHost(host, options.allowed);
  if (!judged.ok) return { answer: { kind: judged.isFinal ? 'impossible' : 'none' }, says: judged.reason };
  if (!judged.isAllowed && !MAIL_PORTS.includes(port))
    return {
      answer: { kind: 'impossible' },
      says: `public mail servers listen at ${MAIL_PORTS.join(', ')}, not at ${port}`,
    };
  const { createTransport } = await import('nodemailer');
  const { msMax = SEND_MS_MAX, signal, authorities } = options;
  const transport = createTransport({
    host: judged.addresses[0].address,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: {
      ...(isIP(host) === 0 && { servername: host }),
      minVersion: 'TLSv1.2',
      ...(authorities !== undefined && { ca: authorities }),
    },
    ...(user !== null && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: msMax,
    greetingTimeout: msMax,
    socketTimeout: msMax,
    maxResponseSize: ANSWER_BYTES_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const late = sleep(msMax, undefined, { signal: either, ref: false }).then(
    (): Sent => ({ answer: { kind: 'none' }, says: `no answer within ${msMax / 1_000} seconds` }),
    (): Sent => ({ answer: { kind: 'none' }, says: 'the server stopped before an answer came' }),
  );
  const headers = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };
  const sending = transport.sendMail({ from, to: [...to], headers, ...mail }).then(sentOf, failureOf);
  try {
    return await Promise.race([sending, late]);
  } finally {
    over.abort();
    transport.close();
  }
}

interface SmtpResult {
  readonly response: string;
  readonly rejected: readonly unknown[];
}

/** Some of those addressed may have been refused: the others have it, and it is not sent again. */
function sentOf({ response, rejected }: SmtpResult): Sent {
  const without = rejected.length === 0 ? '' : `; refused for ${rejected.map(String).join(', ')}`;
  return { answer: { kind: 'smtp', code: 250, isOfMessage: true }, says: `${printable(response)}${without}` };
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
}

/** What is said before there is a message (greeting, sign-in) people can mend; what is said of the message stays. */
function failureOf(error: SmtpError): Sent {
  const says = printable(error.response ?? error.message);
  if (error.responseCode === undefined) return { answer: { kind: 'none' }, says: `no answer: ${says}` };
  const isOfMessage = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  const answer: DeliveryAnswer = { kind: 'smtp', code: error.responseCode, isOfMessage };
  return { answer, says };
}

function printable(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
