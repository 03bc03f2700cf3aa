import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findRecords, headText } from './find-records.ts';
import { openDelimited } from './open-delimited.ts';
import { readDelimited } from './read-delimited.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenstock-find-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function fileOf(text: string | Buffer) {
  const path = join(folder, `f${Math.random()}.csv`);
  writeFileSync(path, text);
  return openDelimited(path, { format: 'csv', knownColumns: new Set(['a']), temporaryDirectory: folder });
}

test('a record is found by the row that readers give it, with its text as it stands there', async () => {
  const file = await fileOf('\ufeffa,b\r\n1,"x ""y"""\r\n2,"two\r\nlines"\r\n\u00e9,4\r\n5,6');
  expect(await headText(file)).toBe('a,b');
  expect(await findRecords(file, 3, 3)).toEqual([{ row: 3, text: '2,"two\r\nlines"', values: ['2', 'two\r\nlines'] }]);
  expect((await findRecords(file, 0, 9)).map(({ row, text }) => [row, text])).toEqual([
    [2, '1,"x ""y"""'],
    [3, '2,"two\r\nlines"'],
    [4, '\u00e9,4'],
    [5, '5,6'],
  ]);
  expect(await findRecords(file, 6, 9)).toEqual([]);
});

test('in a long file too, whatever the lengths of its records', { timeout: 60_000 }, async () => {
  const lines = Array.from({ length: 60_000 }, (_, row) => `${row},"${'q\n'.repeat(row % 40)}"`);
  const file = await fileOf(`a,b\n${lines.join('\n')}\n`);
  const rows = new Map<number, readonly (string | null)[]>();
  for await (const batch of readDelimited(file).batches) for (const { row, values } of batch) rows.set(row, values);
  for (const row of [2, 3, 777, 12_345, 59_999, 60_001]) {
    const [found] = await findRecords(file, row, row);
    expect([row, found?.values]).toEqual([row, rows.get(row)]);
    expect(found?.text).toBe(lines[row - 2]);
  }
});

test('a record that cannot be read is shown with what is wrong with it', async () => {
  const file = await fileOf('a,b\n1,2\n3,4,5\n6,7\n');
  const found = await findRecords(file, 2, 4);
  expect(found[0]?.values).toEqual(['1', '2']);
  expect(found[1]?.values).toBeUndefined();
  expect(found[1]?.fault).toContain('field');
});
