/**
 * Compares snapshots in two passes of worker threads: one over the bytes of the files, one over partitions by item.
 * Decides who reads what and in which memory; never what a row means. Reads everything but Parquet.
 */
import { join } from 'node:path';
import type { InFlightQuantity } from '../../core/model/balance.ts';
import { Failure } from '../../core/model/failure.ts';
import { findCaseCollision } from '../../core/normalize/case-collision.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { SMALL_ROWS_MAX } from '../../duckdb/small-parquet.ts';
import {
  type BalanceInput,
  type EngineOptions,
  type EngineResult,
  INLINE_BYTES_MAX,
  type StatusQuantity,
} from '../comparison-input.ts';
import { findBalances, keepBalances } from './keep-balances.ts';
import { mergeNames, type RunNames } from './merge-names.ts';
import { packPlan } from './packed-master.ts';
import type { Coverage } from './partition-comparer.ts';
import type { StoredPartitions } from './partition-store.ts';
import { InlinePassThread, type PassThread, type ThreadSupply, WorkerPassThread } from './pass-thread.ts';
import type { WorkerSetup } from './pass-worker.ts';
import { RestartExactly, ScanBook } from './scan-book.ts';
import { splitEvenly, splitExactly } from './split-file.ts';
import { toComparison } from './to-comparison.ts';
import { partitionOf } from './worker-names.ts';

const RANGE_BYTES = 4 << 20;
/** Input bytes per partition: about 80,000 rows, whose groups nearly stay in the processor's cache; more partitions would not. */
const PARTITION_BYTES = 5 << 20;
const PARTITIONS_MAX = 1024;
/** Rows keep their category in eight bits, 0 being none. */
const CATEGORIES_MAX = 254;
/** Memory beside the stored rows: code and heap of the process, and per worker a range, its names and one partition. */
const PROCESS_BYTES = 192 << 20;
const WORKER_BYTES = 112 << 20;

/** Options that tests shrink so that small inputs take the ways of large ones. */
export interface PassOptions extends EngineOptions {
  readonly rangeBytes?: number;
  readonly partitions?: number;
  readonly isInline?: boolean;
  readonly storeBytes?: number;
  /** Balances of more rows are kept by the database. */
  readonly smallRowsMax?: number;
  /** Threads that were started ahead. */
  readonly threadSupply?: ThreadSupply | undefined;
}

/** As every Engine; see PassOptions for what only this one may be told. */
export const compareWithPasses = async (
  plan: Plan,
  inputs: readonly BalanceInput[],
  inFlight: readonly InFlightQuantity[],
  options: PassOptions,
): Promise<EngineResult> => {
  const run = async (isExact: boolean): Promise<EngineResult> => {
    const pass = new PassRun(plan, inputs, options, isExact);
    try {
      return await pass.compare(inFlight);
    } catch (error) {
      await pass.close();
      throw options.signal.aborted ? cancelled() : error;
    }
  };
  try {
    return await run(false);
  } catch (error) {
    if (error instanceof RestartExactly) return run(true);
    throw error;
  }
};

function cancelled(): Failure {
  return new Failure('cancelled', 'CANCELLED', 'The run was cancelled; nothing was written.');
}

function refuseCaseCollision(plan: Plan, known: readonly string[], unknown: readonly string[]): void {
  const collision = plan.isCaseDeclared ? undefined : findCaseCollision(known, unknown);
  if (collision === undefined) return;
  throw new Failure(
    'refused',
    'CASE_COLLISION',
    `The item codes ${collision[0]} and ${collision[1]} differ only by case.`,
    'Declare item_case: exact if they are two items, item_case: upper if they are one.',
  );
}

function startThread(setup: WorkerSetup, supply: ThreadSupply | undefined): WorkerPassThread {
  const thread = supply?.take() ?? new WorkerPassThread();
  // A failure comes with the first call that follows.
  thread.setup(setup).catch(() => undefined);
  return thread;
}

function rowsOf(stores: readonly StoredPartitions[]): number {
  return stores.reduce((sum, store) => sum + store.rows.reduce((all, rows) => all + rows, 0), 0);
}

class PassRun {
  private readonly plan: Plan;
  private readonly inputs: readonly BalanceInput[];
  private readonly options: PassOptions;
  private readonly isExact: boolean;
  private readonly partitions: number;
  private readonly threads: PassThread[] = [];
  private isClosed = false;
  private readonly book: ScanBook;
  private readonly stop = (): void => void this.close();

  constructor(plan: Plan, inputs: readonly BalanceInput[], options: PassOptions, isExact: boolean) {
    this.plan = plan;
    this.inputs = inputs;
    this.options = options;
    this.isExact = isExact;
    this.book = new ScanBook(inputs, isExact, plan.quantityDecimals);
    const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
    const wanted = Math.max(1, Math.ceil(bytes / PARTITION_BYTES));
    this.partitions = options.partitions ?? Math.min(PARTITIONS_MAX, 2 ** Math.ceil(Math.log2(wanted)));
    const isInline = options.isInline ?? (bytes <= INLINE_BYTES_MAX || options.threads === 1);
    const count = isInline && options.isInline === undefined ? 1 : options.threads;
    const storeBytes =
      options.storeBytes ?? Math.max(32 << 20, options.memoryBytes - PROCESS_BYTES - count * WORKER_BYTES);
    const packed = packPlan(plan.input);
    for (let index = 0; index < count; index++) {
      const setup: WorkerSetup = {
        plan: packed,
        inputs: inputs.map(({ content, ...encoder }) => ({
          encoder,
          delimited: content.kind === 'delimited' ? content.delimited : undefined,
        })),
        partitions: this.partitions,
        storeBytes: Math.floor(storeBytes / count),
        spillPath: join(options.temporaryDirectory, `rows-${isExact ? 'exact-' : ''}${index}.spill`),
      };
      this.threads.push(
        isInline ? new InlinePassThread(setup) : startThread(setup, isExact ? undefined : options.threadSupply),
      );
    }
    options.signal.addEventListener('abort', this.stop);
  }

  async compare(inFlight: readonly InFlightQuantity[]): Promise<EngineResult> {
    const { threads, book, plan, inputs } = this;
    if (this.options.signal.aborted) throw cancelled();
    if (plan.categories.length > CATEGORIES_MAX)
      throw new Failure(
        'configuration',
        'TOO_MANY_CATEGORIES',
        `${plan.categories.length} categories; at most ${CATEGORIES_MAX} are compared`,
        'Merge some of them.',
      );
    await this.scan();
    book.check();
    await (threads[0] as PassThread).call('takeInFlight', inFlight);
    const ends = await Promise.all(threads.map((thread) => thread.call('finishScan')));
    const knownItems = [...plan.master.items.keys()];
    const { names, maps } = mergeNames(
      knownItems,
      ends.map((end) => end.names),
    );
    refuseCaseCollision(plan, knownItems, names.items.slice(knownItems.length));
    const stores = ends.map((end) => end.stored);
    const coverage = this.coverage(names.sites);
    await Promise.all(threads.map((thread) => thread.call('beginCompare', { stores, maps, names, coverage })));
    await this.eachPartition('compare', (thread, partition) => thread.call('compare', partition));
    const found = await Promise.all(threads.map((thread) => thread.call('finishCompare')));
    const overflow = found.find((part) => part.overflow !== '')?.overflow;
    if (overflow)
      throw new Failure(
        'refused',
        'QUANTITY_OVERFLOW',
        `The quantities of ${overflow} add up to more than can be exact.`,
        'Check the quantities; if they are right, lower quantity_decimals.',
      );
    const systems = inputs.map((input) => input.rules.system);
    return {
      engine: 'passes',
      comparison: toComparison(found, names, systems),
      inputs: book.outcomes(
        ends.map((end) => end.counts),
        found.map((part) => part.duplicates),
      ),
      keepBalances: (path) =>
        keepBalances(path, threads, {
          temporaryDirectory: this.options.temporaryDirectory,
          plan,
          names,
          systems,
          isSmall: rowsOf(stores) <= (this.options.smallRowsMax ?? SMALL_ROWS_MAX),
          release: () => this.close(),
          eachPartition: (write) => this.eachPartition('history', write),
        }),
      findBalances: (isWanted) => this.findBalances(isWanted, names, systems),
      hashFile: this.hasher(),
      close: () => this.close(),
    };
  }

  private async findBalances(
    isWanted: (item: string) => boolean,
    names: RunNames,
    systems: readonly string[],
  ): Promise<StatusQuantity[]> {
    const wanted = Uint8Array.from(names.items, (name) => (isWanted(name) ? 1 : 0));
    const items = names.items.filter((_, item) => wanted[item] === 1);
    const partitions = [...new Set(items.map((item) => partitionOf(item, this.partitions)))];
    const found = await findBalances(this.threads, wanted, (find) => this.eachPartition('balances', find, partitions));
    return found.map(({ system, site, item, owner, lot, status, category, scaled }) => ({
      system: systems[system] as string,
      site: names.sites[site] as string,
      item: names.items[item] as string,
      owner: names.owners[owner] as string,
      lot,
      status: names.statuses[status] as string,
      category: category - 1,
      quantity: scaled,
    }));
  }

  /** Spreads files over the threads; undefined where there are none. */
  private hasher(): EngineResult['hashFile'] {
    const threads = this.threads.filter((thread) => thread instanceof WorkerPassThread);
    let next = 0;
    if (threads.length === 0) return undefined;
    return (path) => (threads[next++ % threads.length] as WorkerPassThread).hashFile(path);
  }

  private async scan(): Promise<void> {
    const { inputs, options, book } = this;
    const rangeBytes = options.rangeBytes ?? RANGE_BYTES;
    const split = this.isExact ? splitExactly : splitEvenly;
    const tasks = inputs.flatMap((input, index) =>
      input.content.kind === 'delimited' ? split(input.content.delimited, index, rangeBytes) : [],
    );
    book.expect(tasks);
    const total = tasks.reduce((sum, task) => sum + task.to - task.from, 0);
    let done = 0;
    let next = 0;
    const readRanges = async (thread: PassThread): Promise<void> => {
      while (next < tasks.length && !book.hasFault) {
        const index = next++;
        const task = tasks[index] as (typeof tasks)[number];
        book.take(index, await thread.call('scan', task));
        done += task.to - task.from;
        options.onProgress('read', done, total);
        if (options.signal.aborted) throw cancelled();
      }
    };
    const [first] = this.threads as [PassThread];
    await Promise.all([this.readRows(first), ...this.threads.map(readRanges)]);
  }

  /** Inputs that are no delimited text go row by row through one worker. */
  private async readRows(thread: PassThread): Promise<void> {
    for (const [index, input] of this.inputs.entries()) {
      if (input.content.kind !== 'rows') continue;
      const table = await input.content.open();
      for await (const rows of table.batches) {
        if (this.options.signal.aborted) throw cancelled();
        const { rejections, fault } = await thread.call('takeRows', index, rows);
        this.book.takeRejections(index, rejections);
        if (fault) throw this.book.failure(index, fault, fault.row);
      }
    }
  }

  private async eachPartition(
    stage: string,
    work: (thread: PassThread, partition: number) => Promise<unknown>,
    partitions: readonly number[] = Array.from({ length: this.partitions }, (_, partition) => partition),
  ): Promise<void> {
    const { options, threads } = this;
    let next = 0;
    let done = 0;
    await Promise.all(
      threads.map(async (thread) => {
        while (next < partitions.length) {
          await work(thread, partitions[next++] as number);
          options.onProgress(stage, ++done, partitions.length);
          if (options.signal.aborted) throw cancelled();
        }
      }),
    );
  }

  private coverage(sites: readonly string[]): Coverage {
    const partial = new Set(
      this.inputs.filter((input) => input.completeness === 'partial').map((input) => input.rules.system),
    );
    return {
      erpPartial: this.inputs.some((input) => input.rules.role === 'erp' && partial.has(input.rules.system)),
      wmsPartial: sites.map((site) => partial.has(this.plan.wmsOf(site) ?? '')),
    };
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.options.signal.removeEventListener('abort', this.stop);
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}
