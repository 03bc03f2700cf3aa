/**
 * Reads a simulated world's files as a stranger would, and adds up what they say: balances, replayed ledgers, truth.
 * Never asks the simulator.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Row = Readonly<Record<string, string>>;
type Role = 'erp' | 'wms';

interface Configuration {
  readonly systems: Readonly<Record<string, { readonly site_aliases?: Readonly<Record<string, string>> }>>;
  readonly balances: readonly { readonly system: string; readonly as_of: string }[];
  readonly opening?: readonly { readonly system: string; readonly as_of: string }[];
  readonly categories: Readonly<Record<string, Readonly<Record<Role, readonly string[]>>>>;
}

export interface RereadWorld {
  readonly configuration: Configuration;
  rows(name: string): Row[];
  has(name: string): boolean;
  /** Thousandths by key; a key is named by site, item, owner, lot and category, joined by commas. */
  balances(role: Role, name: 'balances' | 'opening'): Map<string, number>;
  /** What the opening and the rows up to the cut-off come to. */
  replayed(role: Role): Map<string, number>;
  /** wms − erp by key at the end of each local day, from the opening day on. */
  variancesByDay(): Map<string, Map<string, number>>;
  contributions(): { readonly key: string; readonly cause: string; readonly amount: number; readonly fault: string }[];
}

export const keyOf = (row: Row): string =>
  [row['site'], row['item'], row['owner'] ?? '', row['lot'] ?? '', row['category']].join(',');

export const thousandths = (text: string): number => Math.round(Number(text) * 1000);

export function reread(directory: string): RereadWorld {
  const configuration = parse(readFileSync(join(directory, 'evenstock.yaml'), 'utf8')) as Configuration;
  const rows = (name: string): Row[] => readRows(join(directory, `${name}.csv`));
  const names = new Map(rows('aliases').map(({ alias, item }) => [alias as string, item as string]));
  const packs = new Map(rows('packs').map(({ item, uom, factor }) => [`${item} ${uom}`, Number(factor)]));
  const keyIn = (role: Role, row: Row): string | undefined => {
    const category = Object.entries(configuration.categories).find(([, sides]) => sides[role].includes(row['status']!));
    if (category === undefined) return undefined;
    const site = role === 'erp' ? configuration.systems['sap']?.site_aliases?.[row['site']!] : row['site'];
    const item = role === 'wms' ? (names.get(row['item']!) ?? row['item']) : row['item'];
    return keyOf({ ...row, site: site!, item: item!, category: category[0] });
  };
  const add = (sums: Map<string, number>, role: Role, row: Row): void => {
    const key = keyIn(role, row);
    if (key === undefined) return;
    const item = key.split(',')[1]!;
    const factor = packs.get(`${item} ${row['uom']}`) ?? 1;
    sums.set(key, (sums.get(key) ?? 0) + thousandths(row['quantity']!) * factor);
  };
  const balances = (role: Role, name: 'balances' | 'opening'): Map<string, number> => {
    const sums = new Map<string, number>();
    for (const row of rows(`${role}_${name}`)) add(sums, role, row);
    return sums;
  };
  const asOf = (role: Role, name: 'balances' | 'opening'): number =>
    Date.parse(configuration[name]!.find(({ system }) => (system === 'sap') === (role === 'erp'))!.as_of);
  return {
    configuration,
    rows,
    has: (name) => existsSync(join(directory, `${name}.csv`)),
    balances,
    replayed: (role) => {
      const sums = balances(role, 'opening');
      for (const row of rows(`${role}_movements`)) {
        const at = Date.parse(row['posted_at']!);
        if (at > asOf(role, 'opening') && at <= asOf(role, 'balances')) add(sums, role, row);
      }
      return sums;
    },
    variancesByDay: () => {
      const running = variances(balances('erp', 'opening'), balances('wms', 'opening'));
      const moves = (['erp', 'wms'] as const).flatMap((role) =>
        rows(`${role}_movements`).map((row) => ({ role, row, at: Date.parse(row['posted_at']!) })),
      );
      moves.sort((a, b) => a.at - b.at);
      const found = new Map<string, Map<string, number>>();
      const end = Math.max(asOf('erp', 'balances'), asOf('wms', 'balances'));
      let place = 0;
      for (let at = asOf('erp', 'opening'); at <= end; at += 86_400_000) {
        for (; place < moves.length && moves[place]!.at <= at; place++) {
          const { role, row, at: posted } = moves[place]!;
          if (posted <= asOf(role, 'opening')) continue;
          const change = new Map<string, number>();
          add(change, role, row);
          for (const [key, amount] of change)
            running.set(key, (running.get(key) ?? 0) + (role === 'wms' ? amount : -amount));
        }
        // Local midnight is six hours behind that of UTC.
        found.set(new Date(at - 21_600_000).toISOString().slice(0, 10), new Map(running));
      }
      return found;
    },
    contributions: () =>
      rows('truth/contributions').map((row) => ({
        key: keyOf(row),
        cause: row['cause']!,
        amount: thousandths(row['quantity']!),
        fault: row['fault_id']!,
      })),
  };
}

/** Quotes are known, line breaks within them are not: the simulator writes none. */
function readRows(path: string): Row[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const columns = header.split(',');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted ?? plain ?? '',
      );
      return Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']));
    });
}

/** wms − erp by key, where it is not 0. */
export function variances(erp: ReadonlyMap<string, number>, wms: ReadonlyMap<string, number>): Map<string, number> {
  const found = new Map<string, number>();
  for (const key of new Set([...erp.keys(), ...wms.keys()])) {
    const variance = (wms.get(key) ?? 0) - (erp.get(key) ?? 0);
    if (variance !== 0) found.set(key, variance);
  }
  return found;
}

/** Sums by name, without those that are 0. */
export function sumBy<T>(
  entries: readonly T[],
  name: (entry: T) => string,
  amount: (entry: T) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const entry of entries) sums.set(name(entry), (sums.get(name(entry)) ?? 0) + amount(entry));
  for (const [each, sum] of sums) if (sum === 0) sums.delete(each);
  return sums;
}
