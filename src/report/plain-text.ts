/**
 * Decides how text from files is made safe and short for a terminal: no control characters, no overlong cells.
 * Never changes what is written to files.
 */

// C0, DEL, C1, and the marks that reorder or hide text around them (bidirectional controls, zero-width characters).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text from a file as one harmless line: tabs and line ends become spaces, other control characters go. */
export function safeText(text: string): string {
  return text.replace(CONTROLS, (mark) => (/[\t\n\r\u2028\u2029]/.test(mark) ? ' ' : ''));
}

/**
 * An upper bound of the columns that text takes on a terminal: 2 for every code point that may be wide.
 * Never below the true width, so text cut to it always fits.
 */
export function widthMax(text: string): number {
  let width = 0;
  for (const character of text) width += isNarrow(character.codePointAt(0) ?? 0) ? 1 : 2;
  return width;
}

function isNarrow(code: number): boolean {
  // Hangul Jamo (0x1100) is the first wide block; dashes, arrows, marks, triangles (0x2000-0x22ff, 0x25a0-0x25fc) and the tick are narrow.
  return code < 0x1100 || (code >= 0x2000 && code <= 0x22ff) || (code >= 0x25a0 && code <= 0x25fc) || code === 0x2713;
}

/** Cuts text to `width` columns, with … where something was left out. Never splits a character. */
export function fitText(text: string, width: number): string {
  if (widthMax(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += widthMax(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Wraps a sentence at blanks to lines of `width` columns: the first behind `first`, the others behind `rest`. Overlong words are cut off. */
export function wrapText(text: string, width: number, first = '', rest = first): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && widthMax(line) + 1 + widthMax(word) > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].map((each) => fitText(each, width)).join('\n');
}
