/**
 * How the job of a run is done: in a process of its own, and then by what lies on the disk. The folder of a run is there whole
 * or not at all, so it tells what an attempt came to that nobody heard the end of. Never compares anything itself.
 */
import { existsSync } from 'node:fs';
import type { Transaction } from 'kysely';
import type { PinnedFiles } from '../app/source-files.ts';
import { inSpan, type Span, type Tracing } from '../app/tracing.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { WorkState } from '../store/database/work-state.ts';
import { findRoomProblem } from '../store/disk-room.ts';
import { RunStore } from '../store/run-store.ts';
import { appendEvents } from '../store/work/events.ts';
import type { ClaimedJob, FailureNote, JobOutcome } from '../store/work/jobs.ts';
import { endRun, type RunEnd, type RunPayload, type RunProgress, requeueRun, startRun } from '../store/work/runs.ts';
import type { Attempt, JobEnd, JobHandler, StopReason } from './job-handler.ts';
import type { JobLog } from './outage-log.ts';
import type { RunOrder } from './run-order.ts';
import { type ProcessEnd, runInProcess } from './run-process.ts';
import { noteOf, stopped } from './worker.ts';

export interface RunHandlerOptions {
  readonly dataDirectory: string;
  /** As it is in force when the run begins. */
  readonly configuration: () => Promise<LoadedConfiguration> | LoadedConfiguration;
  /** Files that were brought in and are to be read, where the request of the run names none. */
  readonly pinned?: () => Promise<PinnedFiles>;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly log: JobLog;
  readonly execArgv?: readonly string[];
  readonly tracing?: Tracing | undefined;
}

/** How long a cancelled run may take to end, and one whose server stops. */
const CANCEL_GRACE_MS = 10_000;
const STOP_GRACE_MS = 5_000;
/** A run whose process died, or that found no room on the disk, is tried again after so long. */
const RETRY_MS = 10_000;

export class RunHandler implements JobHandler {
  private readonly options: RunHandlerOptions;
  private readonly store: RunStore;
  /** Runs for which there was no room, so that each is told once. */
  private readonly waiting = new Set<string>();

  constructor(options: RunHandlerOptions) {
    this.options = options;
    this.store = new RunStore(options.dataDirectory);
  }

  async recover({ id }: ClaimedJob): Promise<JobEnd | undefined> {
    if (!existsSync(this.store.folderOf(id))) return undefined;
    const document = await this.store.read(id);
    if (document.state === 'complete') return endOf(id, { state: 'complete', document });
    const refusal = document.quality.find(({ severity }) => severity === 'refused');
    const { code = 'REFUSED', message = 'the quality gate refused it', action = '' } = refusal ?? {};
    return endOf(id, { state: 'refused', document, failure: { code, message, action } });
  }

  /** A full disk is waited for as long as it takes. */
  async postpone(job: ClaimedJob): Promise<JobEnd | undefined> {
    const problem = await findRoomProblem(this.options.dataDirectory);
    const isKnown = this.waiting.delete(job.id);
    if (!problem?.isFull) return undefined;
    this.waiting.add(job.id);
    const outcome: JobOutcome = { state: 'again', afterMs: RETRY_MS, failure: fullOf(problem.text), isCounted: false };
    if (isKnown) return { outcome };
    this.options.log.warn({ run: job.id, problem: problem.text }, 'a run waits for room on the disk');
    return this.end(job, outcome);
  }

  begin(transaction: Transaction<WorkState>, { id }: ClaimedJob, now: number): Promise<void> {
    return startRun(transaction, id, now);
  }

  report(transaction: Transaction<WorkState>, { id }: ClaimedJob, progress: unknown, now: number): Promise<void> {
    const document = { run_id: id, ...(progress as RunProgress) };
    return appendEvents(transaction, [{ kind: 'run.progress', document }], now);
  }

  end({ id }: ClaimedJob, outcome: JobOutcome): JobEnd {
    if (outcome.state === 'failed') return endOf(id, outcome);
    if (outcome.state === 'cancelled') return endOf(id, { state: 'cancelled' });
    return { outcome, write: (transaction, now) => requeueRun(transaction, id, now) };
  }

  perform(attempt: Attempt): Promise<JobEnd> {
    const start = { name: 'run', facts: { 'evenstock.run.id': attempt.job.id } };
    return inSpan(this.options.tracing, start, async (span) => {
      const end = await this.make(attempt, span);
      const { outcome } = end;
      span?.note({ 'evenstock.run.end': outcome.state === 'done' ? String(outcome.result) : outcome.state });
      if ('failure' in outcome) span?.fail(outcome.failure.code);
      return end;
    });
  }

  private async make({ job, signal, onProgress }: Attempt, span: Span | undefined): Promise<JobEnd> {
    const watch = new StageWatch();
    const ended = await runInProcess<RunOrder>({
      entry: 'run-entry',
      order: await this.orderOf(job),
      signal,
      graceMs: () => ((signal.reason as StopReason) === 'cancelled' ? CANCEL_GRACE_MS : STOP_GRACE_MS),
      onProgress: (stage, done, total) => onProgress(watch.progress(stage, done, total)),
      onStage: ({ name, fromMs, toMs }) => span?.record(`run ${name}`, fromMs, toMs),
      ...(this.options.execArgv && { execArgv: this.options.execArgv }),
    });
    const published = await this.recover(job);
    if (published !== undefined) return published;
    if (signal.aborted) return this.end(job, stopped(signal.reason));
    return this.end(job, this.withoutFolder(job, ended));
  }

  private async orderOf({ id, payload }: ClaimedJob): Promise<RunOrder> {
    const { dataDirectory, threads, memoryBytes } = this.options;
    const { configuration, directory, path, hash } = await this.options.configuration();
    const { filters, force, trace: _, ...asked } = payload as RunPayload;
    const pinned = (asked.pinned as PinnedFiles | undefined) ?? (await this.options.pinned?.());
    return {
      ...{ runId: id, dataDirectory, threads, memoryBytes, filters },
      ...{ configuration, directory, configurationPath: path, configurationHash: hash },
      ...(force && { force }),
      ...(pinned && { pinned }),
    };
  }

  /** Of a process that ended by itself and left no folder. */
  private withoutFolder(job: ClaimedJob, ended: ProcessEnd): JobOutcome {
    if (ended.kind === 'failed' && ended.failure.kind !== 'fault') {
      const { code, message, action } = ended.failure;
      const failure = { code, message, action };
      // Others may have filled it, and what the run wrote is gone. One that alone is too large fails in the end.
      const isWorthRetrying = code === 'DISK_FULL' && job.attemptsLeft > 0;
      return isWorthRetrying ? { state: 'again', afterMs: RETRY_MS, failure } : { state: 'failed', failure };
    }
    const how = ended.kind === 'died' ? ended.how : ended.kind === 'failed' ? ended.failure.message : 'no folder';
    this.options.log.error({ run: job.id, how }, 'the process of a run did not do its work');
    if (ended.kind !== 'died') return { state: 'failed', failure: noteOf(new Error(how)) };
    const failure = diedOf(ended.how);
    if (job.attemptsLeft <= 0) return { state: 'failed', failure };
    return { state: 'again', afterMs: RETRY_MS, failure };
  }
}

/** A run that the quality gate refused is work that was done. */
function endOf(id: string, end: RunEnd): JobEnd {
  return { outcome: outcomeOf(end), write: (transaction, now) => endRun(transaction, id, end, now) };
}

function outcomeOf(end: RunEnd): JobOutcome {
  if (end.state === 'failed') return end;
  return end.state === 'cancelled' ? { state: 'cancelled' } : { state: 'done', result: end.state };
}

function fullOf(problem: string): FailureNote {
  return { code: 'DISK_FULL', message: problem, action: 'Make room; the run begins by itself.' };
}

function diedOf(how: string): FailureNote {
  return {
    code: 'RUN_DIED',
    message: `the process of the run ended before its work was done: ${how.split('\n')[0]}`,
    action: 'Look at the log and at the memory of the machine, then ask for it again.',
  };
}

/** Works out how long a stage will still take, from how it went so far. */
class StageWatch {
  private stage = '';
  private since = 0;

  progress(stage: string, done: number, total: number): RunProgress {
    const now = performance.now();
    if (stage !== this.stage) {
      this.stage = stage;
      this.since = now;
    }
    const share = total === 0 ? 0 : done / total;
    const isTellable = share > 0.02 && share < 1;
    return {
      stage,
      done,
      total,
      msLeft: isTellable ? Math.round(((now - this.since) * (1 - share)) / share) : null,
    };
  }
}
