import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawRow } from '../raw-table.ts';
import { openDelimited } from './open-delimited.ts';
import { eachRecord, readDelimited } from './read-delimited.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-read-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer): Promise<{ header: readonly string[]; rows: RawRow[]; batches: number }> {
  const path = join(folder, 'items.csv');
  writeFileSync(path, content);
  const table = readDelimited(
    await openDelimited(path, {
      format: 'csv',
      knownColumns: new Set(['item', 'quantity']),
      temporaryDirectory: folder,
    }),
  );
  const rows: RawRow[] = [];
  let batches = 0;
  for await (const batch of table.batches) {
    for (const row of batch) rows.push(row);
    batches++;
  }
  return { header: table.header, rows, batches };
}

describe('readDelimited', () => {
  it('hands over text as it stands, rows as a spreadsheet counts them', async () => {
    expect(await read('item,quantity\n00123, 5 \n\n"a ""b""\n",Käse\n')).toMatchObject({
      header: ['item', 'quantity'],
      rows: [
        { row: 2, values: ['00123', ' 5 '] },
        { row: 4, values: ['a "b"\n', 'Käse'] },
      ],
    });
  });

  it.each(['item\n', 'item', 'item,quantity\n\n'])('%j has no rows', async (text) =>
    expect((await read(text)).rows).toEqual([]),
  );

  it('reads long files range by range, with quotes and letters across the borders', async () => {
    const line = (at: number): string => `"i""${at},\nü",${'x'.repeat(at % 50)}日${at}\n`;
    const count = 60_000;
    const { rows, batches } = await read(
      `item,quantity\n${Array.from({ length: count }, (_, at) => line(at)).join('')}`,
    );
    expect(batches).toBeGreaterThan(2);
    expect(rows.length).toBe(count);
    expect(rows.every(({ row }, at) => row === at + 2)).toBe(true);
    expect(
      rows.every(({ values }, at) => values[0] === `i"${at},\nü` && values[1] === `${'x'.repeat(at % 50)}日${at}`),
    ).toBe(true);
  });

  it('names the row of a fault, also beyond the first range', async () => {
    await expect(read('item,quantity\na,1\nb\nc,3\n')).rejects.toMatchObject({
      kind: 'refused',
      code: 'FIELD_COUNT',
      message: 'items.csv, row 3: 1 field where the header has 2',
    });
    await expect(read(`item,quantity\n${'a,1\n'.repeat(400_000)}b,"\n`)).rejects.toMatchObject({
      code: 'UNCLOSED_QUOTE',
      message: expect.stringContaining('row 400002: '),
    });
  });

  it('4 bytes that are not UTF-8 in a record that crosses the border of a range', async () => {
    const row = 'item12345,quantity12345\n';
    // Far behind the first bytes of the file, which are looked at when it is opened.
    const rows = Math.ceil((1 << 20) / row.length) * 6 - 1;
    const crossing = Buffer.from(`${'y'.repeat(200)},K\xe4se\n`, 'latin1');
    const content = Buffer.concat([
      Buffer.from(`item,quantity\n${row.repeat(rows)}`),
      crossing,
      Buffer.from(row.repeat(5000)),
    ]);
    await expect(read(content)).rejects.toMatchObject({
      code: 'NOT_UTF8',
      message: `items.csv, row ${rows + 2}: a field that is not UTF-8`,
    });
  });

  it('keeps U+FFFD that the file itself holds', async () => {
    expect((await read('item,quantity\n\ufffd,1\n')).rows).toEqual([{ row: 2, values: ['\ufffd', '1'] }]);
  });
});

describe('eachRecord', () => {
  const open = (content: string | Buffer) => {
    const path = join(folder, 'records.csv');
    writeFileSync(path, content);
    const knownColumns = new Set(['item', 'quantity']);
    return openDelimited(path, { format: 'csv', knownColumns, temporaryDirectory: folder });
  };
  const take = async (content: string | Buffer, columns: readonly number[]): Promise<unknown[]> => {
    const taken: unknown[] = [];
    for await (const _ of eachRecord(await open(content), columns, (texts, row) => taken.push([row, ...texts])));
    return taken;
  };

  it('gives the wanted columns as readDelimited does, in the order that is asked for', async () => {
    const content = `item,note,quantity\n${Array.from({ length: 60_000 }, (_, at) => `00${at},"Käse, ""${at}""",${at}\n`).join('')}\n\nlast,x,1`;
    const rows: unknown[] = [];
    for await (const batch of readDelimited(await open(content)).batches)
      for (const { row, values } of batch) rows.push([row, values[2], values[1]]);
    expect(rows).toHaveLength(60_001);
    expect(await take(content, [2, 1])).toEqual(rows);
  });

  it('refuses a file for a field that nobody asks for', async () => {
    const content = Buffer.concat([Buffer.from('item,note,quantity\n1,'), Buffer.from([0xff]), Buffer.from(',2\n')]);
    await expect(take(content, [0])).rejects.toMatchObject({ kind: 'refused', code: 'NOT_UTF8' });
  });
});
