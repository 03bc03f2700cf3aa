import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawRow } from '../raw-table.ts';
import { readJsonl } from './read-jsonl.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-jsonl-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer): Promise<{ header: readonly string[]; rows: RawRow[] }> {
  const path = join(folder, 'stock.jsonl');
  writeFileSync(path, content);
  const { header, batches } = await readJsonl(path, {});
  const rows: RawRow[] = [];
  for await (const batch of batches) rows.push(...batch);
  return { header, rows };
}

describe('one object per line', () => {
  const two = {
    header: ['item', 'quantity'],
    rows: [
      { row: 1, values: ['00123', '1.10'] },
      { row: 2, values: ['B', '12345678901234567890'] },
    ],
  };
  const cases: readonly [name: string, content: string, expected: unknown][] = [
    ['with a final line feed', '{"item":"00123","quantity":1.10}\n{"item":"B","quantity":12345678901234567890}\n', two],
    [
      '14 without a final line feed',
      '{"item":"00123","quantity":1.10}\n{"item":"B","quantity":12345678901234567890}',
      two,
    ],
    [
      '13 with CRLF and a byte order mark',
      '\uFEFF{"item":"00123","quantity":1.10}\r\n{"item":"B","quantity":12345678901234567890}\r\n',
      two,
    ],
    [
      'blank lines count but are no rows; keys may come late',
      '\n{"item":"A"}\n  \n{"lot":null,"item":"B"}\n\n',
      {
        header: ['item', 'lot'],
        rows: [
          { row: 2, values: ['A', null] },
          { row: 4, values: ['B', null] },
        ],
      },
    ],
    [
      'a nested value is a fault of its line',
      '{"item":"A"}\n{"item":{"id":1}}\n',
      {
        header: ['item'],
        rows: [
          { row: 1, values: ['A'] },
          { row: 2, values: [null], fault: { column: 0, value: '{…}', reason: expect.stringContaining('nested') } },
        ],
      },
    ],
  ];
  it.each(cases)('%s', async (_name, content, expected) => {
    expect(await read(content)).toEqual(expected);
  });
  it('keeps line numbers across pieces of the file', async () => {
    const { rows } = await read(Array.from({ length: 30_000 }, (_, n) => `{"item":"Ö${n}"}\n`).join(''));
    expect(rows.length).toBe(30_000);
    expect(rows.every(({ row, values }) => values[0] === `Ö${row - 1}`)).toBe(true);
  });
});

describe('refusals name the line', () => {
  const cases: readonly [name: string, content: string | Buffer, code: string, message: string][] = [
    ['25 0 bytes', '', 'EMPTY', '0 bytes'],
    ['25 only blank lines', '\n \n', 'EMPTY', 'no line holds an object'],
    ['68 the last line cut in a text', '{"item":"A"}\n{"item":"B', 'JSON_TRUNCATED', 'line 2 stops inside a value'],
    ['68 the last line cut after a colon', '{"item":"A"}\n{"item":', 'JSON_TRUNCATED', 'line 2 stops with 1 objects'],
    [
      '68 a line cut in the middle of the file',
      '{"item":"A"}\n{"item":"B"\n{"item":"C"}\n',
      'JSON_TRUNCATED',
      'line 2 stops with 1 objects',
    ],
    [
      '68 a line cut in a text',
      '{"item":"A"}\n{"item":"B\n{"item":"C"}\n',
      'JSON_SYNTAX',
      'line 2 (byte 23): found a line break',
    ],
    ['an object over several lines', '{\n"item":"A"}\n', 'JSON_TRUNCATED', 'line 1'],
    ['two objects on a line', '{"item":"A"}{"item":"B"}\n', 'JSON_TRAILING', 'line 1 (byte 12)'],
    ['a comma after a line', '{"item":"A"},\n', 'JSON_TRAILING', 'line 1 (byte 12): found ,'],
    ['a document', '[{"item":"A"}]', 'JSON_SHAPE', 'line 1 (byte 0)'],
    ['a scalar', '{"item":"A"}\n12\n', 'JSON_SHAPE', 'line 2'],
    ['66 a duplicate key', '{"item":"A"}\n{"item":"B","item":"C"}\n', 'JSON_DUPLICATE_KEY', 'line 2 (byte 25)'],
    ['67 deep', `{"a":${'['.repeat(64)}\n`, 'JSON_TOO_DEEP', 'line 1'],
    ['4 cp1252 bytes', Buffer.from('{"item":"A"}\n{"item":"é"}\n', 'latin1'), 'INVALID_TEXT', 'byte 22 (0xE9)'],
    [
      '49 NaN',
      '{"item":"A","quantity":1}\n{"item":"B","quantity":NaN}\n',
      'JSON_SYNTAX',
      'line 2 (byte 49): found "NaN}"',
    ],
  ];
  it.each(cases)('%s', async (_name, content, code, message) => {
    const thrown = await read(content).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown).toMatchObject({
      kind: 'refused',
      code,
      message: expect.stringContaining(message),
      action: expect.stringMatching(/./),
    });
  });
});
