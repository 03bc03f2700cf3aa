/**
 * Decides what a failed operation is called and what the caller can do about it.
 * Never describes bad rows: those are values (see rejection.ts).
 */

/** What kind of failure it is; cli/exit-code.ts maps each kind to an exit code, api/problem.ts to an HTTP status. */
export type FailureKind =
  | 'usage'
  | 'configuration'
  | 'refused'
  | 'unreachable'
  | 'cancelled'
  /** What was named is not there. */
  | 'absent'
  /** What is there does not allow it: a name that is taken, a run that is over. */
  | 'conflict'
  /** Somebody else changed it since it was read. */
  | 'stale'
  /** Whoever asks may not do it. */
  | 'forbidden';

/** A failed operation: a stable code, a sentence that says what was found, and one that says what to do. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly action: string;

  constructor(kind: FailureKind, code: string, message: string, action = '') {
    super(message);
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
    this.action = action;
  }
}

/** Asserts an invariant of our own; a broken one is our bug, never the user's data. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
