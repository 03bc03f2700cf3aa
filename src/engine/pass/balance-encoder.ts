/**
 * Turns the records of one balance file into rows of partitions. Plain records take a fast path over bytes; every other
 * record goes through the core's normalizeBalance, so that there is one definition of what a row means.
 * Never reads files.
 */
import { SCALED_MAX } from '../../core/model/decimal.ts';
import type { Fault, Rejection } from '../../core/model/rejection.ts';
import { isForeignCurrency, resolveItem, resolveOwner, resolveSite } from '../../core/normalize/master-data.ts';
import { type BalanceRow, type Exclusion, normalizeBalance, parseUnitCost } from '../../core/normalize/normalize-balance.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { type Moment, parseTime } from '../../core/normalize/time.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import type { BalanceInput } from '../comparison-input.ts';
import { REJECTIONS_LISTED_MAX } from '../comparison-input.ts';
import { CategoryColumn } from './category-column.ts';
import { CodeColumn, LEFT_OUT, NOTHING, SLOW } from './code-column.ts';
import { ConversionTable } from './conversion-table.ts';
import { SIDE_ERP, SIDE_WMS } from './partition-store.ts';
import { plainScaled } from './quantity-bytes.ts';
import type { RowWriter } from './row-writer.ts';
import { ITEM_FILTERED, ITEM_LOT_GRAIN, ITEM_OWNER_GRAIN, ITEM_VALUED } from './worker-names.ts';

const decoder = new TextDecoder();
const LOT_BYTES_MAX = 0xffff;

/** The description of an input that threads can hand to each other. */
export type EncoderInput = Omit<BalanceInput, 'content'>;

/** A value that shows that the whole file cannot be read as declared. */
export class ValueFault extends Error {
  readonly column: string;
  readonly value: string;

  constructor(column: string, value: string, reason: string) {
    super(reason);
    this.column = column;
    this.value = value;
  }
}

/** Counts of one worker over its part of one input. */
export interface EncoderCounts {
  rows: number;
  accepted: number;
  rejected: number;
  ignored: number;
  outOfScope: number;
  filtered: number;
  negative: number;
  cleaned: number;
  asOfFirst: number;
  asOfLast: number;
  asOfLastText: string;
  outOfScopeSites: string[];
}

export class BalanceEncoder {
  readonly counts: EncoderCounts = {
    rows: 0, accepted: 0, rejected: 0, ignored: 0, outOfScope: 0, filtered: 0, negative: 0, cleaned: 0,
    asOfFirst: Number.POSITIVE_INFINITY, asOfLast: Number.NEGATIVE_INFINITY, asOfLastText: '', outOfScopeSites: [],
  }; // prettier-ignore
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
  private readonly conversions: ConversionTable;
  private readonly constantSite: number;
  private readonly constantOwner: number;
  private readonly siteFilter: ReadonlySet<string>;

  constructor(input: EncoderInput, source: number, plan: Plan, writer: RowWriter) {
    this.input = input;
    this.source = source;
    this.plan = plan;
    this.writer = writer;
    this.side = input.rules.role === 'erp' ? SIDE_ERP : SIDE_WMS;
    this.scale = plan.quantityDecimals;
    const { decimal, thousands } = input.rules.numberFormat;
    this.decimalMark = (decimal ?? (thousands === '.' ? ',' : '.')).charCodeAt(0);
    this.siteFilter = new Set(plan.input.sites);
    const { system } = input.rules;
    const { names } = writer;
    this.quantity = input.columns.get('quantity') ?? -1;
    this.lot = input.columns.get('lot') ?? -1;
    this.site = this.column('site', (raw) => this.resolveSiteId(raw));
    this.item = this.column('item', (raw) => (normalizeText(raw) === '' ? SLOW : names.items.id(resolveItem(system, raw, plan.master))));
    this.owner = this.column('owner', (raw) => names.owners.id(resolveOwner(system, raw, plan.master)));
    this.cost = this.column('unit_cost', (raw) => this.resolveCost(raw));
    this.currency = this.column('currency', (raw) => (isForeignCurrency(raw, plan.master) ? SLOW : 0));
    this.asOf = this.column('as_of', (raw) => this.resolveAsOf(raw), input.asOfColumn);
    this.constants = Object.entries(input.rules.constants).flatMap(([name, value]) => {
      const column = this.column(name, (raw) => (normalizeText(raw) === normalizeText(value) ? 0 : SLOW));
      return column ? [column] : [];
    });
    this.category = new CategoryColumn(input, plan, writer);
    this.conversions = new ConversionTable(input, plan, writer);
    const constantSite = input.rules.constants['site'];
    this.constantSite = constantSite === undefined ? SLOW : this.resolveSiteId(constantSite);
    const constantOwner = input.rules.constants['owner'];
    this.constantOwner = names.owners.id(constantOwner === undefined ? '' : resolveOwner(system, constantOwner, plan.master));
  }

  private column(name: string, resolve: (raw: string) => number, position = this.input.columns.get(name)): CodeColumn | undefined {
    return position === undefined ? undefined : new CodeColumn(position, resolve, normalizeText);
  }

  private resolveSiteId(raw: string): number {
    const { system, role } = this.input.rules;
    const site = resolveSite(system, raw, this.plan.master);
    const scope = this.plan.siteScope(system, role, site);
    if (scope === 'out-of-scope' && !this.counts.outOfScopeSites.includes(site)) this.counts.outOfScopeSites.push(site);
    if (scope === 'in-scope') return this.writer.names.sites.id(site);
    return scope === 'out-of-scope' ? LEFT_OUT : SLOW;
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

  /** Takes the record that the scanner read last; `fields` is its number of fields. */
  encode(scanner: RecordScanner, fields: number, row: number): void {
    this.counts.rows++;
    if (!this.encodePlain(scanner, fields)) this.encodeTexts(this.texts(scanner), hashRecord(scanner, fields), row);
  }

  /** The fast path. False, with nothing written or counted, where the record is not plain. */
  private encodePlain(scanner: RecordScanner, fields: number): boolean {
    const { counts, site: siteColumn, item: itemColumn, owner: ownerColumn, quantity: quantityColumn } = this;
    if (itemColumn === undefined || quantityColumn < 0) return false;
    for (const constant of this.constants) if (constant.read(scanner) === SLOW) return false;
    if (this.asOf !== undefined && this.asOf.read(scanner) === SLOW) return false;
    const site = siteColumn === undefined ? this.constantSite : siteColumn.read(scanner);
    if (site === SLOW) return false;
    if (site === LEFT_OUT) {
      counts.outOfScope++;
      return true;
    }
    const item = itemColumn.read(scanner);
    if (item < 0) return false;
    const { names } = this.writer;
    const flags = names.items.flags[item] as number;
    if (flags & ITEM_FILTERED || (this.siteFilter.size > 0 && !this.siteFilter.has(names.sites.names[site] as string))) {
      counts.filtered++;
      return true;
    }
    const owner = ownerColumn === undefined ? this.constantOwner : ownerColumn.read(scanner);
    const category = this.category.read(scanner, site, owner, names.items.classes[item] as number);
    if (category === LEFT_OUT) {
      counts.ignored++;
      return true;
    }
    const factor = this.conversions.read(scanner, item);
    const scaled = plainScaled(scanner.bytes, scanner.starts[quantityColumn] as number, scanner.ends[quantityColumn] as number, this.scale, this.decimalMark);
    const quantity = this.conversions.convert(scaled, factor);
    if (!(quantity <= SCALED_MAX && quantity >= -SCALED_MAX)) return false;
    let cost = NOTHING;
    if (this.cost !== undefined && !(flags & ITEM_VALUED)) {
      cost = this.cost.read(scanner);
      if (cost === SLOW || this.currency?.read(scanner) === SLOW) return false;
    }
    const isCleaned = (siteColumn?.cleaned[siteColumn.entry] ?? 0) | (itemColumn.cleaned[itemColumn.entry] as number) | this.category.isCleaned;
    return this.writePlain(scanner, fields, item, site, owner, category, flags, quantity, cost, isCleaned);
  }

  private writePlain(
    scanner: RecordScanner,
    fields: number,
    item: number,
    site: number,
    owner: number,
    category: number,
    flags: number,
    quantity: number,
    cost: number,
    isCleaned: number,
  ): boolean {
    let lotStart = 0;
    let lotEnd = 0;
    if (flags & ITEM_LOT_GRAIN && this.lot >= 0) {
      lotStart = scanner.starts[this.lot] as number;
      lotEnd = scanner.ends[this.lot] as number;
      if (lotEnd > lotStart) {
        const bytes = scanner.bytes;
        if (scanner.odd[this.lot] || (bytes[lotStart] as number) <= 32 || (bytes[lotEnd - 1] as number) <= 32 || lotEnd - lotStart > LOT_BYTES_MAX) return false;
      }
    } else if (flags & ITEM_LOT_GRAIN && this.input.rules.constants['lot'] !== undefined) {
      return false;
    }
    const { counts } = this;
    counts.accepted++;
    if (quantity < 0) counts.negative++;
    counts.cleaned += isCleaned;
    this.writer.write(
      item,
      site,
      flags & ITEM_OWNER_GRAIN ? owner : this.writer.names.owners.id(''),
      category,
      this.side,
      this.category.status,
      this.source,
      quantity,
      hashRecord(scanner, fields),
      cost < 0 ? -1 : cost,
      scanner.bytes,
      lotStart,
      lotEnd,
    );
    return true;
  }

  private texts(scanner: RecordScanner): BalanceRow {
    const row: Record<string, string> = {};
    const read = (name: string, at: number): void => {
      row[name] = decoder.decode(scanner.bytes.subarray(scanner.starts[at] as number, scanner.ends[at] as number));
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
    if (balance.lot.length * 3 > LOT_BYTES_MAX) return this.reject(number, 'lot', `${balance.lot.slice(0, 40)}…`, { scope: 'row', reason: 'a lot number of more than 21,845 characters' });
    if (outcome.costFault !== undefined) this.list(number, 'unit_cost', row.unit_cost ?? '', `${outcome.costFault}; the row counts, without its cost`);
    counts.accepted++;
    if (balance.quantity < 0) counts.negative++;
    if (isWrittenOddly(row)) counts.cleaned++;
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
      if (!counts.outOfScopeSites.includes(detail)) counts.outOfScopeSites.push(detail);
    }
  }

  /** Rejects a row that the reader itself could not read. */
  reject(row: number, column: string, value: string, fault: Fault): void {
    if (fault.scope === 'file') throw new ValueFault(column, value, fault.reason);
    this.counts.rejected++;
    this.list(row, column, value, fault.reason);
  }

  private list(row: number, column: string, value: string, reason: string): void {
    if (this.rejections.length >= REJECTIONS_LISTED_MAX) return;
    const { name, file } = this.input;
    this.rejections.push({ source: name, file, row, column, value: value.slice(0, 200), reason });
  }
}

function isWrittenOddly(row: BalanceRow): boolean {
  return (['site', 'item', 'status', 'lot'] as const).some((name) => row[name] !== undefined && normalizeText(row[name] as string) !== row[name]);
}

/** One number for a record's bytes, all columns, in order. */
function hashRecord(scanner: RecordScanner, fields: number): number {
  let hash = 17;
  for (let field = 0; field < fields; field++) hash = (Math.imul(hash, 31) ^ Math.imul(scanner.hashes[field] as number, 0x9e3779b1)) | 0;
  return hash;
}

