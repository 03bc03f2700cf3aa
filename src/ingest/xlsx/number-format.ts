/**
 * Decides what a number format makes of a number: a plain number, a number padded with zeros, or a date.
 * Never rounds: a format that shows fewer decimals leaves the stored number alone.
 */

/** `padded`: shown with at least `digits` digits. `date`: `day` and `clock` say which parts the format shows. */
export type NumberFormat =
  | { readonly kind: 'plain' }
  | { readonly kind: 'padded'; readonly digits: number }
  | { readonly kind: 'date'; readonly day: boolean; readonly clock: boolean };

const PLAIN: NumberFormat = { kind: 'plain' };
const LITERALS = /"[^"]*"|\\.|[_*].|\[[^\]]*\]/g;
/** [h]:mm and its kin show a length of time, not a moment. */
const ELAPSED = /\[(h+|m+|s+)\]/i;

/** Formats that every workbook knows without writing them down (ECMA-376 part 1, 18.8.30); 46 is elapsed time. */
const BUILT_IN = new Map<number, NumberFormat>();
for (const id of [14, 15, 16, 17]) BUILT_IN.set(id, { kind: 'date', day: true, clock: false });
for (const id of [18, 19, 20, 21, 45, 47]) BUILT_IN.set(id, { kind: 'date', day: false, clock: true });
BUILT_IN.set(22, { kind: 'date', day: true, clock: true });
// East Asian dates: which of them show the time of day depends on the language, so the number itself decides.
for (const id of [27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]) {
  BUILT_IN.set(id, { kind: 'date', day: false, clock: false });
}

/** `code` is the format as the workbook writes it, undefined for a format that it does not define itself. */
export function parseNumberFormat(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return BUILT_IN.get(id) ?? PLAIN;
  const first = (code.split(';')[0] ?? '').replace(/\[\$[^\]]*\]/g, '').trim();
  if (/^0{2,}$/.test(first)) return { kind: 'padded', digits: first.length };
  if (ELAPSED.test(code.replace(/"[^"]*"/g, ''))) return PLAIN;
  // Outside of literals these letters are only ever parts of a date; `General` and `E+00` hold none of them.
  const bare = code.replace(LITERALS, '');
  if (!/[ymdhs]/i.test(bare)) return PLAIN;
  const clock = /[hs]/i.test(bare);
  return { kind: 'date', day: /[yd]/i.test(bare) || !clock, clock };
}
