/**
 * Reads the ground truth of a simulated world.
 * Never looks at what the product reports.
 */
import { join } from 'node:path';
import { type CsvRow, millionths, readCsv } from './csv-rows.ts';

/** A key's name as one text; the sides write owner and lot as '' where the grain lacks them. */
export const keyOf = ({ site = '', item = '', owner = '', lot = '', category = '' }: CsvRow): string =>
  [site, item, owner, lot, category].join(' | ');

export interface TrueFault {
  readonly id: string;
  readonly cause: string;
  readonly systemicId: string;
  readonly side: string;
  readonly documents: readonly string[];
  readonly story: string;
}

export interface TrueContribution {
  readonly cause: string;
  /** Millionths of base units, with the sign of the variance (WMS − ERP). */
  readonly quantity: number;
  readonly fault: TrueFault | undefined;
}

export interface TrueKey {
  readonly variance: number;
  readonly onsetDay: string;
  readonly contributions: readonly TrueContribution[];
}

export interface TrueSystemicFault {
  readonly id: string;
  readonly cause: string;
  readonly from: string;
  readonly to: string;
  readonly documents: number;
  readonly factor: string;
}

export interface WorldTruth {
  /** Every key with a variance or a contribution, by its name. */
  readonly keys: ReadonlyMap<string, TrueKey>;
  readonly systemic: readonly TrueSystemicFault[];
}

/** `unseen` faults are not in the catalogue: what is expected of them is `unexplained`. */
const EXPECTED_CAUSE: Readonly<Record<string, string>> = { unseen: 'unexplained' };

export function readTruth(worldDirectory: string): WorldTruth {
  const table = (name: string): CsvRow[] => readCsv(join(worldDirectory, 'truth', `${name}.csv`));
  const faults = new Map(table('faults').map((row) => [row['fault_id'] ?? '', faultOf(row)]));
  const keys = new Map<string, { variance: number; onsetDay: string; contributions: TrueContribution[] }>();
  for (const row of table('keys'))
    keys.set(keyOf(row), {
      variance: millionths(row['variance_quantity'] ?? ''),
      onsetDay: row['onset_day'] ?? '',
      contributions: [],
    });
  for (const row of table('contributions')) {
    const name = keyOf(row);
    const key = keys.get(name) ?? { variance: 0, onsetDay: '', contributions: [] };
    keys.set(name, key);
    key.contributions.push({
      cause: EXPECTED_CAUSE[row['cause'] ?? ''] ?? row['cause'] ?? '',
      quantity: millionths(row['quantity'] ?? ''),
      fault: faults.get(row['fault_id'] ?? ''),
    });
  }
  return { keys, systemic: table('systemic').map(systemicOf) };
}

function faultOf(row: CsvRow): TrueFault {
  return {
    id: row['fault_id'] ?? '',
    cause: row['cause'] ?? '',
    systemicId: row['systemic_id'] ?? '',
    side: row['side'] ?? '',
    documents: (row['documents'] ?? '').split(' ').filter((name) => name !== ''),
    story: row['story'] ?? '',
  };
}

function systemicOf(row: CsvRow): TrueSystemicFault {
  return {
    id: row['systemic_id'] ?? '',
    cause: row['cause'] ?? '',
    from: row['from'] ?? '',
    to: row['to'] ?? '',
    documents: Number(row['documents']),
    factor: row['factor'] ?? '',
  };
}

/** Units per cause; opposite ones of one cause cancel out, and a cause whose units do is left out. */
export function unitsByCause(
  contributions: readonly { readonly cause: string; readonly quantity: number }[],
): Map<string, number> {
  const units = new Map<string, number>();
  for (const { cause, quantity } of contributions) units.set(cause, (units.get(cause) ?? 0) + quantity);
  for (const [cause, quantity] of units) if (quantity === 0) units.delete(cause);
  return units;
}
