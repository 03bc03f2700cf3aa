/**
 * Decides when two codes written differently are the same text: space at the edges, invisible characters, composed
 * accents, full-width letters. Never changes case and never turns text into numbers: 00123 stays 00123.
 */

const EDGE_SPACE = /^\s+|\s+$/gu;
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/gu;
const FULL_WIDTH = /[\uff01-\uff5e]/gu;
const ODD_SPACE = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;

/** Printable ASCII without space at the edges: nearly every code, and nothing to do. One test instead of five passes. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;

/** The code as Evenstock compares it. Idempotent. */
export function normalizeText(raw: string): string {
  if (raw === '' || PLAIN.test(raw)) return raw;
  return raw
    .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(INVISIBLE, '')
    .replace(ODD_SPACE, ' ')
    .replace(EDGE_SPACE, '')
    .normalize('NFC');
}
