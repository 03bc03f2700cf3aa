/**
 * Compares the aggregated sides and gives the keys that differ their names and costs again.
 * Never judges a tolerance and never prices a variance.
 */
import { CostBook } from '../../core/compare/unit-cost.ts';
import type { Comparison, KeyVariance, UnmappedQuantity, VarianceCell } from '../../core/compare/variance.ts';
import type { InFlightQuantity } from '../../core/model/balance.ts';
import { type Decimal, SCALED_MAX } from '../../core/model/decimal.ts';
import { assert, Failure } from '../../core/model/failure.ts';
import { parseUnitCost } from '../../core/normalize/normalize-balance.ts';
import type { BalanceInput } from '../comparison-input.ts';
import type { AggregatedSource } from './aggregate-source.ts';
import { keyOf } from './judge-rows.ts';
import { numberReader } from './open-source.ts';
import type { RunNames } from './run-names.ts';
import type { Session } from './session.ts';
import type { KeyLayout } from './source-shape.ts';
import { compareSides, rowCosts, sideKeys } from './statement-builder.ts';

interface FoundVariance extends Omit<KeyVariance, 'rowCost'> {
  rowCost: Decimal | undefined;
}

/** Compares the aggregated sides and reads the result in columns: keys that differ, sums by site and category, unmapped statuses. */
export async function readComparison(
  session: Session,
  sources: readonly AggregatedSource[],
  inFlight: readonly InFlightQuantity[],
  names: RunNames,
  layout: KeyLayout,
): Promise<Comparison> {
  session.readingFrom(undefined);
  if (inFlight.length > 0) await loadInFlight(session, inFlight, names, layout);
  const inputs = sources.map(({ resolved }) => resolved.source.input);
  const partial = new Set(
    inputs.filter((input) => input.completeness === 'partial').map((input) => input.rules.system),
  );
  const sql = compareSides(layout, {
    erp: side(sources, 'erp'),
    wms: side(sources, 'wms'),
    hasInFlight: inFlight.length > 0,
    isErpPartial: inputs.some((input) => input.rules.role === 'erp' && partial.has(input.rules.system)),
    partialSites: names.sites.names.flatMap((site, number) =>
      partial.has(names.plan.wmsOf(site) ?? '') ? [number] : [],
    ),
  });
  const cells = new CellBook(names, layout);
  const variances: FoundVariance[] = [];
  await session.columns(sql, (columns, rows) => {
    for (let row = 0; row < rows; row++)
      takeGroup(columns.map((column) => column[row]) as GroupRow, cells, variances, names);
  });
  const unmapped = mergeUnmapped(sources, names);
  const costs = await readCosts(session, sources, [...variances, ...unmapped], names);
  for (const entry of [...variances, ...unmapped]) entry.rowCost = costs?.find(entry.site, entry.item);
  return { variances, cells: cells.list(), unmapped, uncoveredKeys: cells.uncovered };
}

/** item, owner, site, category, lot, keys, erp, wms, in flight, ERP present, WMS present, ERP keys, WMS keys, both, largest. */
type GroupRow = [
  number,
  number,
  number,
  number,
  string,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint | null,
];

function takeGroup(group: GroupRow, cells: CellBook, variances: FoundVariance[], names: RunNames): void {
  const [
    item,
    owner,
    site,
    category,
    lot,
    keys,
    erp,
    wms,
    inFlight,
    erpPresent,
    wmsPresent,
    erpKeys,
    wmsKeys,
    bothKeys,
    largest,
  ] = group;
  const widest = [largest ?? 0n, wms - erp, wms - erp - inFlight].some(
    (quantity) => quantity > BigInt(SCALED_MAX) || quantity < -BigInt(SCALED_MAX),
  );
  if (widest && (item >= 0 || (largest ?? 0n) > BigInt(SCALED_MAX))) {
    const where =
      item >= 0
        ? `item ${names.items.names[item]} at site ${names.sites.names[site]}`
        : `a key at site ${names.sites.names[site] ?? ''}`;
    throw new Failure(
      'refused',
      'QUANTITY_OVERFLOW',
      `The quantities of ${where} add up to more than can be exact.`,
      'Check the quantities; if they are right, lower quantity_decimals.',
    );
  }
  cells.add(site, category, Number(keys), Number(erpKeys), Number(wmsKeys), Number(bothKeys), erp, wms);
  if (item < 0) return;
  variances.push({
    site: names.sites.names[site] as string,
    item: names.items.names[item] as string,
    owner: names.owners.names[owner] as string,
    lot,
    category,
    erp: Number(erp),
    wms: Number(wms),
    inFlight: Number(inFlight),
    erpPresent: erpPresent > 0n,
    wmsPresent: wmsPresent > 0n,
    rowCost: undefined,
  });
}

type MutableCell = { -readonly [K in keyof VarianceCell]: VarianceCell[K] };

class CellBook {
  uncovered = 0;
  private readonly names: RunNames;
  private readonly layout: KeyLayout;
  private readonly cells = new Map<number, MutableCell>();

  constructor(names: RunNames, layout: KeyLayout) {
    this.names = names;
    this.layout = layout;
  }

  add(
    site: number,
    category: number,
    keys: number,
    erpKeys: number,
    wmsKeys: number,
    bothKeys: number,
    erp: bigint,
    wms: bigint,
  ): void {
    if (site === this.layout.sites) {
      this.uncovered += keys;
      return;
    }
    const place = site * this.layout.categories + category;
    let cell = this.cells.get(place);
    if (cell === undefined) {
      cell = {
        site: this.names.sites.names[site] as string,
        category,
        keys: 0,
        erpKeys: 0,
        wmsKeys: 0,
        bothKeys: 0,
        erp: 0n,
        wms: 0n,
      };
      this.cells.set(place, cell);
    }
    cell.keys += keys;
    cell.erpKeys += erpKeys;
    cell.wmsKeys += wmsKeys;
    cell.bothKeys += bothKeys;
    cell.erp += erp;
    cell.wms += wms;
  }

  list(): VarianceCell[] {
    return [...this.cells.values()];
  }
}

function side(sources: readonly AggregatedSource[], role: 'erp' | 'wms'): string {
  const own = sources.map(({ resolved }) => resolved.source).filter((source) => source.input.rules.role === role);
  // Warehouse systems answer for sites of their own, so their keys never meet.
  const systems = new Set(own.map((source) => source.input.rules.system));
  return sideKeys(
    own.map((source) => source.index),
    systems.size < own.length || role === 'erp' ? own.length > 1 : false,
  );
}

async function loadInFlight(
  session: Session,
  inFlight: readonly InFlightQuantity[],
  names: RunNames,
  layout: KeyLayout,
): Promise<void> {
  const sums = new Map<string, { key: bigint; lot: string; quantity: bigint }>();
  for (const at of inFlight) {
    assert(at.category >= 0, 'what is in flight has a category');
    const key = keyOf(
      layout,
      names.items.number(at.item),
      names.owners.number(at.owner),
      names.sites.number(at.site),
      at.category,
    );
    const name = `${key} ${at.lot}`;
    const sum = sums.get(name) ?? { key, lot: at.lot, quantity: 0n };
    sum.quantity += BigInt(at.quantity);
    sums.set(name, sum);
  }
  const rows = [...sums.values()];
  await session.createTable(
    'in_flight',
    [
      ['key', layout.keyType],
      ['lot', 'VARCHAR'],
      ['quantity', 'HUGEINT'],
    ],
    [rows.map((row) => row.key), rows.map((row) => row.lot), rows.map((row) => row.quantity)],
  );
}

type MutableUnmapped = { -readonly [K in keyof UnmappedQuantity]: UnmappedQuantity[K] };

/** Several files of one system are one system here. */
function mergeUnmapped(sources: readonly AggregatedSource[], names: RunNames): MutableUnmapped[] {
  const merged = new Map<string, MutableUnmapped>();
  for (const { resolved, unmapped } of sources) {
    const { system } = (resolved.source.input as BalanceInput).rules;
    for (const group of unmapped) {
      const name = `${system}\u0000${group.status},${group.site},${group.item}`;
      const entry = merged.get(name);
      if (entry !== undefined) {
        entry.rows += group.rows;
        entry.quantity += group.quantity;
        continue;
      }
      merged.set(name, {
        system,
        status: names.statuses.names[group.status] as string,
        site: names.sites.names[group.site] as string,
        item: names.items.names[group.item] as string,
        rows: group.rows,
        quantity: group.quantity,
        rowCost: undefined,
      });
    }
  }
  return [...merged.values()];
}

/** The costs that balance rows give for the items that need one; undefined where none does. */
async function readCosts(
  session: Session,
  sources: readonly AggregatedSource[],
  entries: readonly { readonly item: string }[],
  names: RunNames,
): Promise<CostBook | undefined> {
  const wanted = new Set(
    entries.map((entry) => entry.item).filter((item) => names.plan.master.items.get(item)?.unitCost === undefined),
  );
  const priced = sources.filter(
    ({ resolved: { source } }) =>
      source.texts.has('unit_cost') || source.input.rules.constants['unit_cost'] !== undefined,
  );
  if (wanted.size === 0 || priced.length === 0) return undefined;
  await session.createTable(
    'wanted_items',
    [['item', 'INTEGER']],
    [[...wanted].map((item) => names.items.number(item))],
  );
  const book = new CostBook();
  for (const { resolved, judged } of priced) {
    const { source, shape } = resolved;
    const { rules } = source.input;
    session.readingFrom(source.isParquet ? source.input : undefined);
    const read = numberReader(source, 'unit_cost');
    await session.columns(rowCosts(shape), ([items = [], sites = [], texts = [], weights = [], empties = []], rows) => {
      for (let row = 0; row < rows; row++) {
        const text = source.texts.has('unit_cost') ? read((texts[row] ?? '') as string) : rules.constants['unit_cost'];
        const { unitCost } = parseUnitCost(text, rules.numberFormat);
        if (unitCost === undefined) continue;
        const item = names.items.names[items[row] as number] as string;
        const site = names.sites.names[sites[row] as number] as string;
        addCost(book, rules.role, site, item, weights[row] as bigint, Number(empties[row]), unitCost);
      }
    });
    for (const { balance, unitCost } of judged) {
      if (unitCost !== undefined && wanted.has(balance.item))
        book.add(rules.role, balance.site, balance.item, balance.quantity, unitCost);
    }
  }
  return book;
}

/** Adding one weight is the same as adding its parts; rows without a quantity count one by one. */
function addCost(
  book: CostBook,
  role: 'erp' | 'wms',
  site: string,
  item: string,
  weight: bigint,
  empties: number,
  cost: Decimal,
): void {
  let rest = weight;
  while (rest > 0n) {
    const part = rest > BigInt(SCALED_MAX) ? SCALED_MAX : Number(rest);
    book.add(role, site, item, part, cost);
    rest -= BigInt(part);
  }
  for (let row = 0; row < empties; row++) book.add(role, site, item, 0, cost);
}
