/**
 * Keeps what the workers say of each range, and proves that together they read each file from its first record to its last.
 * Never reads a file.
 */
import { formatScaled, rescale } from '../../core/model/decimal.ts';
import { Failure } from '../../core/model/failure.ts';
import type { Rejection } from '../../core/model/rejection.ts';
import { parseDecimal } from '../../core/normalize/number.ts';
import type { ScanTask } from '../../ingest/delimited/range-scanner.ts';
import { type BalanceInput, type InputOutcome, REJECTIONS_LISTED_MAX } from '../comparison-input.ts';
import type { EncoderCounts } from './encoder-input.ts';
import type { ScanFault, ScanResult } from './pass-worker.ts';

/** A range started inside a quoted line break, or seems to have: the files must be split at records that are known. */
export class RestartExactly extends Error {}

export class ScanBook {
  hasFault = false;
  private readonly inputs: readonly BalanceInput[];
  private readonly isExact: boolean;
  private readonly decimals: number;
  private tasks: readonly ScanTask[] = [];
  private results: (ScanResult | undefined)[] = [];
  private readonly rowRejections: Rejection[][];

  constructor(inputs: readonly BalanceInput[], isExact: boolean, decimals: number) {
    this.inputs = inputs;
    this.isExact = isExact;
    this.decimals = decimals;
    this.rowRejections = inputs.map(() => []);
  }

  expect(tasks: readonly ScanTask[]): void {
    this.tasks = tasks;
    this.results = tasks.map(() => undefined);
  }

  take(task: number, result: ScanResult): void {
    this.results[task] = result;
    if (result.fault) this.hasFault = true;
  }

  takeRejections(input: number, rejections: readonly Rejection[]): void {
    const listed = this.rowRejections[input] as Rejection[];
    for (const rejection of rejections) if (listed.length < REJECTIONS_LISTED_MAX) listed.push(rejection);
  }

  /**
   * Throws the first fault of the first faulty file. By induction from each file's first record, ranges whose ends and
   * starts meet have read every record once; where they do not meet, the files are read again from starts that are known.
   */
  check(): void {
    for (const index of this.inputs.keys()) {
      let rows = 0;
      let end = -1;
      for (const [at, task] of this.tasks.entries()) {
        if (task.input !== index) continue;
        const result = this.results[at];
        if (result === undefined) continue;
        const meets = end < 0 || result.fault !== undefined || result.start === end;
        if (!meets || (result.fault && end >= 0 && !this.isExact)) throw new RestartExactly();
        if (result.fault) throw this.failure(index, result.fault, this.firstRow(index) + rows + result.fault.row);
        rows += result.rows;
        end = result.end;
      }
      this.checkControlTotal(index);
    }
  }

  private resultsOf(index: number): ScanResult[] {
    return this.tasks.flatMap((task, at) =>
      task.input === index && this.results[at] ? [this.results[at] as ScanResult] : [],
    );
  }

  private firstRow(index: number): number {
    const { content } = this.inputs[index] as BalanceInput;
    return content.kind === 'delimited' ? content.delimited.firstRow : 0;
  }

  private checkControlTotal(index: number): void {
    const input = this.inputs[index] as BalanceInput;
    if (input.totalRow === undefined || input.content.kind !== 'delimited') return;
    const results = this.resultsOf(index);
    const last = results.at(-1);
    const refuse = (message: string): Failure =>
      new Failure('refused', 'CONTROL_TOTAL', `${input.file}: ${message}`, 'Send the whole file again.');
    const totals = results.filter((result) => result.controlTotal !== undefined);
    if (totals.length !== 1 || last?.controlTotal === undefined || last.controlTotal.row !== last.rows - 1)
      throw refuse('the control total is not its last row; the file seems cut off');
    const total = parseDecimal(last.controlTotal.quantity, input.rules.numberFormat);
    const sum = results.reduce((all, result) => all + result.quantitySum, 0n);
    if (!total.ok || rescale(total.value, this.decimals) !== sum) {
      throw refuse(
        `its rows add up to ${formatScaled(sum, this.decimals)}, its control total says ${last.controlTotal.quantity}`,
      );
    }
  }

  /** The failure that refuses a file. `row` as a spreadsheet counts. */
  failure(index: number, fault: ScanFault, row: number): Failure {
    const { file, header, columns } = this.inputs[index] as BalanceInput;
    const column = fault.column === '' ? '' : `, column ${header[columns.get(fault.column) ?? -1] ?? fault.column}`;
    const value = fault.column === '' ? '' : `${JSON.stringify(fault.value.slice(0, 80))}: `;
    return new Failure('refused', fault.code, `${file}, row ${row}${column}: ${value}${fault.message}`, fault.action);
  }

  /** What became of each input's rows. `counts` and `duplicates`: by worker, then by input. */
  outcomes(counts: readonly (readonly EncoderCounts[])[], duplicates: readonly (readonly number[])[]): InputOutcome[] {
    return this.inputs.map((_, index) => {
      const parts = counts.map((worker) => worker[index] as EncoderCounts);
      const sum = (
        name: 'rows' | 'accepted' | 'rejected' | 'ignored' | 'outOfScope' | 'filtered' | 'negative' | 'cleaned',
      ): number => parts.reduce((all, part) => all + part[name], 0);
      const latest = parts.reduce((best, part) => (part.asOfLast > best.asOfLast ? part : best));
      const first = Math.min(...parts.map((part) => part.asOfFirst));
      return {
        rows: sum('rows'),
        accepted: sum('accepted'),
        rejected: sum('rejected'),
        excluded: { ignored: sum('ignored'), 'out-of-scope': sum('outOfScope'), filtered: sum('filtered') },
        duplicates: duplicates.reduce((all, worker) => all + (worker[index] as number), 0),
        negative: sum('negative'),
        cleaned: sum('cleaned'),
        asOf: Number.isFinite(first) ? { first, last: latest.asOfLast, lastText: latest.asOfLastText } : undefined,
        outOfScopeSites: [...new Set(parts.flatMap((part) => part.outOfScopeSites))].sort(),
        rejections: this.rejections(index),
        finalNewlineMissing: this.resultsOf(index).some((result) => result.finalNewlineMissing),
      };
    });
  }

  private rejections(index: number): Rejection[] {
    const listed = [...(this.rowRejections[index] as Rejection[])];
    let first = this.firstRow(index);
    for (const result of this.resultsOf(index)) {
      for (const rejection of result.rejections) {
        if (listed.length < REJECTIONS_LISTED_MAX) listed.push({ ...rejection, row: first + rejection.row });
      }
      first += result.rows;
    }
    return listed;
  }
}
