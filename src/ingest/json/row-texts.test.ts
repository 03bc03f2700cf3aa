import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RowLayout, rowTexts } from './row-texts.ts';

async function* bytesOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function textsOf(text: string, layout: RowLayout, size = 7): Promise<[number, string][]> {
  const rows: [number, string][] = [];
  for await (const row of rowTexts(bytesOf(text, size), layout)) rows.push([row.line, row.text]);
  return rows;
}

test('rows are the same however the bytes arrive', async () => {
  const value = fc.string({ unit: 'grapheme' });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(value, value)), fc.integer({ min: 1, max: 50 }), async (rows, size) => {
      const texts = rows.map((row) => JSON.stringify(row));
      const expected = texts.map((text, index) => [index + 1, text]);
      expect(await textsOf(texts.join('\n'), 'lines', size)).toEqual(expected);
      expect(await textsOf(`[${texts.join(' ,\n')}]`, 'array', size)).toEqual(expected);
    }),
  );
});

test('blank lines are passed over and counted; the last line needs no end', async () => {
  expect(await textsOf('{"a":1}\r\n\n  \n{"a":2}', 'lines')).toEqual([
    [1, '{"a":1}\r'],
    [4, '{"a":2}'],
  ]);
  expect(await textsOf('', 'lines')).toEqual([]);
  expect(await textsOf(' [ ] ', 'array')).toEqual([]);
});

test.each([
  ['', 'ROWS_CUT_OFF'],
  ['[{"a":1}', 'ROWS_CUT_OFF'],
  ['[{"a":', 'ROWS_CUT_OFF'],
  ['{"a":1}', 'ROWS_NO_ARRAY'],
  ['[1]', 'ROWS_NO_ARRAY'],
  ['[{}{}]', 'ROWS_NO_ARRAY'],
  ['[{},]', 'ROWS_NO_ARRAY'],
  ['[{}] {}', 'ROWS_NO_ARRAY'],
])('%s is no array of rows', async (text, code) => {
  await expect(textsOf(text, 'array')).rejects.toMatchObject({ code });
});

test('what is not UTF-8, and a row without end, are refused', async () => {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(0x7b, 0xff);
  };
  await expect(rowTexts(bytes(), 'lines').next()).rejects.toMatchObject({ code: 'ROWS_NO_UTF8' });
  await expect(textsOf(`{"a":"${'x'.repeat(1_000_001)}`, 'lines', 100_000)).rejects.toMatchObject({
    code: 'ROW_TOO_LONG',
  });
});
