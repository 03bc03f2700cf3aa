/** Decides what becomes of a delivery by what was answered: done, tried again and when, or given up. Never sends anything. */

export const ATTEMPTS_MAX = 20;
/** The first pause; each is twice the one before, up to the longest. All attempts take between six and twelve hours: a night. */
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Nothing answered, or not in time; or what was answered, as HTTP or SMTP say it. */
export type DeliveryAnswer =
  | { readonly kind: 'none' }
  /** The delivery cannot be sent as it is: the address is not allowed, the secret does not open. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'http'; readonly status: number; readonly retryAfterMs?: number }
  /** `stage` that was answered: only what is said of the message or of those addressed is final. */
  | { readonly kind: 'smtp'; readonly code: number; readonly isOfMessage: boolean };

export type Verdict =
  | { readonly state: 'delivered' }
  | { readonly state: 'again'; readonly afterMs: number }
  | { readonly state: 'dead' };

/**
 * Statuses that will be the same the next time: the request is not understood, the place is gone for good. A missing right
 * or page is tried again, because people mend it within hours.
 */
const FINAL_STATUSES: readonly number[] = [400, 405, 410, 413, 414, 415, 422, 501];

/** `attempt` counts from 1; `random` is from 0 up to 1. */
export function judgeAnswer(answer: DeliveryAnswer, attempt: number, random: number): Verdict {
  if (isDelivered(answer)) return { state: 'delivered' };
  if (isFinal(answer) || attempt >= ATTEMPTS_MAX) return { state: 'dead' };
  const asked = answer.kind === 'http' ? (answer.retryAfterMs ?? 0) : 0;
  return { state: 'again', afterMs: Math.max(pauseMs(attempt, random), Math.min(asked, LONGEST_PAUSE_MS)) };
}

function isDelivered(answer: DeliveryAnswer): boolean {
  if (answer.kind === 'http') return answer.status >= 200 && answer.status < 300;
  return answer.kind === 'smtp' && answer.code >= 200 && answer.code < 300;
}

/** A redirect is not followed, and so it stays one. */
function isFinal(answer: DeliveryAnswer): boolean {
  if (answer.kind === 'http')
    return (answer.status >= 300 && answer.status < 400) || FINAL_STATUSES.includes(answer.status);
  if (answer.kind === 'smtp') return answer.isOfMessage && answer.code >= 500;
  return answer.kind === 'impossible';
}

/** Half of it is fixed, half is chance: servers that failed together do not come back together. */
export function pauseMs(attempt: number, random: number): number {
  const whole = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return Math.round(whole / 2 + (whole / 2) * random);
}
