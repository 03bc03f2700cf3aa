/**
 * One worker of the passes: reads ranges of the inputs into partitions, then compares whole partitions.
 * Runs in a thread of its own or, for small inputs, in the caller's. Never talks to other workers.
 */
import type { InFlightQuantity } from '../../core/model/balance.ts';
import { ExactSum } from '../../core/model/decimal.ts';
import type { Rejection } from '../../core/model/rejection.ts';
import { parseDecimal } from '../../core/normalize/number.ts';
import { Plan } from '../../core/normalize/plan.ts';
import type { DelimitedFile } from '../../ingest/delimited/delimited-file.ts';
import {
  RangeFault,
  RangeScanner,
  type ScannedRange,
  type ScanTask,
  type TakeRecords,
} from '../../ingest/delimited/range-scanner.ts';
import { hashBytes, type RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import { BalanceEncoder } from './balance-encoder.ts';
import { BalanceFinder, BalanceWriter, type FoundBalance } from './balance-writer.ts';
import { type EncoderCounts, type EncoderInput, ValueFault } from './encoder-input.ts';
import type { NameMap, RunNames } from './merge-names.ts';
import { type PackedPlan, unpackPlan } from './packed-master.ts';
import { type Coverage, type Found, PartitionComparer } from './partition-comparer.ts';
import { PartitionReader } from './partition-reader.ts';
import { PartitionStore, SIDE_IN_FLIGHT, type StoredPartitions } from './partition-store.ts';
import { RowWriter } from './row-writer.ts';
import { type NamesOfWorker, WorkerNames } from './worker-names.ts';

/** An input as a worker gets it; `delimited` is undefined where the rows come by `takeRows`. */
export interface WorkerInput {
  readonly encoder: EncoderInput;
  readonly delimited: DelimitedFile | undefined;
}

export interface WorkerSetup {
  readonly plan: PackedPlan;
  readonly inputs: readonly WorkerInput[];
  readonly partitions: number;
  readonly storeBytes: number;
  readonly spillPath: string;
}

/** A fault that makes the file unreadable; `row` counts the records before it in its range. */
export interface ScanFault {
  readonly code: string;
  readonly message: string;
  readonly action: string;
  readonly row: number;
  readonly offset: number;
  readonly column: string;
  readonly value: string;
}

/** `rejections` have rows counted from 0 within the range. */
export interface ScanResult extends ScannedRange {
  readonly rejections: readonly Rejection[];
  readonly fault: ScanFault | undefined;
  /** Sum of the quantities as written, scaled by 10^quantity_decimals, and the control total, where one is declared. */
  readonly quantitySum: bigint;
  readonly controlTotal: { readonly row: number; readonly quantity: string } | undefined;
}

export interface ScanEnd {
  readonly stored: StoredPartitions;
  readonly names: NamesOfWorker;
  readonly counts: readonly EncoderCounts[];
}

export interface CompareSetup {
  readonly stores: readonly StoredPartitions[];
  readonly maps: readonly NameMap[];
  readonly names: RunNames;
  readonly coverage: Coverage;
}

const encoder = new TextEncoder();

export class PassWorker {
  private readonly setup: WorkerSetup;
  private readonly plan: Plan;
  private readonly names: WorkerNames;
  private readonly store: PartitionStore;
  private readonly writer: RowWriter;
  private readonly encoders: BalanceEncoder[];
  private readonly scanners: (RangeScanner | undefined)[];
  private readonly rowColumns = new Map<number, (readonly [string, number])[]>();
  private reader: PartitionReader | undefined;
  private comparer: PartitionComparer | undefined;
  private runNames: RunNames | undefined;
  private balances: BalanceWriter | undefined;
  private finder: BalanceFinder | undefined;

  constructor(setup: WorkerSetup) {
    this.setup = setup;
    const unpacked = unpackPlan(setup.plan);
    this.plan = new Plan(unpacked);
    this.names = new WorkerNames(this.plan, unpacked.master.items, setup.partitions);
    this.store = new PartitionStore(setup.partitions, setup.storeBytes, setup.spillPath);
    this.writer = new RowWriter(this.names, this.store);
    this.encoders = setup.inputs.map(
      (input, source) => new BalanceEncoder(input.encoder, source, this.plan, this.writer),
    );
    this.scanners = setup.inputs.map(() => undefined);
  }

  scan(task: ScanTask): ScanResult {
    const input = this.setup.inputs[task.input] as WorkerInput;
    const encode = this.encoders[task.input] as BalanceEncoder;
    this.scanners[task.input] ??= new RangeScanner(input.delimited as DelimitedFile);
    const scanner = this.scanners[task.input] as RangeScanner;
    const totals = new ControlTotals(input.encoder, this.plan.quantityDecimals);
    encode.rejections = [];
    try {
      const take: TakeRecords = input.encoder.totalRow
        ? (records, numbers, count, hashes) => {
            for (let record = 0; record < count; record++) {
              if (totals.take(records, record, numbers[record] as number))
                encode.encode(records, numbers, record, record + 1, hashes);
            }
          }
        : (records, numbers, count, hashes) => encode.encode(records, numbers, 0, count, hashes);
      const range = scanner.scan(task, take);
      return {
        ...range,
        rejections: encode.rejections,
        fault: undefined,
        quantitySum: totals.sum,
        controlTotal: totals.found,
      };
    } catch (error) {
      const empty = {
        rows: 0,
        start: task.from,
        end: task.to,
        finalNewlineMissing: false,
        quantitySum: 0n,
        controlTotal: undefined,
      };
      return { ...empty, rejections: encode.rejections, fault: faultOf(error, task.from) };
    }
  }

  /** Takes rows of an input that is no delimited text. */
  takeRows(
    input: number,
    rows: readonly RawRow[],
  ): { readonly rejections: readonly Rejection[]; readonly fault: ScanFault | undefined } {
    const { encoder: described } = this.setup.inputs[input] as WorkerInput;
    const encode = this.encoders[input] as BalanceEncoder;
    encode.rejections = [];
    let columns = this.rowColumns.get(input);
    if (columns === undefined) {
      columns = [...described.columns];
      if (described.asOfColumn !== undefined) columns.push(['as_of', described.asOfColumn]);
      this.rowColumns.set(input, columns);
    }
    for (const row of rows) {
      try {
        takeRow(encode, described, columns, row);
      } catch (error) {
        return { rejections: encode.rejections, fault: faultOf(error, 0) };
      }
    }
    return { rejections: encode.rejections, fault: undefined };
  }

  takeInFlight(quantities: readonly InFlightQuantity[]): void {
    for (const quantity of quantities) {
      this.writer.writeTexts({ ...quantity, status: '', side: SIDE_IN_FLIGHT, source: 0, rowHash: 0, cost: -1 });
    }
  }

  finishScan(): ScanEnd {
    for (const scanner of this.scanners) scanner?.close();
    return {
      stored: this.store.finish(),
      names: this.names.export(),
      counts: this.encoders.map((encode) => encode.counts),
    };
  }

  private get systems(): string[] {
    return this.setup.inputs.map((input) => input.encoder.rules.system);
  }

  beginCompare(setup: CompareSetup): void {
    this.runNames = setup.names;
    this.reader = new PartitionReader(setup.stores, setup.maps, this.names.items.known);
    this.comparer = new PartitionComparer(this.reader, setup.names, this.setup.inputs.length, setup.coverage);
  }

  compare(partition: number): void {
    this.comparer?.compare(partition);
  }

  finishCompare(): Found {
    return (this.comparer as PartitionComparer).finish();
  }

  /** Starts writing balances by key and native status to a file of this worker's own. */
  beginBalances(path: string): void {
    const names = {
      ...(this.runNames as RunNames),
      systems: this.systems,
      categories: ['', ...this.plan.categories],
    };
    this.balances = new BalanceWriter(path, this.reader as PartitionReader, names);
  }

  /** Starts looking for balances by key and native status; see BalanceFinder. */
  beginFind(wanted: Uint8Array | undefined): void {
    this.finder = new BalanceFinder(this.reader as PartitionReader, this.systems, wanted);
  }

  findBalances(partition: number): readonly FoundBalance[] {
    return (this.finder as BalanceFinder).find(partition);
  }

  writeBalances(partition: number): void {
    this.balances?.write(partition);
  }

  finishBalances(): number {
    return this.balances?.finish() ?? 0;
  }

  close(): void {
    this.reader?.close();
  }
}

function takeRow(
  encode: BalanceEncoder,
  input: EncoderInput,
  columns: readonly (readonly [string, number])[],
  row: RawRow,
): void {
  encode.counts.rows++;
  if (row.fault)
    return encode.reject(row.row, input.header[row.fault.column] ?? '', row.fault.value, {
      scope: 'row',
      reason: row.fault.reason,
    });
  const texts: Record<string, string | undefined> = {};
  for (const [name, position] of columns) texts[name] = row.values[position] ?? '';
  const whole = encoder.encode(`${row.values.map((value) => value ?? '').join('\u0000')}\0\0\0`);
  encode.encodeTexts(
    texts,
    hashBytes(new DataView(whole.buffer, whole.byteOffset, whole.length), 0, whole.length - 3),
    row.row,
  );
}

function faultOf(error: unknown, from: number): ScanFault {
  if (error instanceof RangeFault)
    return {
      code: error.code,
      message: error.message,
      action: error.action,
      row: error.row,
      offset: error.offset,
      column: '',
      value: '',
    };
  if (error instanceof ValueFault) {
    return {
      code: 'VALUE_REFUSED',
      message: error.message,
      action: 'Correct the file, or declare how this source writes its values.',
      row: error.row,
      offset: from,
      column: error.column,
      value: error.value,
    };
  }
  throw error;
}

/** Adds up the quantities of a file as written, where the configuration declares a control total. */
class ControlTotals {
  found: { readonly row: number; readonly quantity: string } | undefined;
  private readonly exact = new ExactSum();
  private readonly input: EncoderInput;
  private readonly decimals: number;

  constructor(input: EncoderInput, decimals: number) {
    this.input = input;
    this.decimals = decimals;
  }

  /** False where the record is the control total. */
  take(records: RecordScanner, record: number, row: number): boolean {
    const total = this.input.totalRow as NonNullable<EncoderInput['totalRow']>;
    const text = (column: number): string => {
      const field = record * this.input.header.length + column;
      return Buffer.from(records.bytes.subarray(records.starts[field], records.ends[field])).toString().trim();
    };
    const quantity = text(this.input.columns.get('quantity') ?? 0);
    if (text(total.column) === total.value) {
      this.found = { row, quantity };
      return false;
    }
    const value = parseDecimal(quantity, this.input.rules.numberFormat);
    if (value.ok && value.value.scale <= this.decimals)
      this.exact.addBig(value.value.coefficient * 10n ** BigInt(this.decimals - value.value.scale));
    return true;
  }

  get sum(): bigint {
    return this.exact.total;
  }
}
