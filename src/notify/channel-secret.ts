/**
 * How the secret of a channel is kept: as a name in the server's environment, or sealed with a key that lies there. Decides
 * which names may be used; never gives a secret to anybody but the sender of a message.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Environment } from '../config/secret-text.ts';
import { Failure } from '../core/model/failure.ts';

/** Other variables hold what is none of an administrator's business, such as the address of the store with its password. */
const NAME = /^\$\{(EVENSTOCK_NOTIFY_[A-Z0-9_]{1,100})\}$/;
const SEALING_KEY = 'EVENSTOCK_SEALING_KEY';
const KEY_CHARACTERS_MIN = 32;
const SEALED = 'sealed:1:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type OpenedSecret =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** `channelId` is bound to a sealed secret: moved to another channel, it does not open. Throws a Failure where it cannot be kept. */
export function keepSecret(
  secret: string,
  channelId: string,
  environment: Environment,
  randomBytes: (count: number) => Buffer,
): string {
  if (NAME.test(secret)) return secret;
  if (secret.includes('${'))
    throw new Failure(
      'usage',
      'SECRET_NAME_NOT_ALLOWED',
      'a secret is the name of one variable that begins with EVENSTOCK_NOTIFY_, or the text itself',
      'Write $' + '{EVENSTOCK_NOTIFY_…} and set that variable where the server is started.',
    );
  const key = sealingKey(environment);
  if (key === undefined)
    throw new Failure(
      'configuration',
      'SEALING_KEY_MISSING',
      `secrets are kept sealed, and ${SEALING_KEY} is not set, or has fewer than ${KEY_CHARACTERS_MIN} characters`,
      `Set ${SEALING_KEY} where the server is started, or write $` +
        '{EVENSTOCK_NOTIFY_…} and set that variable there.',
    );
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(channelId));
  const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${SEALED}${sealed.toString('base64url')}`;
}

/** `kept` as `keepSecret` gave it. Reasons say nothing of the secret. */
export function openSecret(kept: string, channelId: string, environment: Environment): OpenedSecret {
  const name = NAME.exec(kept)?.[1];
  if (name !== undefined) {
    const text = environment[name];
    return text ? { ok: true, text } : { ok: false, reason: `the environment variable ${name} is not set` };
  }
  const key = sealingKey(environment);
  if (key === undefined) return { ok: false, reason: `the secret is sealed, and ${SEALING_KEY} is not set` };
  const bytes = Buffer.from(kept.slice(SEALED.length), 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(channelId)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    return { ok: true, text };
  } catch {
    return { ok: false, reason: `the secret was sealed with another ${SEALING_KEY}; send it anew` };
  }
}

function sealingKey(environment: Environment): Buffer | undefined {
  const text = environment[SEALING_KEY] ?? '';
  if (text.length < KEY_CHARACTERS_MIN) return undefined;
  return Buffer.from(hkdfSync('sha256', text, '', 'evenstock channel secrets', 32));
}
