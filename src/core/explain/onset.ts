/** Decides since when a key is out of sync: the first moment of the current run of variances that are not 0. Never counts what is in flight. */
import type { KeyFacts } from './evidence.ts';
import type { Contribution } from './explanation.ts';

/** Epoch milliseconds; undefined where neither a document, the opening nor an earlier run tells. */
export function findOnset(contributions: readonly Contribution[], facts: KeyFacts | undefined): number | undefined {
  const steps = contributions.filter(({ cause }) => cause !== 'in-flight');
  const dated = steps.filter(({ at }) => at !== undefined).sort((a, b) => (a.at as number) - (b.at as number));
  let variance = steps.reduce((sum, { at, quantity }) => (at === undefined ? sum + quantity : sum), 0);
  let onset = variance === 0 ? undefined : facts?.history[0]?.at;
  let isOut = variance !== 0;
  for (const { at, quantity } of dated) {
    variance += quantity;
    if (variance === 0) isOut = false;
    else if (!isOut) {
      isOut = true;
      onset = at;
    }
  }
  return onset;
}
