/** What the worker asks of those who know what a job does. Never knows a queue. */
import type { Transaction } from 'kysely';
import type { WorkState } from '../store/database/work-state.ts';
import type { ClaimedJob, JobOutcome } from '../store/work/jobs.ts';

/** Why a job must end before it is through. */
export type StopReason = 'cancelled' | 'server-stops' | 'lease-lost';

/** What became of a job, and what is written in the transaction that says so. */
export interface JobEnd {
  readonly outcome: JobOutcome;
  readonly write?: (transaction: Transaction<WorkState>, now: number) => Promise<void>;
}

export interface Attempt {
  readonly job: ClaimedJob;
  /** Its reason is a StopReason. */
  readonly signal: AbortSignal;
  /** Plain data; the newest is kept with the next renewal of the lease. */
  readonly onProgress: (progress: unknown) => void;
}

export interface JobHandler {
  /** What an earlier attempt came to that could not say so any more; undefined: to nothing. */
  recover?(job: ClaimedJob): Promise<JobEnd | undefined>;
  /** Why it is not begun just now, as an end that does not count; undefined: it may begin. */
  postpone?(job: ClaimedJob): Promise<JobEnd | undefined>;
  /** Written with the claim that begins an attempt. */
  begin?(transaction: Transaction<WorkState>, job: ClaimedJob, now: number): Promise<void>;
  /** Does it, or ends soon after the signal. What it throws fails the job. */
  perform(attempt: Attempt): Promise<JobEnd>;
  /** How a job ends that was stopped, or whose workers died too often. */
  end(job: ClaimedJob, outcome: JobOutcome): JobEnd;
  /** Written with each renewal that brings progress. */
  report?(transaction: Transaction<WorkState>, job: ClaimedJob, progress: unknown, now: number): Promise<void>;
}
