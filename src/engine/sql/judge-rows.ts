/**
 * Lets the core say why rows were rejected, and judge the rows that numbers of fixed width cannot hold.
 * Never decides anything itself: where core and statements disagree about a row, that is our bug.
 */
import type { Balance } from '../../core/model/balance.ts';
import type { Decimal } from '../../core/model/decimal.ts';
import { assert, Failure } from '../../core/model/failure.ts';
import type { Fault, Rejection } from '../../core/model/rejection.ts';
import { type BalanceRow, normalizeBalance } from '../../core/normalize/normalize-balance.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { parseTime } from '../../core/normalize/time.ts';
import { REJECTIONS_LISTED_MAX } from '../comparison-input.ts';
import { numberReader, type OpenSource } from './open-source.ts';
import type { RunNames } from './run-names.ts';
import type { Session } from './session.ts';
import { FATE, type KeyLayout, type SourceShape, UNMAPPED_FIRST } from './source-shape.ts';
import { FATES_END, listedRows } from './statement-builder.ts';

/** A row that the core accepted where the statements could not. */
export interface JudgedBalance {
  readonly row: number;
  readonly balance: Balance;
  readonly unitCost: Decimal | undefined;
  readonly isCleaned: boolean;
}

/** What the core said of the rows that it was asked about. */
export interface JudgedRows {
  readonly accepted: readonly JudgedBalance[];
  readonly rejected: number;
  readonly rejections: readonly Rejection[];
}

const VALUE_LENGTH_MAX = 200;

type Verdict =
  | { readonly kind: 'rejected'; readonly column: string; readonly value: string; readonly fault: Fault }
  | ReturnType<typeof normalizeBalance>;

export class RowJudge {
  private readonly session: Session;
  private readonly source: OpenSource;
  private readonly shape: SourceShape;
  private readonly names: RunNames;

  constructor(session: Session, source: OpenSource, shape: SourceShape, names: RunNames) {
    this.session = session;
    this.source = source;
    this.shape = shape;
    this.names = names;
  }

  /** Judges the rows left to the core. Throws a Failure of kind `refused` at the first value that condemns the file. */
  async judge(): Promise<JudgedRows> {
    const accepted: JudgedBalance[] = [];
    const rejections: Rejection[] = [];
    let rejected = 0;
    await this.eachRow(`fate = ${FATE.judged}`, undefined, (number, row, verdict) => {
      if (verdict.kind === 'balance') {
        accepted.push({
          row: number,
          balance: verdict.balance,
          unitCost: verdict.unitCost,
          isCleaned: isWrittenOddly(row, verdict.balance, this.names.plan),
        });
        if (verdict.costFault !== undefined) rejections.push(this.costRejection(number, row, verdict.costFault));
        return;
      }
      assert(
        verdict.kind === 'rejected',
        `row ${number} of ${this.source.input.name} was left to the core, which leaves it out`,
      );
      if (verdict.fault.scope === 'file')
        throw this.refusal(number, verdict.column, verdict.value, verdict.fault.reason);
      rejected++;
      rejections.push(this.rejection(number, verdict.column, verdict.value, verdict.fault.reason));
    });
    return { accepted, rejected, rejections };
  }

  /** The first rejections in row order, and rows whose cost cannot be read. */
  async rejections(): Promise<Rejection[]> {
    const found: Rejection[] = [];
    const condition = `fate = ${FATE.rejected} OR (fate = ${FATE.accepted} AND (has_unread_cost OR has_foreign_cost))`;
    await this.eachRow(condition, REJECTIONS_LISTED_MAX, (number, row, verdict) => {
      if (verdict.kind === 'rejected')
        found.push(this.rejection(number, verdict.column, verdict.value, verdict.fault.reason));
      else {
        assert(
          verdict.kind === 'balance' && verdict.costFault !== undefined,
          `row ${number} of ${this.source.input.name} was rejected, but the core takes it`,
        );
        found.push(this.costRejection(number, row, verdict.costFault));
      }
    });
    return found;
  }

  private async eachRow(
    condition: string,
    limit: number | undefined,
    take: (number: number, row: BalanceRow, verdict: Verdict) => void,
  ): Promise<void> {
    const { shape, source } = this;
    const columns = [...shape.texts.keys()];
    const readers = columns.map((column) => numberReader(source, column));
    await this.session.columns(listedRows(shape, condition, limit), ([numbers = [], ...cells], rows) => {
      for (let at = 0; at < rows; at++) {
        const row: Record<string, string> = {};
        columns.forEach((column, index) => {
          const cell = (cells[index]?.[at] ?? '') as string;
          row[column] =
            column === 'quantity' || column === 'unit_cost' ? (readers[index] as (text: string) => string)(cell) : cell;
        });
        const [column, value, reason] = shape.hasFaults
          ? cells.slice(columns.length).map((values) => values[at] as string | null)
          : [];
        const readFault: Verdict | undefined = reason
          ? { kind: 'rejected', column: column ?? '', value: value ?? '', fault: { scope: 'row', reason } }
          : undefined;
        take(Number(numbers[at]), row, readFault ?? this.verdict(row));
      }
    });
  }

  /** The order of every engine: what the reader could not read, the cut-off, then the core's. */
  private verdict(row: BalanceRow): Verdict {
    const { input } = this.source;
    if (input.asOfColumn !== undefined) {
      const time = parseTime((row['as_of'] ?? '').trim(), input.timeFormat);
      if (!time.ok) return { kind: 'rejected', column: 'as_of', value: row['as_of'] ?? '', fault: time.fault };
    }
    return normalizeBalance(row, input.rules, this.names.plan);
  }

  private rejection(row: number, column: string, value: string, reason: string): Rejection {
    const { name, file } = this.source.input;
    return { source: name, file, row, column, value: value.slice(0, VALUE_LENGTH_MAX), reason };
  }

  private costRejection(number: number, row: BalanceRow, fault: string): Rejection {
    return this.rejection(
      number,
      'unit_cost',
      row.unit_cost ?? this.source.input.rules.constants['unit_cost'] ?? '',
      `${fault}; the row counts, without its cost`,
    );
  }

  private refusal(row: number, column: string, value: string, reason: string): Failure {
    const { file, header, columns, asOfColumn } = this.source.input;
    const name = header[(column === 'as_of' ? asOfColumn : columns.get(column)) ?? -1] ?? column;
    const message = `${file}, row ${row}, column ${name}: ${JSON.stringify(value.slice(0, 80))}: ${reason}`;
    return new Failure(
      'refused',
      'VALUE_REFUSED',
      message,
      'Correct the file, or declare how this source writes its values.',
    );
  }
}

/** Whether a code that decides the row's key is written with odd spaces, invisible or decomposed characters. */
function isWrittenOddly(row: BalanceRow, balance: Balance, plan: Plan): boolean {
  const record = plan.master.items.get(balance.item);
  const hasLot = balance.category >= 0 && plan.grainOf(record?.family ?? '', record?.abcClass ?? '').lot;
  const odd = (column: string): boolean =>
    row[column] !== undefined && normalizeText(row[column] as string) !== row[column];
  return odd('site') || odd('item') || odd('status') || (hasLot && odd('lot'));
}

/** The table of the rows that the core accepted, in the shape of an aggregate and of the history. */
export async function createJudgedTable(
  session: Session,
  table: string,
  judged: readonly JudgedBalance[],
  names: RunNames,
  layout: KeyLayout,
): Promise<void> {
  const keyed = judged.map(({ row, balance, isCleaned }) => {
    const item = names.items.number(balance.item);
    const owner = names.owners.number(balance.owner);
    const site = names.sites.number(balance.site);
    const status = names.statuses.number(balance.status);
    const slot = balance.category >= 0 ? balance.category : UNMAPPED_FIRST - status;
    return {
      row,
      item,
      owner,
      site,
      status,
      slot,
      lot: balance.lot,
      quantity: BigInt(balance.quantity),
      cleaned: isCleaned ? 1 : 0,
      key: keyOf(layout, item, owner, site, slot),
    };
  });
  await session.createTable(
    table,
    [
      ['row_number', 'BIGINT'],
      ['key', layout.keyType],
      ['group_lot', 'VARCHAR'],
      ['item', 'INTEGER'],
      ['owner', 'INTEGER'],
      ['site', 'INTEGER'],
      ['lot', 'VARCHAR'],
      ['slot', 'INTEGER'],
      ['status', 'INTEGER'],
      ['quantity', 'BIGINT'],
      ['cleaned_count', 'BIGINT'],
    ],
    [
      keyed.map((one) => BigInt(one.row)),
      keyed.map((one) => one.key),
      keyed.map((one) => (one.slot < 0 ? '' : one.lot)),
      keyed.map((one) => one.item),
      keyed.map((one) => one.owner),
      keyed.map((one) => one.site),
      keyed.map((one) => one.lot),
      keyed.map((one) => one.slot),
      keyed.map((one) => one.status),
      keyed.map((one) => one.quantity),
      keyed.map((one) => BigInt(one.cleaned)),
    ],
  ); // prettier-ignore
}

/** The key of a slot as the statements pack it. */
export function keyOf(layout: KeyLayout, item: number, owner: number, site: number, slot: number): bigint {
  if (slot >= 0)
    return (
      ((BigInt(item) * BigInt(layout.owners) + BigInt(owner)) * BigInt(layout.sites) + BigInt(site)) *
        BigInt(layout.categories) +
      BigInt(slot)
    );
  return (
    -1n -
    (BigInt(FATES_END + layout.sites) +
      (BigInt(item) * BigInt(layout.sites) + BigInt(site)) * BigInt(layout.statuses) +
      BigInt(UNMAPPED_FIRST - slot))
  );
}
