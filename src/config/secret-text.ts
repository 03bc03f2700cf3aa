/**
 * Decides what `${ENV_NAME}` and `{ file: path }` stand for. Never puts what it found into a message.
 */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** A text with its secrets in place, or the reason there is none. `secret`: something was brought in. */
export type Resolved =
  | { readonly ok: true; readonly text: string; readonly secret: boolean }
  | { readonly ok: false; readonly reason: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, `$${…` for a literal `${…`, and anything else that begins like it. */
const REFERENCE = /\$?\$\{(?:([A-Za-z_][A-Za-z0-9_]*)\})?/g;

/** A secret is a password, a token or a key file; this is 100 times the longest. */
const FILE_BYTES_MAX = 1_048_576;

/** Puts the environment's values in the place of their names. `$${NAME}` stays as the text `${NAME}`. */
export function resolveText(written: string, environment: Environment): Resolved {
  let reason: string | undefined;
  let secret = false;
  const text = written.replace(REFERENCE, (whole, name: string | undefined) => {
    if (whole.startsWith('$$')) return whole.slice(1);
    if (name === undefined)
      reason ??= `expected "\${" to begin the name of an environment variable, as in \${NAME}; write "$\${" for the text itself`;
    else if (environment[name] === undefined) reason ??= `the environment variable ${name} is not set`;
    else secret = true;
    return name === undefined ? '' : (environment[name] ?? '');
  });
  return reason === undefined ? { ok: true, text, secret } : { ok: false, reason };
}

/** Reads a secret from a file; one line end at its end is not part of it. */
export function readSecretFile(path: string, directory: string): Resolved {
  const file = resolve(directory, path);
  try {
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX) return { ok: false, reason: `the file ${path} is too large for a secret` };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)).replace(/\r?\n$/, '');
    return text === '' ? { ok: false, reason: `the file ${path} is empty` } : { ok: true, text, secret: true };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a folder'
          : code.startsWith('ERR_ENCODING')
            ? 'is not UTF-8'
            : `cannot be read (${code})`;
    return { ok: false, reason: `the file ${path} ${why}` };
  }
}
