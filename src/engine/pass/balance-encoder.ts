/**
 * Turns the records of one balance file into rows of partitions. Plain records take a fast path over bytes; every other
 * record goes through the core's normalizeBalance, so that there is one definition of what a row means.
 * Never reads files.
 */
import { UNMAPPED } from '../../core/model/balance.ts';
import { SCALED_MAX } from '../../core/model/decimal.ts';
import type { Fault, Rejection } from '../../core/model/rejection.ts';
import { isForeignCurrency, resolveItem, resolveOwner, resolveSite } from '../../core/normalize/master-data.ts';
import {
  aliasSystemOf,
  type BalanceRow,
  type Exclusion,
  normalizeBalance,
  parseUnitCost,
} from '../../core/normalize/normalize-balance.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { type Moment, parseTime } from '../../core/normalize/time.ts';
import { BATCH_RECORDS } from '../../ingest/delimited/range-scanner.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import { REJECTIONS_LISTED_MAX } from '../comparison-input.ts';
import { CategoryColumn } from './category-column.ts';
import { CodeColumn, LEFT_OUT, NOTHING, SLOW } from './code-column.ts';
import { type EncoderCounts, type EncoderInput, noCounts, ValueFault } from './encoder-input.ts';
import { ItemFacts } from './item-facts.ts';
import { SIDE_ERP, SIDE_WMS } from './partition-store.ts';
import { plainScaled } from './quantity-bytes.ts';
import type { RowWriter } from './row-writer.ts';
import {
  ITEM_CLASS_SHIFT,
  ITEM_FILTERED,
  ITEM_LOT_GRAIN,
  ITEM_OWNER_GRAIN,
  ITEM_VALUED,
  NameTable,
} from './worker-names.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const LOT_BYTES_MAX = 0xffff;
/** Sites that no warehouse system answers for have numbers of their own from here on. */
const OUT_OF_SCOPE = 1 << 20;

export class BalanceEncoder {
  readonly counts: EncoderCounts = noCounts();
  /** Rejections since they were last taken; `row` is the number given to `encode`. */
  rejections: Rejection[] = [];
  private readonly input: EncoderInput;
  private readonly plan: Plan;
  private readonly writer: RowWriter;
  private readonly source: number;
  private readonly side: number;
  private readonly scale: number;
  private readonly decimalMark: number;
  private readonly quantity: number;
  private readonly lot: number;
  private readonly site: CodeColumn | undefined;
  private readonly item: CodeColumn | undefined;
  private readonly owner: CodeColumn | undefined;
  private readonly cost: CodeColumn | undefined;
  private readonly currency: CodeColumn | undefined;
  private readonly asOf: CodeColumn | undefined;
  private readonly constants: CodeColumn[];
  private readonly category: CategoryColumn;
  private readonly facts: ItemFacts;
  private readonly columns: number;
  private readonly quantities = new Float64Array(BATCH_RECORDS);
  private readonly noOwner: number;
  private readonly constantSite: number;
  private readonly constantOwner: number;
  private readonly constantCost: number;
  private readonly siteFilter: ReadonlySet<string>;
  private readonly outOfScope = new NameTable();

  constructor(input: EncoderInput, source: number, plan: Plan, writer: RowWriter) {
    this.input = input;
    this.source = source;
    this.plan = plan;
    this.writer = writer;
    this.side = input.rules.role === 'erp' ? SIDE_ERP : SIDE_WMS;
    this.scale = plan.quantityDecimals;
    this.columns = input.header.length;
    this.noOwner = writer.names.owners.id('');
    const { decimal, thousands } = input.rules.numberFormat;
    this.decimalMark = (decimal ?? (thousands === '.' ? ',' : '.')).charCodeAt(0);
    this.siteFilter = new Set(plan.input.sites);
    const system = aliasSystemOf(input.rules);
    const { names } = writer;
    this.quantity = input.columns.get('quantity') ?? -1;
    this.lot = input.columns.get('lot') ?? -1;
    this.site = this.column('site', (raw) => this.resolveSiteId(raw));
    this.item = this.column('item', (raw) =>
      normalizeText(raw) === '' ? SLOW : names.items.id(resolveItem(system, raw, plan.master)),
    );
    // A row has about 50 bytes: with fewer rows than items, learning all codes ahead would cost more than it saves.
    if (this.item !== undefined && input.bytes > names.items.known * 50)
      writer.itemCodes.teach(this.item, plan.master.itemAliases.get(system));
    this.owner = this.column('owner', (raw) => names.owners.id(resolveOwner(system, raw, plan.master)));
    this.cost = this.column('unit_cost', (raw) => this.resolveCost(raw));
    this.currency = this.column('currency', (raw) => (isForeignCurrency(raw, plan.master) ? SLOW : 0));
    this.asOf = this.column('as_of', (raw) => this.resolveAsOf(raw), input.asOfColumn);
    this.constants = Object.entries(input.rules.constants).flatMap(([name, value]) => {
      const column = this.column(name, (raw) => (normalizeText(raw) === normalizeText(value) ? 0 : SLOW));
      return column ? [column] : [];
    });
    this.category = new CategoryColumn(input, plan, writer);
    this.facts = new ItemFacts(input, plan, writer);
    const constantSite = input.rules.constants['site'];
    this.constantSite = constantSite === undefined ? SLOW : this.resolveSiteId(constantSite);
    const { unit_cost: constantCost, currency: constantCurrency } = input.rules.constants;
    this.constantCost = isForeignCurrency(constantCurrency, plan.master) ? SLOW : this.resolveCost(constantCost ?? '');
    const constantOwner = input.rules.constants['owner'];
    this.constantOwner = names.owners.id(
      constantOwner === undefined ? '' : resolveOwner(system, constantOwner, plan.master),
    );
  }

  private column(
    name: string,
    resolve: (raw: string) => number,
    position = this.input.columns.get(name),
  ): CodeColumn | undefined {
    return position === undefined
      ? undefined
      : new CodeColumn(position, this.input.header.length, resolve, normalizeText);
  }

  private resolveSiteId(raw: string): number {
    const { system, role } = this.input.rules;
    const site = resolveSite(aliasSystemOf(this.input.rules), raw, this.plan.master);
    const scope = this.plan.siteScope(system, role, site);
    if (scope === 'in-scope') return this.writer.names.sites.id(site);
    return scope === 'out-of-scope' ? OUT_OF_SCOPE + this.outOfScope.id(site) : SLOW;
  }

  private resolveCost(raw: string): number {
    const cost = parseUnitCost(raw, this.input.rules.numberFormat);
    if (cost.costFault !== undefined) return SLOW;
    return cost.unitCost === undefined ? NOTHING : this.writer.names.costId(cost.unitCost);
  }

  private resolveAsOf(raw: string): number {
    const time = parseTime(raw.trim(), this.input.timeFormat);
    if (!time.ok) return SLOW;
    this.seeAsOf(time.value);
    return 0;
  }

  private seeAsOf(time: Moment): void {
    if (time.epochMs < this.counts.asOfFirst) this.counts.asOfFirst = time.epochMs;
    if (time.epochMs > this.counts.asOfLast) {
      this.counts.asOfLast = time.epochMs;
      this.counts.asOfLastText = time.text;
    }
  }

  /** Takes records [from, to) of a batch. `numbers`: the number of each record; `hashes`: its rowHash. */
  encode(scanner: RecordScanner, numbers: Int32Array, from: number, to: number, hashes: Int32Array): void {
    this.counts.rows += to - from;
    this.readColumns(scanner, from, to);
    for (let record = from; record < to; record++) {
      if (!this.encodePlain(scanner, record, hashes[record] as number)) {
        this.encodeTexts(this.texts(scanner, record), hashes[record] as number, numbers[record] as number);
      }
    }
  }

  /** One loop per column: each touches few memory, so many look-ups are under way at once. */
  private readColumns(scanner: RecordScanner, from: number, to: number): void {
    for (const constant of this.constants) constant.read(scanner, from, to);
    this.asOf?.read(scanner, from, to);
    this.site?.read(scanner, from, to);
    this.item?.read(scanner, from, to);
    this.owner?.read(scanner, from, to);
    this.category.read(scanner, from, to);
    if (this.item !== undefined) this.facts.read(scanner, this.item.values, from, to);
    this.readQuantities(scanner, from, to);
  }

  private readQuantities(scanner: RecordScanner, from: number, to: number): void {
    const { quantity: column, columns, quantities, scale, decimalMark } = this;
    if (column < 0) return;
    const { starts, ends, bytes } = scanner;
    for (let record = from; record < to; record++) {
      const field = record * columns + column;
      quantities[record] = plainScaled(bytes, starts[field] as number, ends[field] as number, scale, decimalMark);
    }
  }

  /** The fast path. False, with nothing written or counted, where the record is not plain. */
  private encodePlain(scanner: RecordScanner, record: number, rowHash: number): boolean {
    const { counts, site: siteColumn, item: itemColumn, owner: ownerColumn } = this;
    if (itemColumn === undefined || this.quantity < 0) return false;
    for (const constant of this.constants) if (constant.values[record] === SLOW) return false;
    if (this.asOf !== undefined && this.asOf.values[record] === SLOW) return false;
    const site = siteColumn === undefined ? this.constantSite : (siteColumn.values[record] as number);
    if (site === SLOW) return false;
    if (site >= OUT_OF_SCOPE) {
      this.exclude('out-of-scope', this.outOfScope.names[site - OUT_OF_SCOPE] as string);
      return true;
    }
    const item = itemColumn.values[record] as number;
    if (item < 0) return false;
    const { names } = this.writer;
    const flags = this.facts.flags[record] as number;
    if (
      flags & ITEM_FILTERED ||
      (this.siteFilter.size > 0 && !this.siteFilter.has(names.sites.names[site] as string))
    ) {
      counts.filtered++;
      return true;
    }
    const owner = ownerColumn === undefined ? this.constantOwner : (ownerColumn.values[record] as number);
    const category = this.category.of(record, site, owner, flags >> ITEM_CLASS_SHIFT);
    if (category === LEFT_OUT) {
      counts.ignored++;
      return true;
    }
    const quantity = this.facts.toBase(record, this.quantities[record] as number);
    if (!(quantity <= SCALED_MAX && quantity >= -SCALED_MAX)) return false;
    let cost = NOTHING;
    if (!(flags & ITEM_VALUED)) {
      cost = this.readCost(scanner, record);
      if (cost === SLOW) return false;
    }
    return this.writePlain(scanner, record, item, site, owner, category, flags, quantity, cost, rowHash);
  }

  /** Most costs stand in the items file, so these columns are looked at only where one is missing there. */
  private readCost(scanner: RecordScanner, record: number): number {
    this.currency?.read(scanner, record, record + 1);
    if (this.currency?.values[record] === SLOW) return SLOW;
    if (this.cost === undefined) return this.constantCost;
    this.cost.read(scanner, record, record + 1);
    return this.cost.values[record] as number;
  }

  private writePlain(
    scanner: RecordScanner,
    record: number,
    item: number,
    site: number,
    owner: number,
    category: number,
    flags: number,
    quantity: number,
    cost: number,
    rowHash: number,
  ): boolean {
    let lotStart = 0;
    let lotEnd = 0;
    if (flags & ITEM_LOT_GRAIN && this.lot >= 0) {
      const field = record * this.columns + this.lot;
      lotStart = scanner.starts[field] as number;
      lotEnd = scanner.ends[field] as number;
      if (lotEnd > lotStart) {
        const bytes = scanner.bytes;
        if (
          scanner.odd[field] ||
          (bytes[lotStart] as number) <= 32 ||
          (bytes[lotEnd - 1] as number) <= 32 ||
          lotEnd - lotStart > LOT_BYTES_MAX
        )
          return false;
      }
    } else if (flags & ITEM_LOT_GRAIN && this.input.rules.constants['lot'] !== undefined) {
      return false;
    }
    const { counts } = this;
    counts.accepted++;
    if (quantity < 0) counts.negative++;
    if (this.site?.cleaned[record] || this.item?.cleaned[record] || this.category.statusColumn?.cleaned[record])
      counts.cleaned++;
    this.writer.write(
      this.facts.partitions[record] as number,
      item,
      site,
      flags & ITEM_OWNER_GRAIN ? owner : this.noOwner,
      category,
      this.side,
      this.category.statuses[record] as number,
      this.source,
      quantity,
      rowHash,
      cost < 0 ? -1 : cost,
      scanner.view,
      lotStart,
      lotEnd,
    );
    return true;
  }

  private texts(scanner: RecordScanner, record: number): BalanceRow {
    const row: Record<string, string> = {};
    const read = (name: string, column: number): void => {
      const field = record * this.columns + column;
      row[name] = decoder.decode(
        scanner.bytes.subarray(scanner.starts[field] as number, scanner.ends[field] as number),
      );
    };
    for (const [name, at] of this.input.columns) read(name, at);
    if (this.input.asOfColumn !== undefined) read('as_of', this.input.asOfColumn);
    return row;
  }

  /** The long way round: a record by its texts. Also the way of rows that are not delimited text. */
  encodeTexts(row: BalanceRow, rowHash: number, number: number): void {
    const { counts, input, plan, writer } = this;
    if (input.asOfColumn !== undefined) {
      const time = parseTime((row['as_of'] ?? '').trim(), input.timeFormat);
      if (!time.ok) return this.reject(number, 'as_of', row['as_of'] ?? '', time.fault);
      this.seeAsOf(time.value);
    }
    const outcome = normalizeBalance(row, input.rules, plan);
    if (outcome.kind === 'rejected') return this.reject(number, outcome.column, outcome.value, outcome.fault);
    if (outcome.kind === 'excluded') return this.exclude(outcome.why, outcome.detail);
    const { balance } = outcome;
    if (balance.lot.length * 3 > LOT_BYTES_MAX)
      return this.reject(number, 'lot', `${balance.lot.slice(0, 40)}…`, {
        scope: 'row',
        reason: 'a lot number of more than 21,845 characters',
      });
    if (outcome.costFault !== undefined)
      this.list(number, 'unit_cost', row.unit_cost ?? '', `${outcome.costFault}; the row counts, without its cost`);
    counts.accepted++;
    if (balance.quantity < 0) counts.negative++;
    const { items } = writer.names;
    const hasLot =
      balance.category !== UNMAPPED && ((items.flags[items.id(balance.item)] as number) & ITEM_LOT_GRAIN) !== 0;
    if (isWrittenOddly(row, hasLot)) counts.cleaned++;
    const isValued = plan.master.items.get(balance.item)?.unitCost !== undefined;
    writer.writeTexts({
      ...balance,
      side: this.side,
      source: this.source,
      rowHash,
      cost: outcome.unitCost === undefined || isValued ? -1 : writer.names.costId(outcome.unitCost),
    });
  }

  private exclude(why: Exclusion, detail: string): void {
    const { counts } = this;
    if (why === 'ignored') counts.ignored++;
    else if (why === 'filtered') counts.filtered++;
    else {
      counts.outOfScope++;
      if (counts.outOfScopeSites.at(-1) !== detail && !counts.outOfScopeSites.includes(detail))
        counts.outOfScopeSites.push(detail);
    }
  }

  /** Rejects a row that the reader itself could not read. */
  reject(row: number, column: string, value: string, fault: Fault): void {
    if (fault.scope === 'file') throw new ValueFault(row, column, value, fault.reason);
    this.counts.rejected++;
    this.list(row, column, value, fault.reason);
  }

  private list(row: number, column: string, value: string, reason: string): void {
    if (this.rejections.length >= REJECTIONS_LISTED_MAX) return;
    const { name, file } = this.input;
    this.rejections.push({ source: name, file, row, column, value: value.slice(0, 200), reason });
  }
}

/** Whether a code that decides the row's key was written with odd characters. */
function isWrittenOddly(row: BalanceRow, hasLot: boolean): boolean {
  const codes = [row.site, row.item, row.status, hasLot ? row.lot : undefined];
  return codes.some((code) => code !== undefined && normalizeText(code) !== code);
}
