/**
 * Works on a mapping as people see it: one row for each native status of a side, in one category, in none, or left out.
 * Never decides what a rule with conditions means: such statuses are shown and not moved.
 */
import { normalizeText } from '../../../core/normalize/text.ts';
import { addDecimals } from '../../format/add-decimals.ts';

/** A category's name, or one of these. */
export const UNMAPPED = '';
export const IGNORED = '\u0000left out';

export type Side = 'erp' | 'wms';
type StatusEntry = string | { readonly status: string; readonly when?: unknown };
interface IgnoreRule {
  readonly system: string;
  readonly status: readonly string[];
  readonly when?: unknown;
  readonly reason: string;
}

export interface MappingDocument {
  readonly categories: Readonly<Record<string, Readonly<Record<string, readonly StatusEntry[]>>>>;
  readonly ignore: readonly IgnoreRule[];
}

export interface MatrixCount {
  readonly system: string;
  readonly status: string;
  readonly category: string;
  readonly keys: number;
  readonly quantity: string;
  /** '' where no item of it has a cost. */
  readonly value: string;
  readonly unvalued_items: number;
}

export interface MappingRow {
  readonly side: Side;
  /** What stands before the statuses in the document: the side, or one system of it that has rules of its own. */
  readonly rules: string;
  readonly status: string;
  readonly place: string;
  /** Whether rules with conditions have a say. */
  readonly isConditional: boolean;
  readonly keys: number;
  readonly quantity: string;
  /** At unit cost; '' where nothing of it has one. */
  readonly value: string;
  /** Items that have units here and no cost. */
  readonly unvalued: number;
}

type Systems = Readonly<Record<string, Side>>;

const statusOf = (entry: StatusEntry): string => (typeof entry === 'string' ? entry : entry.status);
const isConditional = (entry: StatusEntry): boolean => typeof entry !== 'string' && entry.when !== undefined;
const isSame = (one: string, other: string): boolean => normalizeText(one) === normalizeText(other);

/** All statuses that rules name or that were counted: the ERP's first, then by where they stand, then by name. */
export function rowsOf(document: MappingDocument, counts: readonly MatrixCount[], systems: Systems): MappingRow[] {
  const rows = new Map<string, MappingRow>();
  const note = (rules: string, side: Side, status: string): string => {
    const key = `${rules}\u0000${normalizeText(status)}`;
    if (!rows.has(key)) {
      const place = placeOf(document, { rules, side, status }, systems);
      rows.set(key, { side, rules, status, ...place, keys: 0, quantity: '0', value: '', unvalued: 0 });
    }
    return key;
  };
  for (const rules of Object.values(document.categories))
    for (const [name, entries] of Object.entries(rules))
      for (const entry of entries) note(name, sideOf(name, systems), statusOf(entry));
  for (const { system, status } of document.ignore)
    for (const each of status) note(rulesOf(document, system, systems), systems[system] ?? 'wms', each);
  for (const { system, status, keys, quantity, value, unvalued_items: unvalued } of counts) {
    const key = note(rulesOf(document, system, systems), systems[system] ?? 'wms', status);
    const row = rows.get(key) as MappingRow;
    rows.set(key, {
      ...row,
      keys: row.keys + keys,
      quantity: addDecimals([row.quantity, quantity]),
      value: row.value === '' ? value : addDecimals([row.value, value]),
      unvalued: row.unvalued + unvalued,
    });
  }
  const order = [...Object.keys(document.categories), IGNORED, UNMAPPED];
  return [...rows.values()].sort(
    (a, b) =>
      a.side.localeCompare(b.side) ||
      a.rules.localeCompare(b.rules) ||
      order.indexOf(a.place) - order.indexOf(b.place) ||
      a.status.localeCompare(b.status),
  );
}

function sideOf(rules: string, systems: Systems): Side {
  return rules === 'erp' || rules === 'wms' ? rules : (systems[rules] ?? 'wms');
}

/** A system whose name stands in a category has rules of its own. */
function rulesOf({ categories }: MappingDocument, system: string, systems: Systems): string {
  const isNamed = Object.values(categories).some((rules) => system in rules);
  return isNamed ? system : (systems[system] ?? 'wms');
}

type Named = Pick<MappingRow, 'rules' | 'side' | 'status'>;

function placeOf(document: MappingDocument, row: Named, systems: Systems): Pick<MappingRow, 'place' | 'isConditional'> {
  const { categories, ignore } = document;
  const ignored = ignore.filter(
    ({ system, status }) =>
      (system === row.rules || systems[system] === row.rules) && status.some((each) => isSame(each, row.status)),
  );
  const fitting = Object.entries(categories).flatMap(([category, rules]) =>
    Object.entries(rules)
      .filter(([name]) => name === row.rules || name === row.side)
      .flatMap(([, entries]) => entries.filter((entry) => isSame(statusOf(entry), row.status)))
      .map((entry) => ({ category, entry })),
  );
  const hasConditions =
    ignored.some(({ when }) => when !== undefined) || fitting.some(({ entry }) => isConditional(entry));
  const first = fitting.find(({ entry }) => !isConditional(entry)) ?? fitting[0];
  const isIgnored = ignored.some(({ when }) => when === undefined);
  return { place: isIgnored ? IGNORED : (first?.category ?? UNMAPPED), isConditional: hasConditions };
}

/** The document with the status in another place. `reason`: why it is left out, where it is. */
export function moveStatus(
  document: MappingDocument,
  row: Named,
  to: string,
  systems: Systems,
  reason: string,
): MappingDocument {
  const { rules, status } = row;
  const isOther = (entry: StatusEntry): boolean => isConditional(entry) || !isSame(statusOf(entry), status);
  const categories = Object.fromEntries(
    Object.entries(document.categories).map(([category, sides]) => {
      const kept = Object.fromEntries(
        Object.entries(sides).map(([name, entries]) => [name, name === rules ? entries.filter(isOther) : entries]),
      );
      if (category !== to) return [category, kept];
      return [category, { ...kept, [rules]: [...(kept[rules] ?? []), status] }];
    }),
  );
  const mine = Object.keys(systems).filter((system) => system === rules || systems[system] === rules);
  const ignore = document.ignore
    .map((rule) =>
      rule.when === undefined && mine.includes(rule.system)
        ? { ...rule, status: rule.status.filter((each) => !isSame(each, status)) }
        : rule,
    )
    .filter((rule) => rule.status.length > 0);
  const added = to === IGNORED ? mine.map((system) => ({ system, status: [status], reason })) : [];
  return { categories, ignore: [...ignore, ...added] };
}

export interface Move {
  readonly row: MappingRow;
  readonly from: string;
  readonly to: string;
}

/** What stands elsewhere in `after` than in `before`. */
export function movesBetween(before: MappingDocument, after: MappingDocument, systems: Systems): Move[] {
  const earlier = new Map(rowsOf(before, [], systems).map((row) => [nameOf(row), row]));
  const later = rowsOf(after, [], systems);
  const seen = new Set(later.map(nameOf));
  const moved = later.map((row) => ({ row, from: earlier.get(nameOf(row))?.place ?? UNMAPPED, to: row.place }));
  const gone = [...earlier.values()]
    .filter((row) => !seen.has(nameOf(row)))
    .map((row) => ({ row, from: row.place, to: UNMAPPED }));
  return [...moved, ...gone].filter(({ from, to }) => from !== to);
}

function nameOf({ rules, status }: MappingRow): string {
  return `${rules}\u0000${normalizeText(status)}`;
}
