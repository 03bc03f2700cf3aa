/**
 * Decides whether a text fits a pattern of a rule: exact, or with `*` for any run of characters (also none).
 * Never builds a regular expression, so no pattern takes exponential time; upper and lower case differ.
 */

/** Whether `text` fits `pattern`. At most |text| × |pattern| steps. */
export function fitsPattern(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return pattern === text;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  const end = text.length - tail.length;
  let from = head.length;
  // The leftmost place of each piece leaves the most room for the pieces after it, so there is nothing to take back.
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

/** A character that no configuration contains: Unicode keeps it for internal use. */
const ANYTHING = '\uffff';

/** Whether `wide` fits every text that `narrow` fits: only a `*` of `wide` can take what a `*` of `narrow` stands for. */
export function coversPattern(wide: string, narrow: string): boolean {
  return fitsPattern(wide, narrow.replaceAll('*', ANYTHING));
}

/** Whether some text fits both patterns. At most |a| × |b| steps. */
export function patternsMeet(a: string, b: string): boolean {
  // meets[j]: the rest of a, from i, and the rest of b, from j, have a text in common; rows are filled from the ends.
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = new Array(b.length + 1).fill(false);
    for (let j = b.length; j >= 0; j--) {
      const left = a[i];
      const right = b[j];
      if (left === undefined && right === undefined) row[j] = true;
      else if (left === '*') row[j] = (below[j] ?? false) || (right !== undefined && (row[j + 1] ?? false));
      else if (right === '*') row[j] = (row[j + 1] ?? false) || (left !== undefined && (below[j] ?? false));
      else row[j] = left !== undefined && left === right && (below[j + 1] ?? false);
    }
    below = row;
  }
  return below[0] ?? false;
}
