/** Decides which known name a mistyped one was meant to be. Never answers where the guess would be far-fetched. */

/** Letters added, left out, changed, or two neighbours swapped, to get from one text to the other. */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (older[j - 2] ?? 0) + 1 : changed;
      row.push(Math.min(changed, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    older = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The nearest known name, upper and lower case alike; undefined where more than a third of the letters differ. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  // Longer than any name we know: no need to compare, and the table would grow with the input.
  if (name.length > 100) return undefined;
  let nearest: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (distance <= allowed && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY))
      nearest = { name: candidate, distance };
  }
  return nearest?.name;
}

/** `; did you mean "columns"?`, or `otherwise` where no known name is near. */
export function suggestion(name: string, known: Iterable<string>, otherwise = ''): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? otherwise : `; did you mean "${nearest}"?`;
}
