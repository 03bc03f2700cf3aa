/** Decides which moment a run speaks of. Never reads a clock. */
import type { Moment } from '../normalize/time.ts';

/** What of a run's inputs tells its cut-off. `as_of` is ISO 8601 with offset, or '' where it is not known. */
export interface DatedInput {
  readonly kind: string;
  readonly as_of: string;
}

/** The latest cut-off of the balances compared; the start of the run where none is known. */
export function runCutOff(inputs: readonly DatedInput[], startedAt: string): Moment {
  let latest: Moment | undefined;
  for (const { kind, as_of: text } of inputs) {
    const epochMs = kind === 'balances' ? Date.parse(text) : Number.NaN;
    if (epochMs > (latest?.epochMs ?? Number.NEGATIVE_INFINITY)) latest = { epochMs, text };
  }
  return latest ?? { epochMs: Date.parse(startedAt), text: startedAt };
}
