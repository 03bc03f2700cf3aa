/** Decides since when a key is out of sync: the first moment of the current run of variances that are not 0. Never counts what is in flight. */
import type { KeyFacts } from './evidence.ts';
import type { Contribution } from './explanation.ts';
import type { ItemCase } from './item-case.ts';
import type { Match } from './ledger-entry.ts';

/** A change of the variance of a key; `at` undefined: nobody knows when. */
export interface Step {
  readonly at: number | undefined;
  readonly quantity: number;
}

/** Epoch milliseconds; undefined where neither a document, the opening nor an earlier run tells. */
export function findOnset(
  contributions: readonly Contribution[],
  passing: readonly Step[],
  facts: KeyFacts,
): number | undefined {
  const steps = [...contributions.filter(({ cause }) => cause !== 'in-flight'), ...passing];
  const dated = steps.filter(({ at }) => at !== undefined).sort((a, b) => (a.at as number) - (b.at as number));
  let variance = steps.reduce((sum, { at, quantity }) => (at === undefined ? sum + quantity : sum), 0);
  let onset = variance === 0 ? undefined : facts.history[0]?.at;
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

/**
 * By key, what both sides know and was out for a while all the same: documents that were posted later than the interface may take,
 * and postings that stood until they were taken back.
 */
export function passingSteps(item: ItemCase): Map<number, Step[]> {
  const steps = new Map<number, Step[]>();
  const seen = new Set<Match>();
  for (const { match } of [...item.wms, ...item.erp]) {
    if (
      match === undefined ||
      seen.has(match) ||
      (match.wms.length === 1 && match.erp.length === 1 && isPrompt(match, item))
    )
      continue;
    seen.add(match);
    const entries = [...match.wms, ...match.erp];
    const times = entries.map(({ at }) => at);
    if (
      Math.max(...times) - Math.min(...times) <= item.usualDelayMs ||
      entries.some(({ period }) => period !== 'within')
    )
      continue;
    for (const { at, first, parts } of entries) {
      for (const { key, quantity } of parts) {
        const list = steps.get(key) ?? [];
        steps.set(key, list);
        list.push({ at, quantity: first.role === 'wms' ? quantity : -quantity });
      }
    }
  }
  return steps;
}

function isPrompt({ wms, erp }: Match, item: ItemCase): boolean {
  return Math.abs((erp[0]?.at ?? 0) - (wms[0]?.at ?? 0)) <= item.usualDelayMs;
}
