/**
 * Takes jobs from the queue and has them done, a few at a time. Decides when a lease is renewed, what a lost one means, and
 * that what became of a job is said until the store has heard it. Never knows what a job does.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { inSpan, type Span, type Tracing } from '../app/tracing.ts';
import { Failure } from '../core/model/failure.ts';
import type { TraceContext } from '../core/model/trace-context.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { storageFailure } from '../store/storage-failure.ts';
import { isStoreOutage } from '../store/store-outage.ts';
import { type ClaimedJob, claimJob, type FailureNote, finishJob, renewLease } from '../store/work/jobs.ts';
import type { JobEnd, JobHandler, StopReason } from './job-handler.ts';
import { type JobLog, OutageLog } from './outage-log.ts';

export interface WorkerSettings {
  readonly database: WorkDatabase;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** The store's clock (store-clock.ts). */
  readonly storeNow: () => Promise<number>;
  /** Names the process, for people. */
  readonly name: string;
  /** Jobs at a time. */
  readonly capacity: number;
  readonly log: JobLog;
  readonly timing?: Partial<WorkerTiming>;
  readonly tracing?: Tracing | undefined;
}

export interface WorkerTiming {
  readonly pollMs: number;
  /** How long others wait for a worker that has gone silent. */
  readonly leaseMs: number;
  readonly renewMs: number;
  /** How long a report waits before it is tried again. */
  readonly retryMs: number;
}

const TIMING: WorkerTiming = { pollMs: 1_000, leaseMs: 30_000, renewMs: 2_000, retryMs: 1_000 };

interface Held {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

export class Worker {
  private readonly settings: WorkerSettings;
  private readonly timing: WorkerTiming;
  private readonly held = new Map<string, Held>();
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;

  constructor(settings: WorkerSettings) {
    this.settings = settings;
    this.timing = { ...TIMING, ...settings.timing };
  }

  start(): void {
    this.loop = this.takeJobs();
  }

  /** Takes no more, and gives back what is under way. Resolves when all of it has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const { controller } of this.held.values()) controller.abort('server-stops' satisfies StopReason);
    await this.loop;
    await Promise.all([...this.held.values()].map(({ done }) => done));
  }

  private async takeJobs(): Promise<void> {
    const { signal } = this.stopping;
    const claims = new OutageLog(this.settings.log, 'ask for a job');
    while (!signal.aborted) {
      const job = await claims.attempt(() => this.claim());
      if (job === undefined) await sleep(this.timing.pollMs, undefined, { signal }).catch(() => undefined);
      else this.take(job);
    }
  }

  private async claim(): Promise<ClaimedJob | undefined> {
    const { database, handlers, storeNow, name, capacity } = this.settings;
    if (this.held.size >= capacity) return undefined;
    const kinds = Object.keys(handlers);
    return claimJob(database.db, { worker: name, kinds, now: await storeNow(), leaseMs: this.timing.leaseMs });
  }

  private warn(error: Error, message: string, job: ClaimedJob): void {
    this.settings.log.warn({ error: error.message, job: job.id }, message);
  }

  private take(job: ClaimedJob): void {
    const controller = new AbortController();
    if (this.stopping.signal.aborted) controller.abort('server-stops' satisfies StopReason);
    const done = inSpan(this.settings.tracing, spanOf(job), (span) => this.work(job, controller, span))
      .catch((error: Error) => this.warn(error, 'a job could not be ended', job))
      .finally(() => this.held.delete(job.id));
    this.held.set(job.id, { controller, done });
  }

  private async work(job: ClaimedJob, controller: AbortController, span: Span | undefined): Promise<void> {
    const lease = new HeldLease(job, controller, this.settings, this.timing);
    const beating = lease.keep();
    let end: JobEnd;
    try {
      end = await this.endOf(job, controller.signal, (progress) => lease.note(progress));
    } finally {
      lease.release();
      await beating;
    }
    const { outcome } = end;
    span?.note({ 'evenstock.job.outcome': outcome.state });
    if ('failure' in outcome) span?.fail(outcome.failure.code);
    await this.report(job, end, controller.signal);
  }

  private async endOf(job: ClaimedJob, signal: AbortSignal, onProgress: (p: unknown) => void): Promise<JobEnd> {
    const handler = this.settings.handlers[job.kind] as JobHandler;
    try {
      const earlier = job.attempts > 1 ? await handler.recover?.(job) : undefined;
      if (earlier !== undefined) return earlier;
      if (job.isCancelRequested) return handler.end(job, { state: 'cancelled' });
      if (job.attemptsLeft < 0) return handler.end(job, { state: 'failed', failure: exhausted(job) });
      if (signal.aborted) return handler.end(job, stopped(signal.reason));
      const later = await handler.postpone?.(job);
      if (later !== undefined) return later;
      // A report under a lost lease is refused.
      if (!(await this.begin(job, handler))) return { outcome: { state: 'handed-back' } };
      return await handler.perform({ job, signal, onProgress });
    } catch (error) {
      // The store is to blame, not the job: it is done once the store works again.
      if (isStoreOutage(error)) return handler.end(job, { state: 'handed-back' });
      const failure = storageFailure(error);
      if (!(failure instanceof Failure)) this.settings.log.error({ job: job.id, error }, 'a job threw');
      return handler.end(job, { state: 'failed', failure: noteOf(failure) });
    }
  }

  private async begin(job: ClaimedJob, handler: JobHandler): Promise<boolean> {
    const now = await this.settings.storeNow();
    return this.settings.database.db.transaction().execute(async (transaction) => {
      const { isHeld } = await renewLease(transaction, job, { until: now + this.timing.leaseMs });
      if (isHeld) await handler.begin?.(transaction, job, now);
      return isHeld;
    });
  }

  /** Tells the store, again and again if need be. A server that stops leaves it to whoever takes the job over. */
  private async report(job: ClaimedJob, end: JobEnd, signal: AbortSignal): Promise<void> {
    const reports = new OutageLog(this.settings.log, `say what became of job ${job.id}`);
    for (;;) {
      const isOwn = await reports.attempt(() => this.tell(job, end));
      if (isOwn === false)
        this.settings.log.warn({ job: job.id }, 'the report of a job was refused: another worker has it');
      if (isOwn !== undefined || this.stopping.signal.aborted || signal.reason === 'lease-lost') return;
      await sleep(this.timing.retryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async tell(job: ClaimedJob, { outcome, write }: JobEnd): Promise<boolean> {
    const now = await this.settings.storeNow();
    return this.settings.database.db.transaction().execute(async (transaction) => {
      const isOwn = await finishJob(transaction, job, outcome, now);
      if (isOwn) await write?.(transaction, now);
      return isOwn;
    });
  }
}

/** Renews one lease while its job is under way, brings progress to the store, and hears there what people want. */
class HeldLease {
  private readonly job: ClaimedJob;
  private readonly controller: AbortController;
  private readonly settings: WorkerSettings;
  private readonly timing: WorkerTiming;
  private readonly released = new AbortController();
  private progress: unknown;

  constructor(job: ClaimedJob, controller: AbortController, settings: WorkerSettings, timing: WorkerTiming) {
    this.job = job;
    this.controller = controller;
    this.settings = settings;
    this.timing = timing;
  }

  note(progress: unknown): void {
    this.progress = progress;
  }

  release(): void {
    this.released.abort();
  }

  /** Until it is released or lost. A store that does not answer is asked again: what is under way goes on. */
  async keep(): Promise<void> {
    const { signal } = this.released;
    const renewals = new OutageLog(this.settings.log, `renew the lease on job ${this.job.id}`);
    for (;;) {
      await sleep(this.timing.renewMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      if ((await renewals.attempt(() => this.renew())) === false)
        return this.controller.abort('lease-lost' satisfies StopReason);
    }
  }

  private async renew(): Promise<boolean> {
    const { job, progress } = this;
    const { database, storeNow, handlers } = this.settings;
    this.progress = undefined;
    const now = await storeNow();
    const { isHeld, isCancelRequested } = await database.db.transaction().execute(async (transaction) => {
      const renewed = await renewLease(transaction, job, { until: now + this.timing.leaseMs, progress });
      if (renewed.isHeld && progress !== undefined) await handlers[job.kind]?.report?.(transaction, job, progress, now);
      return renewed;
    });
    if (isCancelRequested) this.controller.abort('cancelled' satisfies StopReason);
    return isHeld;
  }
}

/** How a job ends that was stopped for a reason. */
export function stopped(reason: StopReason): JobEnd['outcome'] {
  return reason === 'cancelled' ? { state: 'cancelled' } : { state: 'handed-back' };
}

/** Part of the request that asked for it, where that was traced. */
function spanOf({ id, kind, attempts, payload }: ClaimedJob) {
  const { trace } = (payload ?? {}) as { readonly trace?: TraceContext };
  const facts = { 'evenstock.job.id': id, 'evenstock.job.kind': kind, 'evenstock.job.attempt': attempts };
  return { name: `job ${kind}`, kind: 'consumer', parent: trace, facts } as const;
}

function exhausted({ attempts }: ClaimedJob): FailureNote {
  return {
    code: 'WORKERS_DIED',
    message: `${attempts - 1} processes that began with it ended before it was done`,
    action: 'Look at the log and at the memory of the machine, then ask for it again.',
  };
}

/** What is kept of an error that failed a job. */
export function noteOf(error: unknown): FailureNote {
  if (error instanceof Failure) return { code: error.code, message: error.message, action: error.action };
  return {
    code: 'INTERNAL',
    message: 'it failed by a fault of the program',
    action: 'The log has the details; please report them.',
  };
}
