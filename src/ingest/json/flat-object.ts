/**
 * Reads one flat JSON object as texts by their keys: numbers stay the digits that were written, never floats. Decides whether
 * it is one; never what its values mean.
 */

export type FlatObject =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly column: string; readonly value: string; readonly reason: string };

/** A string, a number, a word or a sign; whatever else follows is no JSON. */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
  /[ \t\r\n]*(?:("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])|(true|false|null)(?!\w)|([{}:,[\]]))/y;
const REST = /[ \t\r\n]*/y;
const SHOWN_MAX = 200;

/** An absent key has no text; null is ''. Keys that are repeated, nested values and half characters are faults. */
export function parseFlatObject(text: string): FlatObject {
  const values: Record<string, string> = Object.create(null);
  TOKEN.lastIndex = 0;
  const next = (): RegExpExecArray | null => TOKEN.exec(text);
  const broken = (column = ''): FlatObject => fault(column, text, 'no JSON object');
  if (next()?.[4] !== '{') return broken();
  for (let count = 0; ; count++) {
    const key = next();
    if (key?.[4] === '}' && count === 0) break;
    if (key?.[1] === undefined) return broken();
    const name = unquoted(key[1]);
    if (name === undefined || next()?.[4] !== ':') return broken();
    const value = next();
    if (value === null) return broken(name);
    if (name in values) return fault(name, text, 'a key that comes twice: one of the two values would be lost');
    const [, string, number, word, sign] = value;
    if (sign !== undefined) {
      const isNested = sign === '{' || sign === '[';
      return isNested ? fault(name, text, 'a nested value; expected a text, a number or null') : broken(name);
    }
    const written = string === undefined ? (number ?? (word === 'null' ? '' : word)) : unquoted(string);
    if (written === undefined) return fault(name, text, 'a text that is no JSON string');
    values[name] = written;
    const end = next()?.[4];
    if (end === '}') break;
    if (end !== ',') return broken(name);
  }
  REST.lastIndex = TOKEN.lastIndex;
  REST.exec(text);
  return REST.lastIndex === text.length ? { ok: true, values } : broken();
}

/** undefined where an escape is none, or half of a surrogate pair stands alone, or a NUL. */
function unquoted(written: string): string | undefined {
  if (!written.includes('\\')) return hasLoneSurrogate(written) ? undefined : written.slice(1, -1);
  try {
    const text = JSON.parse(written) as string;
    return hasLoneSurrogate(text) || text.includes('\u0000') ? undefined : text;
  } catch {
    return undefined;
  }
}

function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function fault(column: string, text: string, reason: string): FlatObject {
  return { ok: false, column, value: text.slice(0, SHOWN_MAX), reason };
}
