/**
 * Says how the discrepancies of a kept run would differ under another mapping: the balances that the run kept are put into the
 * new categories by the core's own rules and compared again. Never changes the run, and never takes off what is in flight: that a
 * run works out from its messages, category by category.
 */
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { exceeds, limitsFor } from '../core/compare/tolerance.ts';
import { valueMinor } from '../core/compare/unit-cost.ts';
import { type CategoryMap, compileCategoryMap } from '../core/mapping/category-map.ts';
import type { Role } from '../core/model/balance.ts';
import { type Decimal, ExactSum, formatFixed, formatScaled } from '../core/model/decimal.ts';
import type { MasterData } from '../core/normalize/master-data.ts';
import { parseDecimal } from '../core/normalize/number.ts';
import { type DuckDb, openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import type { MappingDocument } from '../store/work/mapping-versions.ts';
import type { CompleteRun } from './kept-results.ts';
import { toleranceOf } from './make-plan.ts';
import { keptBalances } from './mapping-matrix.ts';
import { readMasterData } from './read-master-data.ts';
import { SourceFiles } from './source-files.ts';

/** A status whose rules the kept balances cannot decide: they keep no location, and nothing of what the run ignored. */
export interface UndecidedStatus {
  readonly system: string;
  readonly status: string;
  readonly why: 'location' | 'ignored-before';
}

/** Keys whose balances differ by more than the tolerance, before what is in flight is taken off. */
interface PreviewSums {
  readonly keys: number;
  readonly gross_variance_quantity: string;
  readonly gross_variance_value: string;
  /** Keys of items of which no cost is known. */
  readonly unvalued: number;
}

/** A key that would change: its variance (WMS − ERP) before and after, '' where it is or would be within tolerance. */
export interface PreviewLine {
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: string;
  readonly before: string;
  readonly after: string;
  readonly value_before: string;
  readonly value_after: string;
}

export interface MappingPreview {
  readonly run_id: string;
  readonly currency: string;
  readonly before: PreviewSums;
  readonly after: PreviewSums;
  /** Keys that would come to differ, would not any more, or would by another amount. */
  readonly appear: number;
  readonly vanish: number;
  readonly change: number;
  /** Statuses that would stand in another category. */
  readonly statuses: readonly { readonly system: string; readonly status: string }[];
  /** Empty: the figures are exact. */
  readonly undecided: readonly UndecidedStatus[];
  /** Those that change most, at most 100. */
  readonly lines: readonly PreviewLine[];
}

export interface PreviewOptions {
  readonly run: CompleteRun;
  readonly loaded: LoadedConfiguration;
  /** The mapping that the run was made with is read from its balances; this is the one that is tried. */
  readonly current: MappingDocument;
  readonly next: MappingDocument;
  readonly temporaryDirectory: string;
}

const LINES_MAX = 100;
const MEMORY_BYTES = 1e9;

export async function previewMapping(options: PreviewOptions): Promise<MappingPreview> {
  const { run, loaded, temporaryDirectory } = options;
  const { master } = await readMasterData(loaded.configuration, new SourceFiles(loaded), temporaryDirectory);
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: MEMORY_BYTES });
  try {
    return await new Preview(options, master, database).make(run);
  } finally {
    database.close();
  }
}

class Preview {
  private readonly options: PreviewOptions;
  private readonly master: MasterData;
  private readonly database: DuckDb;
  private readonly next: CategoryMap;

  constructor(options: PreviewOptions, master: MasterData, database: DuckDb) {
    this.options = options;
    this.master = master;
    this.database = database;
    const { systems } = options.loaded.configuration;
    this.next = compileCategoryMap(options.next.categories, options.next.ignore, systems);
  }

  async make(run: CompleteRun): Promise<MappingPreview> {
    const { changed, undecided } = await this.mapAgain(run);
    const book = new PreviewBook(this.options, this.master);
    for await (const key of this.outOfStep(run)) book.add(key);
    return { ...book.finish(), statuses: changed, undecided };
  }

  /** A table `again`: facts that decide, and the category that they lead to now. Each combination is resolved once. */
  private async mapAgain(run: CompleteRun) {
    const { systems } = this.options.loaded.configuration;
    const facts = await this.database.rows(
      `SELECT DISTINCT system, status, site, owner, ${this.itemClass()} AS class, category FROM ${keptBalances(run)}`,
    );
    await this.database.run(
      'CREATE TABLE again (system VARCHAR, status VARCHAR, site VARCHAR, owner VARCHAR, class VARCHAR, old VARCHAR, new VARCHAR)',
    );
    const changed = new Map<string, { system: string; status: string }>();
    const rows: string[] = [];
    for (const [system, status, site, owner, itemClass, category] of facts.map((row) => row.map(String))) {
      const role = systems[system as string]?.role;
      if (role === undefined) continue;
      const to = this.categoryOf(system as string, role, {
        status: status as string,
        site: site as string,
        owner: owner as string,
        itemClass: itemClass as string,
        kept: category as string,
      });
      if (to !== category)
        changed.set(JSON.stringify([system, status]), { system: system as string, status: status as string });
      rows.push(
        `(${[system, status, site, owner, itemClass, category, to].map((text) => sqlText(text as string)).join(', ')})`,
      );
    }
    for (let start = 0; start < rows.length; start += 1_000)
      await this.database.run(`INSERT INTO again VALUES ${rows.slice(start, start + 1_000).join(', ')}`);
    return { changed: [...changed.values()], undecided: this.undecided(facts) };
  }

  /** Family and class of the item where any rule looks at them, as one text. */
  private itemClass(): string {
    const uses = Object.values(this.next.dimensions).flat();
    return uses.includes('family') || uses.includes('abcClass') ? 'item' : "''";
  }

  private categoryOf(
    system: string,
    role: Role,
    given: { status: string; site: string; owner: string; itemClass: string; kept: string },
  ): string {
    const { status, site, owner, itemClass, kept } = given;
    // The run knew the location; where the rules of the status stay as they were, so does its category.
    if (this.isAsBefore(system, status)) return kept;
    const record = this.master.items.get(itemClass);
    const facts = { status, site, owner, family: record?.family, abcClass: record?.abcClass };
    const result = this.next.resolve(system, role, facts);
    return result.kind === 'category' ? result.name : result.kind === 'ignored' ? IGNORED : '';
  }

  private isAsBefore(system: string, status: string): boolean {
    const { current, next } = this.options;
    return (
      rulesText(current, system, this.roleOf(system), status) === rulesText(next, system, this.roleOf(system), status)
    );
  }

  private roleOf(system: string): Role | undefined {
    return this.options.loaded.configuration.systems[system]?.role;
  }

  private undecided(facts: readonly (readonly unknown[])[]): UndecidedStatus[] {
    const found = new Map<string, UndecidedStatus>();
    for (const [system, status] of facts.map((row) => row.map(String)) as [string, string][]) {
      if (this.isAsBefore(system, status)) continue;
      const role = this.roleOf(system);
      const texts = [this.options.current, this.options.next].map((mapping) =>
        rulesText(mapping, system, role, status),
      );
      if (texts.some((text) => text.includes('"location"')))
        found.set(JSON.stringify([system, status]), { system, status, why: 'location' });
    }
    for (const { system, status: statuses } of this.options.current.ignore)
      for (const status of statuses)
        if (!this.isAsBefore(system, status))
          found.set(JSON.stringify([system, status]), { system, status, why: 'ignored-before' });
    return [...found.values()];
  }

  /** Keys whose balances differ in the categories of the run or in the new ones. */
  private async *outOfStep(run: CompleteRun): AsyncGenerator<KeyBalances> {
    const { systems } = this.options.loaded.configuration;
    const erps = Object.entries(systems).flatMap(([id, { role }]) => (role === 'erp' ? [sqlText(id)] : []));
    const scale = 10 ** run.lines.quantityDecimals;
    const sum = (side: string, isErp: string): string =>
      `CAST(sum(CASE WHEN side = '${side}' AND ${isErp} THEN q ELSE 0 END) * ${scale} AS BIGINT)::DOUBLE`;
    const side = (name: string): string =>
      `SELECT site, item, owner, lot, ${name} AS category, quantity AS q, system IN (${erps.join(', ')}) AS is_erp,
        '${name}' AS side FROM mapped WHERE ${name} NOT IN ('', '${IGNORED}')`;
    const itemClass = this.itemClass().replace('item', 'b.item');
    await this.database.run(`CREATE TABLE mapped AS SELECT b.*, a.old, a.new FROM ${keptBalances(run)} AS b
      JOIN again AS a ON a.system = b.system AND a.status = b.status AND a.site = b.site AND a.owner = b.owner
        AND a.class = ${itemClass} AND a.old = b.category`);
    const lines = `read_parquet(${sqlText(run.lines.path.replaceAll(/[*?[]/g, '[$&]'))})`;
    const result = await this.database.connection.stream(`
      WITH sums AS (
        SELECT site, item, owner, lot, category, ${sum('old', 'is_erp')} AS old_erp, ${sum('old', 'NOT is_erp')} AS old_wms,
          ${sum('new', 'is_erp')} AS new_erp, ${sum('new', 'NOT is_erp')} AS new_wms
        FROM (${side('old')} UNION ALL ${side('new')}) GROUP BY ALL),
      costs AS (
        SELECT item, any_value(CAST(unit_cost AS VARCHAR)) AS cost FROM ${lines} WHERE unit_cost IS NOT NULL GROUP BY item)
      SELECT site, s.item, owner, lot, category, old_erp, old_wms, new_erp, new_wms, coalesce(cost, '')
      FROM sums AS s LEFT JOIN costs AS c ON c.item = s.item WHERE old_erp <> old_wms OR new_erp <> new_wms`);
    // Chunk by chunk: others are answered in between.
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      for (const row of chunk.getRows()) yield keyOf(row);
  }
}

function keyOf([
  site,
  item,
  owner,
  lot,
  category,
  oldErp,
  oldWms,
  newErp,
  newWms,
  cost,
]: readonly unknown[]): KeyBalances {
  return {
    name: {
      site: String(site),
      item: String(item),
      owner: String(owner),
      lot: String(lot),
      category: String(category),
    },
    before: { erp: Number(oldErp), wms: Number(oldWms) },
    after: { erp: Number(newErp), wms: Number(newWms) },
    cost: String(cost),
  };
}

/** The category of rows that the new rules leave out. */
const IGNORED = '\u0001ignored';

/** What the rules say of one status of one system, as text to compare. */
function rulesText(
  { categories, ignore }: MappingDocument,
  system: string,
  role: Role | undefined,
  status: string,
): string {
  const entryStatus = (entry: string | { readonly status: string }): string =>
    typeof entry === 'string' ? entry : entry.status;
  const named = Object.entries(categories).flatMap(([category, sides]) =>
    Object.entries(sides)
      .filter(([side]) => side === system || side === role)
      .flatMap(([, entries]) =>
        entries.filter((entry) => entryStatus(entry) === status).map((entry) => [category, entry]),
      ),
  );
  const left = ignore.filter((rule) => rule.system === system && rule.status.includes(status));
  return JSON.stringify([named, left]);
}

interface KeyBalances {
  readonly name: Pick<PreviewLine, 'site' | 'item' | 'owner' | 'lot' | 'category'>;
  readonly before: { readonly erp: number; readonly wms: number };
  readonly after: { readonly erp: number; readonly wms: number };
  readonly cost: string;
}

/** A variance beyond the tolerance; `minor` is null where no cost is known. */
interface Beyond {
  readonly variance: number;
  readonly minor: bigint | null;
}

/** Judges keys as a run does, and adds up what they are and would be. */
class PreviewBook {
  private readonly options: PreviewOptions;
  private readonly master: MasterData;
  private readonly tolerance: ReturnType<typeof toleranceOf>;
  private readonly before = new SideSums();
  private readonly after = new SideSums();
  private readonly lines: (PreviewLine & { readonly size: bigint })[] = [];
  private readonly counts = { appear: 0, vanish: 0, change: 0 };

  constructor(options: PreviewOptions, master: MasterData) {
    this.options = options;
    this.master = master;
    this.tolerance = toleranceOf(options.loaded.configuration);
  }

  add(key: KeyBalances): void {
    const before = this.judge(key, key.before);
    const after = this.judge(key, key.after);
    this.before.add(before);
    this.after.add(after);
    if (before?.variance === after?.variance) return;
    this.counts[before === undefined ? 'appear' : after === undefined ? 'vanish' : 'change']++;
    const { quantityDecimals, minorDecimals } = this.options.run.lines;
    const units = (side: Beyond | undefined) =>
      side === undefined ? '' : formatScaled(side.variance, quantityDecimals);
    const value = (side: Beyond | undefined) => (side?.minor == null ? '' : formatFixed(side.minor, minorDecimals));
    this.lines.push({
      ...key.name,
      before: units(before),
      after: units(after),
      value_before: value(before),
      value_after: value(after),
      size: magnitude((after?.minor ?? 0n) - (before?.minor ?? 0n)),
    });
    if (this.lines.length > LINES_MAX * 20) this.keepLargest();
  }

  private keepLargest(): void {
    this.lines.sort((a, b) => (a.size === b.size ? 0 : a.size < b.size ? 1 : -1)).splice(LINES_MAX);
  }

  private judge({ name, cost: known }: KeyBalances, { erp, wms }: { erp: number; wms: number }): Beyond | undefined {
    const { quantityDecimals, minorDecimals } = this.options.run.lines;
    const variance = wms - erp;
    const record = this.master.items.get(name.item);
    const cost = record?.unitCost ?? costOf(known);
    const minor = cost === undefined ? null : valueMinor(variance, quantityDecimals, cost, minorDecimals);
    const facts = { ...name, family: record?.family ?? '', abc_class: record?.abcClass ?? '' };
    const limits = limitsFor(this.tolerance, facts);
    return exceeds(variance, erp, minor, limits, quantityDecimals, minorDecimals) ? { variance, minor } : undefined;
  }

  finish(): Omit<MappingPreview, 'statuses' | 'undecided'> {
    const { document, lines } = this.options.run;
    this.keepLargest();
    return {
      run_id: document.run_id,
      currency: document.currency,
      before: this.before.finish(lines),
      after: this.after.finish(lines),
      ...this.counts,
      lines: this.lines.map(({ size: _size, ...line }) => line),
    };
  }
}

class SideSums {
  private keys = 0;
  private unvalued = 0;
  private value = 0n;
  private readonly quantity = new ExactSum();

  add(side: Beyond | undefined): void {
    if (side === undefined) return;
    this.keys++;
    this.quantity.add(Math.abs(side.variance));
    if (side.minor === null) this.unvalued++;
    else this.value += magnitude(side.minor);
  }

  finish({ quantityDecimals, minorDecimals }: CompleteRun['lines']): PreviewSums {
    return {
      keys: this.keys,
      gross_variance_quantity: formatScaled(this.quantity.total, quantityDecimals),
      gross_variance_value: formatFixed(this.value, minorDecimals),
      unvalued: this.unvalued,
    };
  }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function costOf(text: string): Decimal | undefined {
  const cost = text === '' ? undefined : parseDecimal(text, {});
  return cost?.ok ? cost.value : undefined;
}
