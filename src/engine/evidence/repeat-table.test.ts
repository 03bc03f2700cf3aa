import { describe, expect, test } from 'vitest';
import { RepeatTable } from './repeat-table.ts';

const identity = (place: string, effect: string, ...details: string[]) => ({
  place,
  effect,
  details: Array.from({ length: 8 }, (_, index) => details[index] ?? ''),
});

describe('rows of several files', () => {
  test('are repeats where nothing that both say differs; the one that says more is kept', () => {
    const table = new RepeatTable();
    const at = (book: number, row: number) => ({ book, file: book, row });
    expect(table.offer(identity('M1', '-3', '', 'SO1'), at(1, 2))).toEqual({ kind: 'new' });
    expect(table.offer(identity('M1', '-3', '', 'SO1'), at(1, 3))).toEqual({ kind: 'new' });
    expect(table.offer(identity('M1', '-3'), at(2, 2))).toEqual({ kind: 'repeats', leftOut: at(2, 2) });
    expect(table.offer(identity('M1', '-3', '7', 'SO1'), at(2, 3))).toEqual({ kind: 'repeats', leftOut: at(1, 2) });
    expect(table.offer(identity('M1', '-3', '7', 'SO1'), at(2, 4))).toEqual({ kind: 'new' });
    expect(table.offer(identity('M1', '-3', '7', 'SO1'), at(3, 2))).toEqual({ kind: 'repeats', leftOut: at(3, 2) });
    expect(table.offer(identity('M1', '-4', '7', 'SO1'), at(4, 2))).toEqual({ kind: 'differs' });
    expect(table.offer(identity('M1', '-4', '8', 'SO9'), at(5, 2))).toEqual({ kind: 'differs' });
    expect(table.offer(identity('M2', '-4', '8', 'SO9'), at(5, 3))).toEqual({ kind: 'new' });
  });

  test('of one line are no other content of another line', () => {
    const table = new RepeatTable();
    table.offer(identity('M1', '-3', '1'), { book: 1, file: 0, row: 2 });
    expect(table.offer(identity('M1', '-4', '2'), { book: 2, file: 1, row: 2 })).toEqual({ kind: 'new' });
  });

  test('are told apart by the tens of thousands', () => {
    const table = new RepeatTable();
    for (let row = 0; row < 50_000; row++)
      expect(table.offer(identity(`M${row}`, '1'), { book: 1, file: 0, row }).kind).toBe('new');
    for (let row = 0; row < 50_000; row++)
      expect(table.offer(identity(`M${row}`, row % 2 === 0 ? '1' : '2'), { book: 2, file: 1, row }).kind).toBe(
        row % 2 === 0 ? 'repeats' : 'differs',
      );
  });

  test('that share one number are looked at only so long', () => {
    const table = new RepeatTable();
    const started = performance.now();
    for (const book of [1, 2])
      for (let row = 0; row < 20_000; row++) table.offer(identity('DAY', String(row)), { book, file: book, row });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
