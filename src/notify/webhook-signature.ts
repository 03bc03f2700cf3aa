/** How the body of a webhook is signed, so that its receiver knows who sent it and when. Never reads the body. */
import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'evenstock-signature';

/**
 * `t=<seconds since 1970>,kid=<key id>,v1=<hex>`: HMAC-SHA256 over `<t>.<body>`, byte for byte as sent. Each attempt has its own
 * moment; a receiver refuses what is older than its window.
 */
export function signatureOf(body: string, secret: string, keyId: string, now: number): string {
  const seconds = Math.floor(now / 1_000);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},kid=${keyId},v1=${digest}`;
}
