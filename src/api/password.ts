/**
 * Passwords of people: argon2id, a few at a time, because each takes 19 MiB and tens of milliseconds of a core. Decides which
 * new password is too easy; never tells how long a login takes whether its account exists.
 */
import { hash, verify } from '@node-rs/argon2';
import { ApiProblem } from './problem.ts';

const AT_ONCE_MAX = 2;
/** Further ones are told to come again: a queue of guesses would keep people waiting. */
const WAITING_MAX = 50;
const LENGTH_MIN = 12;
/** Of a random password: verifying a login that does not exist takes as long as one that does. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$mw6PZEA7WAvhJGpRZAHIrw$lJ+bKJk3l3Ykz6zb4cvCIPV4GcgSb0bL5D0gtJ5n6Ck';

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE_MAX) {
    if (waiting.length >= WAITING_MAX)
      throw new ApiProblem(503, 'SIGN_INS_TOO_MANY', 'too many sign in at once', { headers: { 'retry-after': '5' } });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    // The turn passes on to the next one, or ends.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFKC')));
}

/** `kept`: the hash, or undefined where there is no such account. */
export async function isPassword(kept: string | null | undefined, given: string): Promise<boolean> {
  const isRight = await inTurn(() => verify(kept ?? NOBODY, given.normalize('NFKC')));
  return isRight && typeof kept === 'string';
}

/** Throws where a new password is too easy to guess. */
export function checkNewPassword(password: string, login: string): void {
  const text = password.normalize('NFKC').toLowerCase();
  const fault =
    [...text].length < LENGTH_MIN
      ? `has fewer than ${LENGTH_MIN} characters`
      : new Set(text).size < 5
        ? 'has fewer than five different characters'
        : login.length > 2 && text.includes(login.toLowerCase())
          ? 'holds the login'
          : undefined;
  if (fault === undefined) return;
  throw new ApiProblem(422, 'PASSWORD_TOO_EASY', `the password ${fault}`, {
    action: `Choose one of at least ${LENGTH_MIN} characters that nobody guesses.`,
    errors: [{ path: 'body.password', message: `it ${fault}` }],
  });
}
