/** Finds item codes that differ only by case: one item or two cannot be told from the data. Never decides which. */

/**
 * The first pair found, or undefined. Codes of the items file are different items by declaration; a code that only
 * balances name is compared with all others.
 */
export function findCaseCollision(
  known: readonly string[],
  unknown: readonly string[],
): readonly [string, string] | undefined {
  if (unknown.length === 0) return undefined;
  const byFolded = new Map(known.map((code) => [code.toUpperCase(), code]));
  for (const code of unknown) {
    const folded = code.toUpperCase();
    const twin = byFolded.get(folded);
    if (twin !== undefined && twin !== code) return [twin, code];
    byFolded.set(folded, code);
  }
  return undefined;
}
