/**
 * Decides which cut-off a file name carries, by the regular expression of `as_of: { file_name: … }`. Never runs an
 * expression that could hold the program up: the engine of the language backtracks, so what makes it slow is refused.
 */

/** File systems allow 255 characters; a longer name is none that a person gave. */
const NAME_LENGTH_MAX = 255;
const PATTERN_LENGTH_MAX = 300;

/**
 * With three parts of variable length and a name of 255 characters there are at most 255³/6 ≈ 3 million ways to try;
 * each alternative doubles them.
 */
const VARIABLE_PARTS_MAX = 3;
const ALTERNATIVES_MAX = 4;

export type FileNamePattern =
  | { readonly ok: true; readonly asOfIn: (fileName: string) => string | undefined }
  | { readonly ok: false; readonly reason: string };

/** Compiles the expression for the whole file name; it must have a group named as_of. */
export function compileFileNamePattern(source: string): FileNamePattern {
  const slow = slowBecause(source);
  if (slow !== undefined) return { ok: false, reason: slow };
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${source})$`, 'u');
  } catch (error) {
    const [, why = ''] = /:\s([^:]*)$/.exec(error instanceof Error ? error.message : '') ?? [];
    return { ok: false, reason: `not a regular expression: ${why}` };
  }
  if (!source.includes('(?<as_of>'))
    return { ok: false, reason: 'the expression needs a group named as_of, such as (?<as_of>.*)' };
  return {
    ok: true,
    asOfIn: (fileName) =>
      fileName.length > NAME_LENGTH_MAX ? undefined : expression.exec(fileName)?.groups?.['as_of'],
  };
}

function slowBecause(source: string): string | undefined {
  if (source.length > PATTERN_LENGTH_MAX) return `the expression is longer than ${PATTERN_LENGTH_MAX} characters`;
  if (/\\[1-9k]/.test(source.replaceAll('\\\\', ''))) return 'back references are not read';
  // Escaped characters and character classes are one character each, whatever they contain.
  const plain = source.replace(/\\./gsu, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (/\(\?<?[=!]/.test(plain)) return 'look-ahead and look-behind are not read';
  if (/\)\??[*+{]/.test(plain))
    return 'a repeated group can take exponential time; repeat single characters or classes';
  const variable = plain.replace(/\(\?(:|<\w+>)/g, '(').match(/[*+?]|\{\d+,\d*\}/g) ?? [];
  const lazy = plain.match(/[*+?}]\?/g) ?? [];
  if (variable.length - lazy.length > VARIABLE_PARTS_MAX)
    return `more than ${VARIABLE_PARTS_MAX} parts of variable length`;
  if ((plain.match(/\|/g) ?? []).length > ALTERNATIVES_MAX) return `more than ${ALTERNATIVES_MAX} alternatives`;
  return undefined;
}
