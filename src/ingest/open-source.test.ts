import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import { findFile } from './files/find-file.ts';
import { type OpenedSource, openRows, openSource } from './open-source.ts';
import type { RawRow } from './raw-table.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-source-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function open(kind: SourceKind, text: string, source: Partial<FileSourceConfig> = {}): Promise<OpenedSource> {
  writeFileSync(join(folder, 'file.csv'), text);
  const config = { format: 'csv', path: 'file.csv', ...source } as FileSourceConfig;
  return openSource(kind, config, await findFile('file.csv', folder), folder);
}

describe('columns', () => {
  const cases: readonly [
    name: string,
    kind: SourceKind,
    text: string,
    source: Partial<FileSourceConfig>,
    columns: Record<string, number>,
    unknown: string[],
  ][] = [
    ['canonical names', 'items', 'item,unit_cost\n', {}, { item: 0, unit_cost: 1 }, []],
    ['in another order and case', 'items', 'Unit_Cost,ITEM\n', {}, { item: 1, unit_cost: 0 }, []],
    [
      'declared names',
      'items',
      'MATNR,STPRS\n',
      { columns: { item: 'MATNR', unit_cost: 'STPRS' } },
      { item: 0, unit_cost: 1 },
      [],
    ],
    ['declared names in another case', 'items', 'matnr\n', { columns: { item: 'MATNR' } }, { item: 0 }, []],
    [
      'an exact name before one in another case',
      'items',
      'Matnr,MATNR2,item\n',
      { columns: { item: 'item', description: 'MATNR2' } },
      { item: 2, description: 1 },
      ['Matnr'],
    ],
    [
      'a declared column is no other column too',
      'items',
      'item,description\n',
      { columns: { item: 'description' } },
      { item: 1 },
      ['item'],
    ],
    [
      'one column for two meanings',
      'items',
      'item\n',
      { columns: { item: 'item', description: 'item' } },
      { item: 0, description: 0 },
      [],
    ],
    ['unknown columns', 'items', 'item,colour,\n', {}, { item: 0 }, ['colour', '']],
    [
      'a constant in the place of a column',
      'aliases',
      'alias,item\n',
      { constants: { system: 'wms1' } },
      { alias: 0, item: 1 },
      [],
    ],
    [
      'columns of another kind have no meaning',
      'packs',
      'item,uom,factor,site\n',
      {},
      { item: 0, uom: 1, factor: 2 },
      ['site'],
    ],
  ];
  it.each(cases)('%s', async (_name, kind, text, source, columns, unknown) => {
    const opened = await open(kind, text, source);
    expect(Object.fromEntries(opened.columns)).toEqual(columns);
    expect(opened.unknownColumns).toEqual(unknown);
  });

  const refused: readonly [
    name: string,
    kind: SourceKind,
    text: string,
    source: Partial<FileSourceConfig>,
    code: string,
    message: string,
  ][] = [
    [
      'a required column is missing',
      'packs',
      'item,uom,size\n',
      {},
      'COLUMN_MISSING',
      'file.csv has no column factor; it has the columns size, which have no meaning here',
    ],
    [
      'a declared one is missing',
      'items',
      'item\n',
      { columns: { description: 'MAKTX' } },
      'COLUMN_MISSING',
      'file.csv has no column MAKTX; it has no further columns',
    ],
    [
      'a column twice',
      'items',
      'item,Item\n',
      {},
      'DUPLICATE_COLUMN',
      'file.csv has the columns item and Item, which are the same',
    ],
    ['a format that is not built', 'items', 'x', { format: 'x12' }, 'FORMAT_NOT_BUILT', 'format x12 is not built yet'],
  ];
  it.each(refused)('%s', async (_name, kind, text, source, code, message) => {
    await expect(open(kind, text, source)).rejects.toMatchObject({ code, message });
  });

  it.each([
    ['balances', 'site,item,status,quantity'],
    ['movements', 'movement_id,posted_at,site,item,status,quantity'],
    ['messages', 'message_id,sent_at,state'],
    ['items', 'item'],
    ['packs', 'item,uom,factor'],
    ['aliases', 'system,alias,item'],
    ['sites', 'system,alias,site'],
  ] as const)('%s need %s', async (kind, required) => {
    const names = required.split(',');
    expect([...(await open(kind, `${required}\n`)).columns.keys()].sort()).toEqual([...names].sort());
    for (const missing of names) {
      const rest = names.filter((name) => name !== missing);
      await expect(
        open(
          kind,
          `${[...rest, 'other', 'item', 'site', 'description'].filter((name, at, all) => name !== missing && all.indexOf(name) === at).join(',')}\n`,
        ),
      ).rejects.toMatchObject({ code: 'COLUMN_MISSING', message: expect.stringContaining(missing) });
    }
  });
});

describe('rows of every format', () => {
  const rowsOf = async (opened: OpenedSource): Promise<RawRow[]> => {
    const rows: RawRow[] = [];
    for await (const batch of (await openRows(opened, folder)).batches) rows.push(...batch);
    return rows;
  };

  it.each([
    ['csv', 'item,unit_cost\n00123,5\n', 2],
    ['tsv', 'item\tunit_cost\n00123\t5\n', 2],
    ['json', '[{"item":"00123","unit_cost":5}]', 1],
    ['jsonl', '{"item":"00123","unit_cost":5}\n', 1],
  ] as const)('%s', async (format, text, row) => {
    expect(await rowsOf(await open('items', text, { format }))).toEqual([{ row, values: ['00123', '5'] }]);
  });

  it('a source can be read again', async () => {
    const opened = await open('items', '[{"item":"A"}]', { format: 'json' });
    expect(await rowsOf(opened)).toEqual(await rowsOf(opened));
  });
});
