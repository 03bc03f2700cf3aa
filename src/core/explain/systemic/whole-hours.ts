/** Decides by how many whole hours a snapshot may be off, and how much that tells. Never reads a clock. */

const HOUR_MS = 3_600_000;
/** Zones are at most so many hours from UTC; a day is an old file, not a zone. */
const HOURS_MAX = 14;

/** A moment lies in a span: at or after `heldUntil`, before `missingFrom`. */
interface Span {
  readonly heldUntil: number;
  readonly missingFrom: number;
  readonly statedAt: number;
}

/** Whether the true moment may lie just so many hours before the stated one; negative: behind it. */
export function mayBeOffBy(hours: number, { heldUntil, missingFrom, statedAt }: Span): boolean {
  const at = statedAt - hours * HOUR_MS;
  return at >= heldUntil && at < missingFrom;
}

/**
 * The hours that a snapshot is off by, if they are whole. `confidence`: a stale snapshot is off by whole hours only by chance,
 * the less the shorter the span is; both are met as often.
 */
export function findWholeHours(span: Span): { readonly hours: number; readonly confidence: number } | undefined {
  const hours = Math.floor((span.statedAt - span.heldUntil) / HOUR_MS);
  // A ledger that ends with its snapshot shows nothing that is missing: the span ends with the next whole hour.
  const end = Number.isFinite(span.missingFrom) ? span.missingFrom : span.statedAt - hours * HOUR_MS;
  const chance = (end - span.heldUntil) / HOUR_MS;
  if (chance >= 1 || hours === 0 || Math.abs(hours) > HOURS_MAX || !mayBeOffBy(hours, span)) return undefined;
  return { hours, confidence: 1 / (1 + chance) };
}
