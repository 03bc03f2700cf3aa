/** What a cancelled run says of what it left. */
import { Failure } from '../core/model/failure.ts';

/** Cancelled before the report was out. */
export function cancelled(): Failure {
  return new Failure('cancelled', 'CANCELLED', 'The run was cancelled; nothing was written.');
}

/** Cancelled after the report: `out` is its folder, where there is one. */
export function cancelledHistory(out: string | undefined): Failure {
  const report = out === undefined ? 'the report was printed' : `the report in ${out} stands`;
  return new Failure(
    'cancelled',
    'CANCELLED',
    `The run was cancelled while its history was being kept: ${report}, the run is not kept.`,
  );
}
