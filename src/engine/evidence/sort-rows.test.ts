import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { openDelimited } from '../../ingest/delimited/open-delimited.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { EVERYBODY, NOBODY } from './item-shares.ts';
import { EVERY_ROW } from './row-matcher.ts';
import { selectRows } from './select-rows.ts';
import { isSortable, sortRows } from './sort-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'sort-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const options = { temporaryDirectory: folder, isCancelled: () => false };
let files = 0;

async function inputOf(text: string, quote?: string): Promise<EvidenceInput> {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, text);
  const file = { path, name: 'ledger.csv', bytes: statSync(path).size };
  const knownColumns = new Set(['item']);
  const given = { format: 'csv', knownColumns, temporaryDirectory: folder, delimiter: ',', quote } as const;
  const delimited = await openDelimited(path, given);
  const columns = new Map(delimited.header.map((name, position) => [name, position]));
  return { kind: 'movements', name: 'ledger', file, header: delimited.header, columns, delimited } as never;
}

async function rowsOf(input: EvidenceInput): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  await selectRows(input, EVERY_ROW, (row) => rows.push({ ...row, values: row.values.slice(0, 3) }), options);
  return rows;
}

/** "A" and "B" are of the first and second share, "" of both, anything else of none. */
const ofCode = (code: string): number => (code === '' ? EVERYBODY : code === 'A' ? 0 : code === 'B' ? 1 : NOBODY);

/** What both shares see: own rows, then those of both. */
async function sorted(input: EvidenceInput): Promise<{ rows: number; parts: RawRow[][] }> {
  const { rows, parts } = await sortRows(input, { count: 2, ofCode }, { ...options, name: `sorted-${files++}` });
  return {
    rows,
    parts: await Promise.all(parts.map(async (own) => (await Promise.all(own.map((part) => rowsOf(part)))).flat())),
  };
}

it('gives each share its rows as they stand in the file, with their numbers', async () => {
  const text = 'item,text,end\nA,1,\nC,2,\n,3,x\n\n"B","4 ""or"" so, or","two\nlines"\nA,,"5"\n';
  const { rows, parts } = await sorted(await inputOf(text));
  expect(rows).toBe(5);
  expect(parts).toEqual([
    [
      { row: 2, values: ['A', '1', ''] },
      { row: 7, values: ['A', '', '5'] },
      { row: 4, values: ['', '3', 'x'] },
    ],
    [
      { row: 6, values: ['B', '4 "or" so, or', 'two\nlines'] },
      { row: 4, values: ['', '3', 'x'] },
    ],
  ]);
});

it('leaves quotes alone where they are ordinary characters', async () => {
  const { parts } = await sorted(await inputOf('item,text,end\nA,1/2" bolt,"\n', 'none'));
  expect(parts[0]).toEqual([{ row: 2, values: ['A', '1/2" bolt', '"'] }]);
});

it('loses and changes nothing, whatever the rows hold', async () => {
  const field = fc.constantFrom('', 'x', ' ', 'Größe', '"', '""', ',', '\n', 'a"b', 'long'.repeat(60));
  const record = fc.tuple(fc.constantFrom('A', 'B', '', 'C'), field, field);
  const quoted = (text: string, always: boolean): string =>
    always || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(record, fc.boolean()), { minLength: 1, maxLength: 30 }),
      fc.constantFrom('\n', '\r\n'),
      async (records, lineEnd) => {
        const lines = records.map(([fields, always]) => fields.map((text) => quoted(text, always)).join(','));
        const input = await inputOf(['item,text,end', ...lines, ''].join(lineEnd));
        const all = await rowsOf(input);
        const { parts } = await sorted(input);
        const ofShare = (share: number) => all.filter(({ values }) => ofCode(values[0] ?? '') === share);
        expect(parts).toEqual([0, 1].map((share) => [...ofShare(share), ...ofShare(EVERYBODY)]));
      },
    ),
    { numRuns: 150 },
  );
});

it('sorts only text with a column of items', async () => {
  const input = await inputOf('item,text,end\n');
  expect([input, { ...input, delimited: undefined }, { ...input, columns: new Map() }].map(isSortable)).toEqual([
    true,
    false,
    false,
  ]);
});
