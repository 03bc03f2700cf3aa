/**
 * Decides what is known of items before any balance is read: their base units, packs, costs and other names.
 * Never reads files: rows come in, master data and rejections go out. The first of two contradicting rows stands.
 */
import { type Decimal, powerOfTen, SCALED_MAX } from '../model/decimal.ts';
import { type Parsed, parsed } from '../model/rejection.ts';
import { type NumberFormat, parseDecimal } from './number.ts';
import { PackTable } from './pack-table.ts';
import { normalizeText } from './text.ts';
import { canonicalUnit } from './unit-code.ts';

export interface ItemRecord {
  readonly item: string;
  readonly description: string;
  readonly baseUom: string;
  readonly unitCost: Decimal | undefined;
  readonly family: string;
  readonly abcClass: string;
  /** Whether it must never be short, whatever it costs. */
  readonly isSpecial: boolean;
  /** What one base unit earns; undefined where it is not known. */
  readonly margin: Decimal | undefined;
}

export interface MasterData {
  readonly items: Map<string, ItemRecord>;
  readonly packs: PackTable;
  /** System → alias → item. */
  readonly itemAliases: Map<string, Map<string, string>>;
  /** System → the site as that system writes it → common name. */
  readonly siteAliases: Map<string, Map<string, string>>;
  readonly ownerAliases: Map<string, Map<string, string>>;
  /** Base unit of items of which nothing is known. */
  readonly baseUom: string;
  readonly itemCase: 'exact' | 'upper';
  /** Currency of the run; a cost in another one is no cost. '' accepts any. */
  readonly currency: string;
}

/** A row of a master data file by canonical column name; a column that the file lacks is undefined. */
export type MasterRow = Readonly<Record<string, string | undefined>>;

/** Why a master data row was not taken, and at which column. */
export interface MasterFault {
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

/** Master data of which nothing is known yet; the maps are filled by addItem, addPack and addAlias. */
export function emptyMasterData(baseUom: string, itemCase: 'exact' | 'upper', currency = ''): MasterData {
  return {
    items: new Map(),
    packs: new PackTable(canonicalUnit),
    itemAliases: new Map(),
    siteAliases: new Map(),
    ownerAliases: new Map(),
    baseUom,
    itemCase,
    currency,
  };
}

/** The item code as compared, before aliases. */
export function itemCode(raw: string, master: MasterData): string {
  const text = normalizeText(raw);
  return master.itemCase === 'upper' ? text.toUpperCase() : text;
}

/** The item a system means by a code: its alias in that system, else the code itself. */
export function resolveItem(system: string, raw: string, master: MasterData): string {
  const code = itemCode(raw, master);
  return master.itemAliases.get(system)?.get(code) ?? code;
}

export function resolveSite(system: string, raw: string, master: MasterData): string {
  const text = normalizeText(raw);
  return master.siteAliases.get(system)?.get(text) ?? text;
}

export function resolveOwner(system: string, raw: string, master: MasterData): string {
  const text = normalizeText(raw);
  return master.ownerAliases.get(system)?.get(text) ?? text;
}

/** Takes one row of the items file. Returns the fault that stopped it, if any. A bad cost leaves the item unvalued, and is a fault too. */
export function addItem(master: MasterData, row: MasterRow, format: NumberFormat): MasterFault | undefined {
  const item = itemCode(row['item'] ?? '', master);
  if (item === '') return fault('item', row, 'item missing');
  if (master.items.has(item)) return fault('item', row, 'item given before; the first row stands');
  const unitCost = optionalDecimal(row['unit_cost'], format);
  const isForeign = unitCost !== undefined && isForeignCurrency(row['currency'], master);
  const margin = optionalDecimal(row['margin'], format);
  const special = (row['special'] ?? '').trim().toLowerCase();
  master.items.set(item, {
    item,
    description: row['description']?.trim() ?? '',
    baseUom: normalizeText(row['base_uom'] ?? ''),
    unitCost: unitCost?.ok && !isForeign ? unitCost.value : undefined,
    family: normalizeText(row['family'] ?? ''),
    abcClass: normalizeText(row['abc_class'] ?? ''),
    isSpecial: YES.has(special),
    margin: margin?.ok && !isForeignCurrency(row['currency'], master) ? margin.value : undefined,
  });
  if (isForeign)
    return fault('currency', row, `a cost in another currency than ${master.currency}; the item stays without a cost`);
  if (unitCost && !unitCost.ok)
    return fault('unit_cost', row, `${unitCost.fault.reason}; the item stays without a cost`);
  if (margin && !margin.ok) return fault('margin', row, `${margin.fault.reason}; the item stays without a margin`);
  return YES.has(special) || NO.has(special)
    ? undefined
    : fault('special', row, 'yes or no was expected; the item counts as an ordinary one');
}

const YES = new Set(['yes', 'y', 'true', '1', 'x']);
const NO = new Set(['', 'no', 'n', 'false', '0']);

function optionalDecimal(text: string | undefined, format: NumberFormat): Parsed<Decimal> | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? undefined : parseDecimal(trimmed, format);
}

/** Whether a row's costs are in another currency than the run's. A row without a currency means the run's. */
export function isForeignCurrency(currency: string | undefined, master: MasterData): boolean {
  const code = currency?.trim().toUpperCase() ?? '';
  return code !== '' && master.currency !== '' && code !== master.currency;
}

/** Nearly every factor: digits that mean the same in every notation. */
const PLAIN_FACTOR = /^\d{1,9}$/;

/** Takes one row of the packs file. Whether it contradicts the items file is found later (PackTable.findConflicts). */
export function addPack(master: MasterData, row: MasterRow, format: NumberFormat, number = 0): MasterFault | undefined {
  const item = itemCode(row['item'] ?? '', master);
  const uom = normalizeText(row['uom'] ?? '');
  if (item === '') return fault('item', row, 'item missing');
  if (uom === '') return fault('uom', row, 'unit of measure missing');
  const text = (row['factor'] ?? '').trim();
  const factor = PLAIN_FACTOR.test(text) ? parsed({ coefficient: BigInt(text), scale: 0 }) : parseDecimal(text, format);
  if (!factor.ok) return fault('factor', row, factor.fault.reason);
  const { coefficient, scale } = factor.value;
  if (coefficient <= 0n) return fault('factor', row, 'a pack factor is greater than zero');
  if (coefficient > BigInt(SCALED_MAX)) return fault('factor', row, 'a pack factor of more than 15 digits');
  const unit = canonicalUnit(uom);
  const known = master.packs.find(item, unit);
  if (known === undefined) {
    master.packs.add(item, uom, Number(coefficient), scale, number);
  } else if (known.coefficient * powerOfTen(scale) !== coefficient * powerOfTen(known.scale)) {
    return fault('factor', row, 'another factor was given before for this item and unit; the first row stands');
  }
  return undefined;
}

/** Takes one row of the aliases file (`target` item) or of the site cross-reference (`target` site). */
export function addAlias(master: MasterData, row: MasterRow, target: 'item' | 'site'): MasterFault | undefined {
  const system = row['system']?.trim() ?? '';
  const read = target === 'item' ? (raw: string): string => itemCode(raw, master) : normalizeText;
  const alias = read(row['alias'] ?? '');
  const name = read(row[target] ?? '');
  if (system === '') return fault('system', row, 'system missing');
  if (alias === '') return fault('alias', row, 'alias missing');
  if (name === '') return fault(target, row, `${target} missing`);
  const bySystem = target === 'item' ? master.itemAliases : master.siteAliases;
  const aliases = bySystem.get(system) ?? new Map<string, string>();
  const known = aliases.get(alias);
  if (known !== undefined && known !== name)
    return fault('alias', row, `the alias means ${known} already; the first row stands`);
  aliases.set(alias, name);
  bySystem.set(system, aliases);
  return undefined;
}

function fault(column: string, row: MasterRow, reason: string): MasterFault {
  return { column, value: row[column] ?? '', reason };
}
