/**
 * Compares snapshots as sets in DuckDB: distinct codes are resolved by the core, rows are added up and joined by numbers.
 * Decides the order of the work; never what a row means. The engine for Parquet.
 */
import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type InFlightQuantity, UNMAPPED } from '../../core/model/balance.ts';
import { Failure } from '../../core/model/failure.ts';
import { findCaseCollision } from '../../core/normalize/case-collision.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import type { BalanceInput, Engine, EngineOptions, EngineResult, StatusQuantity } from '../comparison-input.ts';
import { type AggregatedSource, aggregateInput, type LotLookup } from './aggregate-source.ts';
import { type OpenSource, openSource } from './open-source.ts';
import { readComparison } from './read-comparison.ts';
import { type ResolvedSource, resolveSource } from './resolve-source.ts';
import { createRunNames, type RunNames } from './run-names.ts';
import { Session } from './session.ts';
import type { KeyLayout } from './source-shape.ts';
import { copyHistory, findHistory, historyPart, judgedTable, parquetRowCount } from './statement-builder.ts';

/** Items of a run stay below this number, so that the key's width is known before every item is. */
const ITEMS_MAX = 2 ** 31;
const KEY_BITS_MAX = 2 ** 62;

export const compareWithSql: Engine = async (plan, inputs, inFlight, options) => {
  const session = await Session.open(inputs, options);
  try {
    return await new SqlRun(session, plan, inputs, options).compare(inFlight);
  } catch (error) {
    await session.close();
    throw error;
  }
};

class SqlRun {
  private readonly session: Session;
  private readonly inputs: readonly BalanceInput[];
  private readonly options: EngineOptions;
  private readonly names: RunNames;
  private readonly lots: LotLookup = { raws: [], cleans: [] };

  constructor(session: Session, plan: Plan, inputs: readonly BalanceInput[], options: EngineOptions) {
    this.session = session;
    this.inputs = inputs;
    this.options = options;
    this.names = createRunNames(plan);
  }

  async compare(inFlight: readonly InFlightQuantity[]): Promise<EngineResult> {
    const { session, names } = this;
    await session.createTable(
      'lookup_lots',
      [
        ['raw', 'VARCHAR'],
        ['clean', 'VARCHAR'],
      ],
      [[], []],
    );
    const opened: OpenSource[] = [];
    for (const [index, input] of this.inputs.entries()) opened.push(await openSource(session, index, input));
    const total = opened.reduce((sum, source) => sum + source.rows, 0);
    const resolved: ResolvedSource[] = [];
    session.beginStage('look up codes', 0, 0, total);
    for (const source of opened) resolved.push(await resolveSource(session, source, names, false));
    for (const at of inFlight) {
      names.sites.number(at.site);
      names.owners.number(at.owner);
    }
    const layout = this.layout();
    const sources: AggregatedSource[] = [];
    let done = 0;
    for (const source of resolved) {
      const { rows, input } = source.source;
      session.beginStage(`read ${input.rules.role}`, done, rows, total);
      sources.push(await aggregateInput(session, source, names, layout, this.lots));
      done += rows;
    }
    this.refuseCaseCollision();
    session.beginStage('compare', 0, total, total);
    const comparison = await readComparison(session, sources, inFlight, names, layout);
    this.options.onProgress('compare', total, total);
    return {
      engine: `sql, ${this.options.threads} ${this.options.threads === 1 ? 'thread' : 'threads'}`,
      comparison,
      inputs: sources.map((source) => source.outcome),
      keepBalances: (path) => this.keepBalances(path, sources, total),
      findBalances: (isWanted) => this.findBalances(isWanted, sources),
      close: () => session.close(),
    };
  }

  private refuseCaseCollision(): void {
    const { plan, items } = this.names;
    if (plan.isCaseDeclared) return;
    const known = plan.master.items;
    const collision = findCaseCollision(
      [...known.keys()],
      items.names.filter((item) => item !== '' && !known.has(item)),
    );
    if (collision === undefined) return;
    throw new Failure(
      'refused',
      'CASE_COLLISION',
      `The item codes ${collision[0]} and ${collision[1]} differ only by case.`,
      'Declare item_case: exact if they are two items, item_case: upper if they are one.',
    );
  }

  private layout(): KeyLayout {
    const { plan, sites, owners, statuses } = this.names;
    const size = {
      sites: Math.max(1, sites.names.length),
      owners: owners.names.length,
      categories: Math.max(1, plan.categories.length),
      statuses: Math.max(1, statuses.names.length),
    };
    const places = Math.max(size.owners * size.sites * size.categories, size.sites * size.statuses);
    return { ...size, keyType: places < KEY_BITS_MAX / ITEMS_MAX ? 'BIGINT' : 'HUGEINT' };
  }

  /** The rows of each input by key and native status, as the history has them. */
  private async historyParts(sources: readonly AggregatedSource[]): Promise<string[]> {
    await this.session.createTable(
      'lookup_lots',
      [
        ['raw', 'VARCHAR'],
        ['clean', 'VARCHAR'],
      ],
      [this.lots.raws, this.lots.cleans],
    );
    const { systems } = this;
    return sources.map(({ resolved: { shape, source }, judged }) =>
      historyPart(
        shape,
        systems.indexOf(source.input.rules.system),
        judged.length > 0 ? judgedTable(shape.index) : undefined,
      ),
    );
  }

  private get systems(): string[] {
    return [...new Set(this.inputs.map((input) => input.rules.system))];
  }

  private async findBalances(
    isWanted: (item: string) => boolean,
    sources: readonly AggregatedSource[],
  ): Promise<StatusQuantity[]> {
    const { session, names, systems } = this;
    const wanted = names.items.names.flatMap((name, number) => (isWanted(name) ? [number] : []));
    await session.createTable('found_items', [['item', 'INTEGER']], [wanted]);
    const rows = await session.rows(findHistory(await this.historyParts(sources)));
    return rows.map(([system, site, item, owner, lot, status, slot, quantity]) => ({
      system: systems[Number(system)] as string,
      site: names.sites.names[Number(site)] as string,
      item: names.items.names[Number(item)] as string,
      owner: names.owners.names[Number(owner)] as string,
      lot: String(lot),
      status: names.statuses.names[Number(status)] as string,
      category: Number(slot) >= 0 ? Number(slot) : UNMAPPED,
      quantity: Number(quantity),
    }));
  }

  private async keepBalances(
    path: string,
    sources: readonly AggregatedSource[],
    total: number,
  ): Promise<{ readonly rows: number }> {
    const { session, names, systems } = this;
    session.beginStage('history', 0, total, total);
    const lists = {
      system: systems,
      site: names.sites.names,
      item: names.items.names,
      owner: names.owners.names,
      status: names.statuses.names,
      category: names.plan.categories,
    };
    for (const [name, list] of Object.entries(lists)) {
      await session.createTable(
        `names_${name}`,
        [
          ['id', 'INTEGER'],
          ['name', 'VARCHAR'],
        ],
        [list.map((_, index) => index), list],
      );
    }
    const parts = await this.historyParts(sources);
    const aside = join(session.folder, 'balances.parquet');
    await session.run(copyHistory(parts, aside, names.plan.quantityDecimals));
    const [[rows]] = (await session.rows(parquetRowCount(aside))) as [[bigint | null]];
    // The engine may write to its own folder only; the caller's may lie on another disk.
    await rename(aside, path).catch(async () => {
      await copyFile(aside, path);
      await rm(aside);
    });
    return { rows: Number(rows ?? 0n) };
  }
}
