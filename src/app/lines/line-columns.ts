/**
 * The lines of one run column by column, as they are kept in memory while somebody looks at them: each distinct text once,
 * quantities and values as whole numbers of their last place. Never changes what the run said.
 */
import { DISCREPANCY_COLUMNS, type DiscrepancyLine } from '../../contract/run.ts';
import { formatFixed, formatScaled } from '../../core/model/decimal.ts';

/** Text columns whose texts repeat. */
export const CODED_COLUMNS = [
  'site',
  'item',
  'owner',
  'lot',
  'category',
  'description',
  'uom',
  'unit_cost',
  'currency',
  'direction',
  'cause',
  'cause_confidence',
  'correct_side',
  'priority',
  'finding_id',
  'first_seen',
  'case_id',
  'absent_from',
] as const;
export type CodedColumn = (typeof CODED_COLUMNS)[number];

export const QUANTITY_COLUMNS = [
  'erp_quantity',
  'wms_quantity',
  'variance_quantity',
  'in_flight_quantity',
  'net_variance_quantity',
  'explained_quantity',
  'unexplained_quantity',
] as const;

export const MONEY_COLUMNS = ['variance_value', 'impact_value'] as const;

/** Columns held as numbers; NaN where the line says nothing. */
export type NumberColumn = (typeof QUANTITY_COLUMNS)[number] | (typeof MONEY_COLUMNS)[number] | 'days_out_of_sync';

/** `values` is in the order of text, by code unit; `codes` says for each line which of them it has. */
export interface CodedTexts {
  readonly values: readonly string[];
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
}

/** Texts that hardly repeat: one after the other as UTF-8, `ends[i]` where the text of line i ends. */
export interface PooledTexts {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Line i has rank i + 1. */
export interface LineColumns {
  readonly count: number;
  readonly quantityDecimals: number;
  readonly minorDecimals: number;
  readonly coded: Readonly<Record<CodedColumn, CodedTexts>>;
  readonly numbers: Readonly<Record<NumberColumn, Float64Array>>;
  readonly actions: PooledTexts;
}

const UTF8 = new TextDecoder();
const CODED = new Set<string>(CODED_COLUMNS);
const MONEY = new Set<string>(MONEY_COLUMNS);

/** One line as the run wrote it. */
export function lineAt(columns: LineColumns, index: number): DiscrepancyLine {
  const line: Record<string, string> = {};
  for (const name of DISCREPANCY_COLUMNS) line[name] = cellAt(columns, name, index);
  line['absent_from'] = textAt(columns.coded.absent_from, index);
  return line as DiscrepancyLine;
}

function cellAt(columns: LineColumns, name: (typeof DISCREPANCY_COLUMNS)[number], index: number): string {
  if (name === 'rank') return String(index + 1);
  if (name === 'action') return actionAt(columns.actions, index);
  if (CODED.has(name)) return textAt(columns.coded[name as CodedColumn], index);
  const scaled = columns.numbers[name as NumberColumn][index] as number;
  if (Number.isNaN(scaled)) return '';
  if (name === 'days_out_of_sync') return String(scaled);
  return MONEY.has(name) ? formatFixed(scaled, columns.minorDecimals) : formatScaled(scaled, columns.quantityDecimals);
}

function textAt({ values, codes }: CodedTexts, index: number): string {
  return values[codes[index] as number] as string;
}

function actionAt({ bytes, ends }: PooledTexts, index: number): string {
  return UTF8.decode(bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]));
}
