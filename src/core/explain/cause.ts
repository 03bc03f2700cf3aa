/** What a cause of the catalogue is: words for people, a worked example, and a test for one document. Never decides which fits best. */
import type { CauseCode, CorrectSide } from './cause-code.ts';
import type { Proof } from './explanation.ts';
import type { ItemCase } from './item-case.ts';
import type { Residual } from './residual.ts';

/** That a cause can have made a residual. */
export interface Fit {
  /** How often the test holds by accident where something else went wrong: 1 says nothing. */
  readonly chance: number;
  /** Proofs and the action, written only for the cause that is called. */
  tell(): Telling;
}

export interface Telling {
  readonly proofs: readonly Proof[];
  readonly action: string;
}

/** A dated scenario that the cause is the answer to; docs/root-causes.md prints it, and the tests run it. */
export interface WorkedExample {
  readonly story: string;
  /** In the notation of scenario-fixture.ts. */
  readonly scenario: string;
  /** One line for each contribution: key, cause, signed units. */
  readonly expected: string;
}

export interface Cause {
  readonly code: CauseCode;
  readonly title: string;
  /** What has happened, in one or two sentences. */
  readonly meaning: string;
  /** What a person sees first. */
  readonly clue: string;
  /** The exact test in words, with the sign of the variance. */
  readonly test: string;
  readonly side: CorrectSide;
  /** What to do, in general; a contribution's action names the documents. */
  readonly resolution: string;
  readonly example: WorkedExample;
  /** A special case of another cause: where its own test holds, the other one's says nothing. */
  readonly refines?: CauseCode;
  /** Whether such postings come late by their nature, so that a long delay does not speak against it. */
  readonly isLate?: boolean;
  /** The test for one document. Causes without it are found on whole keys, on several items or on the whole run. */
  judge?(residual: Residual, item: ItemCase): Fit | undefined;
}
