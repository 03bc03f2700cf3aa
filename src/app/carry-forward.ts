/**
 * Decides what a delta leaves as it was: the balances of its system in the last kept run that it does not mention are
 * compared again beside it. Never changes a kept run, and never guesses: a delta that does not fit it refuses the run.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { RunDocument } from '../contract/run.ts';
import type { Verdict } from '../core/gate/quality-gate.ts';
import { Failure } from '../core/model/failure.ts';
import { normalizeBalance } from '../core/normalize/normalize-balance.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { type Moment, parseTime } from '../core/normalize/time.ts';
import { openRows } from '../ingest/open-source.ts';
import type { RawRow } from '../ingest/raw-table.ts';
import type { RunStore } from '../store/run-store.ts';
import type { BalanceSource } from './balance-sources.ts';
import { CARRIED_HEADER, KeptBalances, openCarried } from './kept-balances.ts';
import { grainColumns } from './make-plan.ts';

export interface CarryOptions {
  readonly loaded: LoadedConfiguration;
  readonly plan: Plan;
  readonly sources: readonly BalanceSource[];
  readonly store: RunStore;
  /** A folder of the run's own. What is carried forward lies there until the run is over. */
  readonly work: string;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly signal: AbortSignal;
}

export interface CarriedForward {
  /** One source for each system with a delta, to be compared beside the others. */
  readonly sources: readonly BalanceSource[];
  readonly warnings: readonly Verdict[];
}

/**
 * Finds what each delta leaves as it was. A delta holds the new absolute balances of what has changed since the run that
 * kept its system's balances last: each of its rows replaces all that was kept of the row's site, owner, item, lot (as far
 * as the grain has them) and native status, quantity 0 included, and everything else is carried forward. Locations and
 * whatever else lies below that key add up within the delta, so it must hold all rows of a key and status that it mentions.
 * A row that is rejected replaces nothing. Several deltas of one system are one.
 *
 * Refused (Failure of kind `refused`): NO_BASE_SNAPSHOT, BASE_UNREADABLE, GRAIN_CHANGED, DELTA_NOT_NEWER. A configuration
 * that cannot work is a Failure of kind `configuration`: DELTA_MIXED, DELTA_CATEGORIES.
 */
export async function carryForward(options: CarryOptions): Promise<CarriedForward> {
  const systems = new Set(
    options.sources.filter(({ config }) => config.completeness === 'delta').map(({ config }) => config.system),
  );
  const sources: BalanceSource[] = [];
  const warnings: Verdict[] = [];
  for (const system of systems) {
    const carried = await new SystemCarrier(options, system).carry(`carried-${sources.length}.parquet`);
    sources.push(carried.source);
    warnings.push(...carried.warnings);
  }
  return { sources, warnings };
}

/** The run that a delta builds on, and the cut-off of the system's balances in it. */
interface Base {
  readonly run: RunDocument;
  readonly path: string;
  readonly asOf: Moment;
}

const LOAD_FULL = 'Load a full snapshot first.';
/** Names listed in one message. */
const NAMED_MAX = 12;

class SystemCarrier {
  private readonly options: CarryOptions;
  private readonly system: string;
  private readonly deltas: readonly BalanceSource[];
  private readonly warnings: Verdict[] = [];

  constructor(options: CarryOptions, system: string) {
    this.options = options;
    this.system = system;
    this.deltas = options.sources.filter(({ config }) => config.system === system);
  }

  async carry(fileName: string): Promise<{ source: BalanceSource; warnings: readonly Verdict[] }> {
    const { work, plan, threads, memoryBytes } = this.options;
    this.refuseUnfit();
    const base = await this.findBase();
    this.refuseOtherGrain(base.run);
    const written = join(work, fileName);
    const limits = { temporaryDirectory: work, threads, memoryBytes };
    const kept = await KeptBalances.open(base.path, limits);
    try {
      for (const delta of this.deltas) this.refuseOld(delta, await this.readReplaced(delta, kept), base);
      await kept.writeRest(this.system, written, plan.master.itemCase === 'upper').catch((error: Error) => {
        throw unreadable(base.run, error);
      });
      await this.warnOfNames(kept, written);
      await this.warnOfCosts(kept, written);
    } finally {
      kept.close();
    }
    this.warnOfFilters(base.run);
    return { source: await this.sourceOf(written, base, limits), warnings: this.warnings };
  }

  private refuseUnfit(): void {
    const { options, system, deltas } = this;
    if (deltas.some(({ config }) => config.completeness !== 'delta')) {
      throw new Failure(
        'configuration',
        'DELTA_MIXED',
        `some sources of ${system} are deltas and others are not; what the others hold would count twice`,
        `Say completeness: delta for all balances of ${system}, or for none.`,
      );
    }
    const { plan } = options;
    const hasOwner = plan.input.grain.owner && plan.input.grainRules.every(({ grain }) => grain.owner);
    const unkept = (plan.map.dimensions[system] ?? []).filter(
      (dimension) => dimension === 'location' || (dimension === 'owner' && !hasOwner),
    );
    if (unkept.length === 0) return;
    throw new Failure(
      'configuration',
      'DELTA_CATEGORIES',
      `categories of ${system} depend on ${unkept.join(' and ')}, which the kept balances do not hold, so nothing can be carried forward beside a delta`,
      unkept.includes('location')
        ? `Load full snapshots of ${system}, or write its categories without location.`
        : `Add owner to the grain, or load full snapshots of ${system}.`,
    );
  }

  /** The newest complete run that compared the system as a whole. One that cannot be read may be that run: it is not passed over. */
  private async findBase(): Promise<Base> {
    const { store } = this.options;
    const refuse = (why: string): Failure =>
      new Failure('refused', 'NO_BASE_SNAPSHOT', `a delta of ${this.system} needs kept balances; ${why}`, LOAD_FULL);
    for (const id of (await store.list()).reverse()) {
      const run = await store.read(id);
      if (!this.holdsSystem(run)) continue;
      const path = join(store.folderOf(id), 'balances.parquet');
      if (!existsSync(path)) throw refuse(`run ${id} kept none`);
      const asOf = latest(this.inputsOf(run).flatMap((input) => momentOf(input.as_of)));
      if (asOf === undefined)
        throw new Failure(
          'refused',
          'DELTA_NOT_NEWER',
          `the cut-off of ${this.system} in run ${id} is not known, so nothing can be called newer`,
          `Load a full snapshot of ${this.system} with as_of first.`,
        );
      return { run, path, asOf };
    }
    throw refuse('no complete run holds any');
  }

  private inputsOf(run: RunDocument): RunDocument['inputs'] {
    return run.inputs.filter((input) => input.kind === 'balances' && input.system === this.system);
  }

  private holdsSystem(run: RunDocument): boolean {
    const inputs = this.inputsOf(run);
    return (
      run.state === 'complete' &&
      run.filters.site.length === 0 &&
      run.filters.item.length === 0 &&
      inputs.length > 0 &&
      inputs.every((input) => input.completeness !== 'partial')
    );
  }

  /** Kept balances hold owner and lot only as far as the grain had them. Which items a rule took can only be told by the same configuration. */
  private refuseOtherGrain(base: RunDocument): void {
    const { configuration, hash } = this.options.loaded;
    const grain = grainColumns(configuration);
    const isSame = base.grain.length === grain.length && grain.every((column, at) => column === base.grain[at]);
    if (isSame && (Array.isArray(configuration.grain) || base.config_hash === hash)) return;
    const message = isSame
      ? `the configuration has changed since run ${base.run_id}, and with it perhaps the items that the grain's rules take`
      : `run ${base.run_id} kept ${base.grain.join(', ')}, and the grain is ${grain.join(', ')} now`;
    throw new Failure('refused', 'GRAIN_CHANGED', message, LOAD_FULL);
  }

  private refuseOld(delta: BalanceSource, asOf: Moment | undefined, base: Base): void {
    const { run_id } = base.run;
    if (asOf === undefined)
      throw new Failure(
        'refused',
        'DELTA_NOT_NEWER',
        `${delta.file.name}: the cut-off of this delta is not known, so it may be older than run ${run_id}`,
        'Say as_of for this source.',
      );
    if (asOf.epochMs > base.asOf.epochMs) return;
    throw new Failure(
      'refused',
      'DELTA_NOT_NEWER',
      `${delta.file.name}: the cut-off ${asOf.text} of this delta is not later than ${base.asOf.text}, that of ${this.system} in run ${run_id}`,
      'Send the next delta, or load a full snapshot.',
    );
  }

  /** Hands on the key of every row that the engines will accept, and returns the delta's latest cut-off. */
  private async readReplaced(delta: BalanceSource, kept: KeptBalances): Promise<Moment | undefined> {
    const { input, file } = delta;
    const { plan, work, signal } = this.options;
    const table = await openRows({ ...input, file, unknownColumns: [] }, work);
    // A binary fraction is written with an exponent here; the engine that reads Parquet takes it away too.
    const plain =
      input.content.kind === 'parquet' ? (await import('../engine/sql/open-source.ts')).plainNumber : undefined;
    let asOf = delta.asOf;
    for await (const batch of table.batches) {
      if (signal.aborted) throw new Failure('cancelled', 'CANCELLED', 'The run was cancelled; nothing was written.');
      for (const raw of batch) {
        if (raw.fault !== undefined || isTotal(raw, input.totalRow)) continue;
        if (input.asOfColumn !== undefined) {
          const time = parseTime(raw.values[input.asOfColumn]?.trim() ?? '', input.timeFormat);
          if (!time.ok) continue;
          asOf = latest(asOf === undefined ? [time.value] : [asOf, time.value]);
        }
        const row: Record<string, string> = {};
        for (const [column, position] of input.columns) row[column] = raw.values[position] ?? '';
        if (plain !== undefined && row['quantity'] !== undefined) row['quantity'] = plain(row['quantity']);
        const outcome = normalizeBalance(row, input.rules, plan);
        if (outcome.kind === 'balance') kept.replace(outcome.balance);
      }
    }
    return asOf;
  }

  /** What is kept under a name that means another by now was either kept before the alias, or is itself what an alias names. */
  private async warnOfNames(kept: KeptBalances, written: string): Promise<void> {
    const { master } = this.options.plan;
    for (const [column, aliases] of [
      ['item', master.itemAliases.get(this.system)],
      ['site', master.siteAliases.get(this.system)],
      ['owner', master.ownerAliases.get(this.system)],
    ] as const) {
      if (aliases === undefined || aliases.size === 0) continue;
      const names = (await kept.distinct(written, column)).filter((name) => (aliases.get(name) ?? name) !== name);
      if (names.length === 0) continue;
      const listed = `${names.slice(0, NAMED_MAX).join(', ')}${names.length > NAMED_MAX ? ' …' : ''}`;
      this.warn(
        'ALIASES_NOT_APPLIED',
        `balances of ${column} ${listed} are carried forward under that name, for which an alias gives another`,
        `If the alias is newer than these balances, load a full snapshot of ${this.system}.`,
      );
    }
  }

  private async warnOfCosts(kept: KeptBalances, written: string): Promise<void> {
    if (!this.deltas.some(({ input }) => input.columns.has('unit_cost'))) return;
    const { items } = this.options.plan.master;
    const found = await kept.distinct(written, 'item');
    const count = found.filter((item) => items.get(item)?.unitCost === undefined).length;
    if (count === 0) return;
    this.warn(
      'COSTS_NOT_CARRIED',
      `${count} items are carried forward without the unit cost that earlier balances gave: kept balances hold none`,
      'Give unit costs in the items file.',
    );
  }

  private warnOfFilters(base: RunDocument): void {
    const { sites, items } = this.options.plan.input;
    if (sites.length === 0 && items.length === 0) return;
    this.warn(
      'DELTA_FILTERED',
      `the run is limited to some sites or items, so the next delta builds on run ${base.run_id} again`,
      'Load this delta without --site and --item before the next one.',
    );
  }

  private warn(code: string, message: string, action: string): void {
    this.warnings.push({ severity: 'warning', code, source: this.deltas[0]?.input.name ?? '', message, action });
  }

  private async sourceOf(
    written: string,
    base: Base,
    limits: { readonly temporaryDirectory: string; readonly threads: number; readonly memoryBytes: number },
  ): Promise<BalanceSource> {
    const { run_id: runId } = base.run;
    const [delta] = this.deltas as readonly [BalanceSource];
    const { size, mtimeMs } = await stat(written);
    const { unit_cost: cost, currency } = delta.input.rules.constants;
    return {
      config: delta.config,
      input: {
        name: `${this.system} balances carried forward from ${runId}`,
        rules: {
          system: this.system,
          role: delta.input.rules.role,
          numberFormat: {},
          constants: {
            ...(cost === undefined ? {} : { unit_cost: cost, ...(currency === undefined ? {} : { currency }) }),
          },
          isCanonical: true,
        },
        completeness: 'full',
        unique: false,
        columns: new Map(CARRIED_HEADER.map((column, position) => [column, position])),
        header: CARRIED_HEADER,
        asOfColumn: undefined,
        timeFormat: {},
        totalRow: undefined,
        file: runId,
        bytes: size,
        content: { kind: 'rows', open: () => openCarried(written, limits) },
      },
      file: { path: written, name: runId, bytes: size, modifiedMs: mtimeMs },
      asOf: base.asOf,
      unknownColumns: [],
      isCarriedForward: true,
    };
  }
}

/** What an error means that came while kept balances were read and the rest of them written. */
function unreadable(base: RunDocument, error: Error): Error {
  if (/No space left|Out of Memory/i.test(error.message)) return error;
  const [reason = ''] = error.message.split('\n');
  return new Failure(
    'refused',
    'BASE_UNREADABLE',
    `the balances that run ${base.run_id} kept cannot be read: ${reason.replace(/^[\w ]*Error: /, '').replace(/ *['"][^'"]*\.parquet['"]/, '')}`,
    LOAD_FULL,
  );
}

function isTotal(row: RawRow, total: BalanceSource['input']['totalRow']): boolean {
  return total !== undefined && (row.values[total.column] ?? '').trim() === total.value;
}

/** The moment of a kept document, which has its offset; none where it is not known. */
function momentOf(text: string): Moment[] {
  const time = parseTime(text, {});
  return time.ok ? [time.value] : [];
}

function latest(moments: readonly Moment[]): Moment | undefined {
  return moments.reduce<Moment | undefined>(
    (best, moment) => (best === undefined || moment.epochMs > best.epochMs ? moment : best),
    undefined,
  );
}
