/** Secrets that the server makes: long enough that only their hash needs to be kept, and no slow hash. Never those of people. */
import { createHash } from 'node:crypto';

export const SECRET_BYTES = 32;

/** What the caller gets to see, once. */
export function secretText(random: Uint8Array): string {
  return Buffer.from(random).toString('base64url');
}

/** What is kept. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
