import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileSourceConfig } from '../contract/configuration.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { readSourceRows } from './read-source-row.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-source-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (format: string, name: string, range: { first: number; last: number }) =>
  readSourceRows('balances', { format } as FileSourceConfig, join(folder, name), range);

describe('a row of a file', () => {
  it('of JSON is the text of its record, on however many lines it stands', async () => {
    const records = [
      '{"site":"DC1","item":"00123","status":"A","quantity":1.10}',
      '{\n    "site": "DC1", "item": "B", "status": null,\n    "quantity": 12345678901234567890\n  }',
      '{"site":"DC2","item":"C","status":"A","quantity":{"each":1}}',
    ];
    writeFileSync(join(folder, 'stock.json'), `{"rows": [\n  ${records.join(',\n  ')}\n]}`);
    const { header, rows } = await read('json', 'stock.json', { first: 0, last: 9 });
    expect(header).toEqual(['site', 'item', 'status', 'quantity']);
    expect(rows.map(({ row, raw }) => [row, raw])).toEqual(records.map((raw, at) => [at + 1, raw]));
    expect(rows[1]?.cells).toEqual(['DC1', 'B', null, '12345678901234567890']);
    expect(rows[2]?.fault).toMatch(/nested/);
    const one = await read('json', 'stock.json', { first: 2, last: 2 });
    expect(one.rows.map(({ raw }) => raw)).toEqual([records[1]]);
  });

  it('of JSON Lines is its line, by the number of the line', async () => {
    const lines = ['{"site":"DC1","item":"A","status":"A","quantity":1}', '', '{"site":"Tür","item":"B"}'];
    writeFileSync(join(folder, 'stock.jsonl'), `${lines.join('\n')}\n`);
    const { rows } = await read('jsonl', 'stock.jsonl', { first: 2, last: 5 });
    expect(rows.map(({ row, raw }) => [row, raw])).toEqual([[3, lines[2]]]);
  });

  it('of a sheet is its cells under the names of the columns', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'Stock',
          rows: [
            ['site', 'item', 'status', 'quantity'],
            ['DC1', '00123', null, 12.5],
          ],
        },
      ],
    });
    writeFileSync(join(folder, 'stock.xlsx'), bytes);
    const { header, rows } = await read('xlsx', 'stock.xlsx', { first: 2, last: 2 });
    expect(header).toEqual(['site', 'item', 'status', 'quantity']);
    expect(rows).toEqual([{ row: 2, raw: null, cells: ['DC1', '00123', null, '12.5'], fault: null }]);
  });

  it('of Parquet is what it says as JSON, numbers with all of their digits', async () => {
    const database = await openDuckDb({ temporaryDirectory: folder });
    const rows = Array.from({ length: 5_000 }, (_, at) => `('DC1', '00${at}', 'A "b"', ${at}.10)`).join(', ');
    await database.run(`COPY (SELECT site, item, status, quantity::DECIMAL(18,2) AS quantity, NULL::INTEGER AS "when",
        'NaN'::DOUBLE AS odd, 12345678901234567890::DECIMAL(38, 0) AS large, true AS "is""it"
      FROM (VALUES ${rows}) AS t(site, item, status, quantity)) TO ${sqlText(join(folder, 'stock.parquet'))}`);
    database.close();
    const found = await read('parquet', 'stock.parquet', { first: 4_000, last: 4_001 });
    expect(found.rows.map(({ row }) => row)).toEqual([4_000, 4_001]);
    expect(found.rows[0]?.cells.slice(0, 4)).toEqual(['DC1', '003998', 'A "b"', '3998.10']);
    expect(found.rows[0]?.raw).toBe(
      [
        ...['{', '  "site": "DC1",', '  "item": "003998",', '  "status": "A \\"b\\"",', '  "quantity": 3998.10,'],
        ...['  "when": null,', '  "odd": "nan",', '  "large": 12345678901234567890,', '  "is\\"it": true', '}'],
      ].join('\n'),
    );
    expect((await read('parquet', 'stock.parquet', { first: 0, last: 1 })).rows).toEqual([]);
    expect((await read('parquet', 'stock.parquet', { first: 5_001, last: 9_000 })).rows).toHaveLength(1);
  });
});
