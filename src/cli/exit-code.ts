/** The one place where failures become exit codes. */
import type { FailureKind } from '../core/model/failure.ts';
import { Failure } from '../core/model/failure.ts';

export const EXIT_DONE = 0;
/** Only with --exit-code: discrepancies beyond tolerance were found. */
export const EXIT_DISCREPANCIES = 1;
const EXIT_BUG = 70;

const BY_KIND: Readonly<Record<FailureKind, number>> = {
  usage: 2,
  configuration: 2,
  refused: 3,
  unreachable: 4,
  absent: 2,
  conflict: 2,
  stale: 2,
  forbidden: 2,
  // As a shell reports a process that SIGINT ended.
  cancelled: 130,
};

export function exitCodeOfKind(kind: FailureKind): number {
  return BY_KIND[kind];
}

export function exitCodeOf(error: unknown): number {
  return error instanceof Failure ? BY_KIND[error.kind] : EXIT_BUG;
}
