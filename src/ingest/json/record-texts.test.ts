import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonLayout } from './json-grammar.ts';
import { readJson } from './read-json.ts';
import { recordTexts } from './record-texts.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-records-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function textsOf(
  content: string | Buffer,
  layout: JsonLayout,
  range: { first: number; last: number },
  bytesMax = 1_000,
): Promise<[number, string][]> {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return [...(await recordTexts(path, undefined, layout, range, bytesMax))];
}

const ROWS = [
  '{ "item": "00123", "qty": 1.10 }',
  '{"item":"Tür } {","qty":null}',
  '{\n  "item": "\\u00e4\\"",\n  "qty": 12345678901234567890\n}',
];

describe('the text of records', () => {
  it.each([
    ['an array', `[${ROWS.join(', ')}]`],
    ['an array in an object', `{"made": "now", "none": [], "rows": [\n${ROWS.join(',\n')}\n], "n": 3}`],
    ['an array after a byte order mark', `\uFEFF[${ROWS.join(',')}]`],
  ])('%s: each as it stands there', async (_, text) => {
    expect(await textsOf(text, 'document', { first: 1, last: 9 })).toEqual(ROWS.map((row, at) => [at + 1, row]));
    expect(await textsOf(text, 'document', { first: 2, last: 2 })).toEqual([[2, ROWS[1]]]);
    expect(await textsOf(text, 'document', { first: 4, last: 9 })).toEqual([]);
  });

  it('lines: by the number of the line, also in UTF-16', async () => {
    const text = `${ROWS[0]}\n\n${ROWS[1]}\r\n  ${ROWS[0]}  \n`;
    expect(await textsOf(text, 'lines', { first: 2, last: 4 })).toEqual([
      [3, ROWS[1]],
      [4, ROWS[0]],
    ]);
    const wide = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect(await textsOf(wide, 'lines', { first: 3, last: 3 })).toEqual([[3, ROWS[1]]]);
  });

  it('a record across the pieces of the file is whole, and a long one is cut between characters', async () => {
    const long = `{"item": "${'ä'.repeat(200_000)}"}`;
    const text = `[${ROWS[0]},${long},${ROWS[1]}]`;
    const found = await textsOf(text, 'document', { first: 1, last: 3 }, 1_000_000);
    expect(found).toEqual([ROWS[0], long, ROWS[1]].map((row, at) => [at + 1, row]));
    const [[, cut] = [0, '']] = await textsOf(text, 'document', { first: 2, last: 2 }, 14);
    expect(cut).toBe('{"item": "ää');
    const [[, half] = [0, '']] = await textsOf(text, 'document', { first: 2, last: 2 }, 13);
    expect(half).toBe('{"item": "ä');
  });

  it('counts as the reader of rows does', async () => {
    const text = `{"head": {"a": 1}, "rows": [${ROWS.join(',')}]}`;
    const texts = await textsOf(text, 'document', { first: 1, last: 9 });
    const rows: (readonly [number, string | null | undefined])[] = [];
    for await (const batch of (await readJson(join(folder, 'file'), {})).batches)
      rows.push(...batch.map(({ row, values }) => [row, values[0]] as const));
    expect(texts.map(([row, record]) => [row, JSON.parse(record).item])).toEqual(rows);
  });
});
