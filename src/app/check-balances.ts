/**
 * Reads a balance source row by row as a run would, and counts what becomes of its statuses and units.
 * Never compares and never writes; the meaning of a row is the core's.
 */
import type { Configuration } from '../contract/configuration.ts';
import { UNMAPPED } from '../core/model/balance.ts';
import { formatScaled } from '../core/model/decimal.ts';
import { Failure } from '../core/model/failure.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { resolveItem } from '../core/normalize/master-data.ts';
import { type BalanceOutcome, type BalanceRow, normalizeBalance } from '../core/normalize/normalize-balance.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { normalizeText } from '../core/normalize/text.ts';
import { parseTime } from '../core/normalize/time.ts';
import { openRows } from '../ingest/open-source.ts';
import type { RawRow } from '../ingest/raw-table.ts';
import type { BalanceSource } from './balance-sources.ts';
import {
  type CheckedRow,
  type CheckedStatus,
  FIRST_ROWS,
  REJECTED_SHOWN_MAX,
  type UnknownUnit,
} from './check-result.ts';
import { nearestStatus } from './check-rules.ts';

interface StatusSum {
  readonly status: CheckedStatus;
  rows: number;
  quantity: bigint;
}

interface UnitSum {
  readonly unit: UnknownUnit;
  rows: number;
  readonly items: Set<string>;
}

/** What was found in the rows of one source. rows = accepted + rejected + all of excluded. */
export interface SurveyedSource {
  rows: number;
  accepted: number;
  rejected: number;
  readonly excluded: Record<string, number>;
  readonly firstRows: CheckedRow[];
  readonly rejections: Rejection[];
  /** Text of the latest cut-off in the rows, where a column gives it. */
  asOf: string;
}

export class BalanceSurvey {
  private readonly plan: Plan;
  private readonly configuration: Configuration;
  private readonly statusSums = new Map<string, StatusSum>();
  private readonly unitSums = new Map<string, UnitSum>();

  constructor(configuration: Configuration, plan: Plan) {
    this.configuration = configuration;
    this.plan = plan;
  }

  /** Reads all rows into `found`, which holds what was read also where this throws. */
  async read(
    source: BalanceSource,
    found: SurveyedSource,
    temporaryDirectory: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { totalRow } = source.input;
    const table = await openRows({ ...source.input, file: source.file, unknownColumns: [] }, temporaryDirectory);
    const cutOff = { epochMs: Number.NEGATIVE_INFINITY };
    for await (const batch of table.batches) {
      if (signal.aborted) throw new Failure('cancelled', 'CANCELLED', 'The check was cancelled.');
      for (const raw of batch) {
        if (totalRow !== undefined && raw.values[totalRow.column]?.trim() === totalRow.value) continue;
        this.take(source, raw, found, cutOff);
      }
    }
  }

  private take({ input }: BalanceSource, raw: RawRow, found: SurveyedSource, cutOff: { epochMs: number }): void {
    found.rows++;
    const row: Record<string, string> = {};
    for (const [column, position] of input.columns) row[column] = raw.values[position] ?? '';
    const outcome = raw.fault ? faultOf(raw.fault, input.header) : this.normalize(input, row, raw, found, cutOff);
    if (outcome.kind === 'balance') found.accepted++;
    else if (outcome.kind === 'rejected') found.rejected++;
    else found.excluded[outcome.why] = (found.excluded[outcome.why] ?? 0) + 1;
    this.countStatus(input.rules.system, row['status'] ?? input.rules.constants['status'] ?? '', outcome);
    if (outcome.kind === 'rejected' && outcome.column === 'uom')
      this.countUnit(input.rules.system, row['item'] ?? input.rules.constants['item'] ?? '', outcome);
    const problem = problemOf(outcome, row);
    if (problem !== undefined && found.rejections.length < REJECTED_SHOWN_MAX) {
      const column = input.header[input.columns.get(problem.column) ?? -1] ?? problem.column;
      found.rejections.push({ source: input.name, file: input.file, row: raw.row, ...problem, column });
    }
    if (found.firstRows.length < FIRST_ROWS)
      found.firstRows.push({ row: raw.row, values: this.valuesOf(outcome, row), note: noteOf(outcome) });
  }

  private normalize(
    input: BalanceSource['input'],
    row: BalanceRow,
    raw: RawRow,
    found: SurveyedSource,
    cutOff: { epochMs: number },
  ): BalanceOutcome {
    if (input.asOfColumn !== undefined) {
      const text = raw.values[input.asOfColumn] ?? '';
      const time = parseTime(text.trim(), input.timeFormat);
      if (!time.ok) return { kind: 'rejected', column: 'as_of', value: text, fault: time.fault };
      if (time.value.epochMs > cutOff.epochMs) {
        cutOff.epochMs = time.value.epochMs;
        found.asOf = time.value.text;
      }
    }
    return normalizeBalance(row, input.rules, this.plan);
  }

  private countStatus(system: string, written: string, outcome: BalanceOutcome): void {
    if (outcome.kind === 'rejected' || (outcome.kind === 'excluded' && outcome.why !== 'ignored')) return;
    const status = normalizeText(written);
    const isUnmapped = outcome.kind === 'balance' && outcome.balance.category === UNMAPPED;
    const category =
      outcome.kind === 'balance' && !isUnmapped ? (this.plan.categories[outcome.balance.category] as string) : '';
    const reason = outcome.kind === 'excluded' ? outcome.detail : '';
    const kind = outcome.kind === 'excluded' ? 'ignored' : isUnmapped ? 'unmapped' : 'category';
    const name = JSON.stringify([system, status, kind, category, reason]);
    let sum = this.statusSums.get(name);
    if (sum === undefined) {
      const meant = isUnmapped ? nearestStatus(this.configuration, system, status) : '';
      sum = {
        status: { system, status, rows: 0, quantity: '', outcome: kind, category, reason, did_you_mean: meant },
        rows: 0,
        quantity: 0n,
      };
      this.statusSums.set(name, sum);
    }
    sum.rows++;
    if (outcome.kind === 'balance') sum.quantity += BigInt(outcome.balance.quantity);
  }

  private countUnit(system: string, writtenItem: string, outcome: BalanceOutcome & { kind: 'rejected' }): void {
    const uom = normalizeText(outcome.value);
    const item = resolveItem(system, writtenItem, this.plan.master);
    const name = JSON.stringify([system, uom]);
    let sum = this.unitSums.get(name);
    if (sum === undefined) {
      sum = {
        unit: { system, uom, rows: 0, items: 0, example_item: item, reason: outcome.fault.reason },
        rows: 0,
        items: new Set(),
      };
      this.unitSums.set(name, sum);
    }
    sum.rows++;
    sum.items.add(item);
  }

  private valuesOf(outcome: BalanceOutcome, row: BalanceRow): Record<string, string> {
    if (outcome.kind !== 'balance')
      return Object.fromEntries(Object.entries(row).map(([column, text]) => [column, text ?? '']));
    const { site, item, owner, lot, status, category, quantity } = outcome.balance;
    const name = category === UNMAPPED ? 'UNMAPPED' : (this.plan.categories[category] as string);
    return {
      site,
      item,
      owner,
      lot,
      status,
      quantity: formatScaled(quantity, this.plan.quantityDecimals),
      category: name,
    };
  }

  /** Systems in the order of the configuration, statuses by rows, most first; then by name. */
  statuses(): CheckedStatus[] {
    const order = Object.keys(this.configuration.systems);
    return [...this.statusSums.values()]
      .map(({ status, rows, quantity }) => ({
        ...status,
        rows,
        quantity: status.outcome === 'ignored' ? '' : formatScaled(quantity, this.plan.quantityDecimals),
      }))
      .sort(
        (a, b) =>
          order.indexOf(a.system) - order.indexOf(b.system) || b.rows - a.rows || (a.status < b.status ? -1 : 1),
      );
  }

  unknownUnits(): UnknownUnit[] {
    return [...this.unitSums.values()]
      .map(({ unit, rows, items }) => ({ ...unit, rows, items: items.size }))
      .sort((a, b) => b.rows - a.rows || (a.uom < b.uom ? -1 : 1));
  }
}

export function emptySurvey(): SurveyedSource {
  return { rows: 0, accepted: 0, rejected: 0, excluded: {}, firstRows: [], rejections: [], asOf: '' };
}

function faultOf(fault: NonNullable<RawRow['fault']>, header: readonly string[]): BalanceOutcome {
  return {
    kind: 'rejected',
    column: header[fault.column] ?? '',
    value: fault.value,
    fault: { scope: 'row', reason: fault.reason },
  };
}

/** Why a row is rejected, or counts without its unit cost. */
function problemOf(
  outcome: BalanceOutcome,
  row: BalanceRow,
): { column: string; value: string; reason: string } | undefined {
  if (outcome.kind === 'rejected')
    return { column: outcome.column, value: outcome.value.slice(0, 200), reason: outcome.fault.reason };
  if (outcome.kind !== 'balance' || outcome.costFault === undefined) return undefined;
  return {
    column: 'unit_cost',
    value: (row.unit_cost ?? '').slice(0, 200),
    reason: `${outcome.costFault}; the row counts, without its cost`,
  };
}

const LEFT_OUT = {
  ignored: 'ignored',
  'out-of-scope': 'left out: no warehouse system answers for this site',
  filtered: 'filtered',
} as const;

function noteOf(outcome: BalanceOutcome): string {
  if (outcome.kind === 'rejected') return `rejected: ${outcome.column}: ${outcome.fault.reason}`;
  if (outcome.kind === 'balance') return '';
  return outcome.why === 'ignored' ? `ignored: ${outcome.detail}` : LEFT_OUT[outcome.why];
}
