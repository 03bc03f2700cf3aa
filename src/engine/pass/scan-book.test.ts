import { describe, expect, test } from 'vitest';
import type { BalanceInput } from '../comparison-input.ts';
import type { ScanFault, ScanResult } from './pass-worker.ts';
import { RestartExactly, ScanBook } from './scan-book.ts';

const INPUT = {
  file: 'stock.csv',
  header: ['site', 'quantity'],
  columns: new Map([['quantity', 1]]),
  totalRow: undefined,
  content: { kind: 'delimited', delimited: { firstRow: 2 } },
} as unknown as BalanceInput;

const FAULT: ScanFault = {
  code: 'STRAY_QUOTE',
  message: 'a quote',
  action: '',
  row: 1,
  offset: 9,
  column: '',
  value: '',
};

const range = (start: number, end: number, rows: number, fault?: ScanFault): ScanResult => ({
  start,
  end,
  rows,
  fault,
  rejections: [],
  finalNewlineMissing: false,
  quantitySum: 0n,
  controlTotal: undefined,
});

function bookOf(isExact: boolean, ranges: readonly ScanResult[]): ScanBook {
  const book = new ScanBook([INPUT], isExact, 6);
  book.expect(ranges.map(({ start, end }) => ({ input: 0, from: start, to: end, isExact })));
  for (const [index, result] of ranges.entries()) book.take(index, result);
  return book;
}

describe('ranges prove together that every record was read once', () => {
  test('where each starts where the one before ended', () => {
    expect(() => bookOf(false, [range(5, 100, 3), range(100, 210, 4), range(210, 300, 2)]).check()).not.toThrow();
  });

  test.each([
    ['a gap', 105],
    ['an overlap', 95],
  ])('%s between two of them reads the files again from starts that are known', (_, start) => {
    expect(() => bookOf(false, [range(5, 100, 3), range(start, 210, 4)]).check()).toThrow(RestartExactly);
  });

  test('a fault in a range whose start is not known may be no fault', () => {
    expect(() => bookOf(false, [range(5, 100, 3), range(100, 210, 4, FAULT)]).check()).toThrow(RestartExactly);
  });

  test('a fault in the first range is one, and names the row', () => {
    expect(() => bookOf(false, [range(5, 100, 3, FAULT)]).check()).toThrow(/^stock.csv, row 3: a quote$/);
  });

  test('with starts that are known the first faulty range says it, rows before it counted', () => {
    const ranges = [range(5, 100, 3), range(100, 210, 4, FAULT), range(210, 300, 0, { ...FAULT, row: 0 })];
    expect(() => bookOf(true, ranges).check()).toThrow(/^stock.csv, row 6: a quote$/);
  });
});
