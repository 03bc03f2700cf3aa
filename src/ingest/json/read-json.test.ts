import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../core/model/failure.ts';
import type { RawRow, ReadOptions } from '../raw-table.ts';
import { readJson } from './read-json.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-json-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(
  content: string | Buffer,
  options: ReadOptions = {},
): Promise<{ header: readonly string[]; rows: RawRow[] }> {
  const path = join(folder, 'stock.json');
  writeFileSync(path, content);
  const { header, batches } = await readJson(path, options);
  const rows: RawRow[] = [];
  for await (const batch of batches) rows.push(...batch);
  return { header, rows };
}

async function refusal(content: string | Buffer, options: ReadOptions = {}): Promise<Failure> {
  const error = await read(content, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw new Error(`expected a Failure, got ${String(error)}`);
  return error;
}

const utf16le = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const utf16be = (text: string) => Buffer.from(utf16le(text)).swap16();

describe('values are handed over as they are written', () => {
  const cases: readonly [written: string, expected: string | null][] = [
    ['"00123"', '00123'],
    ['"1E5"', '1E5'],
    ['12345678901234567890', '12345678901234567890'],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['1.10', '1.10'],
    ['1e2', '1e2'],
    ['1E400', '1E400'],
    ['-0', '-0'],
    ['-12.50', '-12.50'],
    ['true', 'true'],
    ['false', 'false'],
    ['"true"', 'true'],
    ['null', null],
    ['"null"', 'null'],
    ['""', ''],
    ['" padded\\u00a0"', ' padded\u00a0'],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\u65e5本\\ud83d\\udce6"', '日本📦'],
    ['"\uFEFFA"', '\uFEFFA'],
    ['"\\ufeffA"', '\uFEFFA'],
    ['"line\u2028separator"', 'line\u2028separator'],
    [`"${'é'.repeat(200_000)}"`, 'é'.repeat(200_000)],
  ];
  it.each(cases)('%.40s', async (written, expected) => {
    const { rows } = await read(`[{"item":${written}}]`);
    expect(rows).toEqual([{ row: 1, values: [expected] }]);
  });
});

describe('shapes', () => {
  it('takes the union of the keys as header, also those that appear last', async () => {
    const table = await read('[{"item":"A","quantity":1},{"quantity":2,"lot":"L"},{},{"item":"C","uom":"EA"}]');
    expect(table.header).toEqual(['item', 'quantity', 'lot', 'uom']);
    expect(table.rows).toEqual([
      { row: 1, values: ['A', '1', null, null] },
      { row: 2, values: [null, '2', 'L', null] },
      { row: 3, values: [null, null, null, null] },
      { row: 4, values: ['C', null, null, 'EA'] },
    ]);
  });
  it('finds the one array of objects in an object', async () => {
    const table = await read(
      '{"page":{"rows":[{"no":1}]},"tags":["a","b"],"empty":[],"rows":[{"item":"A"},{"item":"B"}],"count":2}',
    );
    expect(table).toEqual({
      header: ['item'],
      rows: [
        { row: 1, values: ['A'] },
        { row: 2, values: ['B'] },
      ],
    });
  });
  it('marks rows with nested values and keeps the others', async () => {
    const { header, rows } = await read('[{"item":"A","lots":[{"item":"inner"}],"site":{"id":1}},{"item":"B"}]');
    expect(header).toEqual(['item', 'lots', 'site']);
    expect(rows[0]).toEqual({
      row: 1,
      values: ['A', null, null],
      fault: { column: 1, value: '[…]', reason: expect.stringContaining('nested') },
    });
    expect(rows[1]).toEqual({ row: 2, values: ['B', null, null] });
  });
  it('marks rows with half of a surrogate pair', async () => {
    const { rows } = await read('[{"item":"\\ud83d"}]');
    expect(rows[0]?.fault).toEqual({ column: 0, value: '"\\ud83d"', reason: expect.stringContaining('surrogate') });
  });
  it.each(['__proto__', 'constructor', ''])('takes the key "%s" as a name', async (key) => {
    expect(await read(`[{"${key}":"A"}]`)).toEqual({ header: [key], rows: [{ row: 1, values: ['A'] }] });
  });
  it('hands over many rows in order and in batches', async () => {
    const path = join(folder, 'many.json');
    writeFileSync(
      path,
      JSON.stringify(Array.from({ length: 20_000 }, (_, n) => ({ item: `I${n}`, note: 'ü'.repeat(n % 7) }))),
    );
    let next = 1;
    let batchCount = 0;
    for await (const batch of (await readJson(path, {})).batches) {
      batchCount += 1;
      for (const { row, values } of batch) {
        expect([row, values]).toEqual([next, [`I${next - 1}`, 'ü'.repeat((next - 1) % 7)]]);
        next += 1;
      }
    }
    expect(next).toBe(20_001);
    expect(batchCount).toBeGreaterThan(3);
  });
});

describe('encodings', () => {
  const text = '[{"item":"Zürich"}]';
  const expected = { header: ['item'], rows: [{ row: 1, values: ['Zürich'] }] };
  const accepted: readonly [name: string, content: Buffer, options: ReadOptions][] = [
    ['1 UTF-8 with byte order mark', Buffer.from(`\uFEFF${text}`), {}],
    ['2 UTF-16LE with byte order mark', utf16le(text), {}],
    ['2 UTF-16BE with byte order mark', utf16be(text), {}],
    ['3 UTF-16LE without mark, declared', Buffer.from(text, 'utf16le'), { encoding: 'utf-16le' }],
    ['4 windows-1252, declared', Buffer.from(text, 'latin1'), { encoding: 'windows-1252' }],
  ];
  it.each(accepted)('%s', async (_name, content, options) => {
    expect(await read(content, options)).toEqual(expected);
  });
});

describe('refusals name code and place', () => {
  const deep = (depth: number) => `[{"a":${'['.repeat(depth - 2)}${']'.repeat(depth - 2)}}]`;
  const cases: readonly [name: string, content: string | Buffer, code: string, message: string][] = [
    ['25 0 bytes', '', 'EMPTY', '0 bytes'],
    ['25 an empty array', '[]', 'EMPTY', 'holds no object'],
    ['25 an empty array in an object', '{"tags":["a"],"rows":[]}', 'EMPTY', 'holds no object'],
    ['3 UTF-16 without mark', Buffer.from('[{"item":"A"}]', 'utf16le'), 'JSON_SYNTAX', 'byte 1'],
    ['4 cp1252 bytes', Buffer.from('[{"item":"Zürich"}]', 'latin1'), 'INVALID_TEXT', 'byte 11 (0xFC)'],
    [
      '4 cp1252 bytes far inside',
      Buffer.concat([Buffer.from(`[{"item":"${'é'.repeat(100_000)}`), Buffer.from([0xe9, 0x22]), Buffer.from('}]')]),
      'INVALID_TEXT',
      'byte 200010 (0xE9)',
    ],
    [
      '4 a character cut off at the end',
      Buffer.concat([Buffer.from('[{"item":"A'), Buffer.from([0xe2, 0x82])]),
      'INVALID_TEXT',
      'byte 11 (0xE2)',
    ],
    ['6 an escaped NUL', '[{"item":"A\\u0000"}]', 'NUL_CHARACTER', 'NUL'],
    ['49 NaN', '[{"quantity":NaN}]', 'JSON_SYNTAX', 'byte 13: found "NaN}]"'],
    ['49 Infinity', '[{"quantity":Infinity}]', 'JSON_SYNTAX', 'found "Infinity}]"'],
    ['49 -Infinity', '[{"quantity":-Infinity}]', 'JSON_SYNTAX', 'byte 14'],
    ['48 hexadecimal', '[{"quantity":0x1F}]', 'JSON_SYNTAX', 'found "x1F}]"'],
    ['a leading zero', '[{"quantity":012}]', 'JSON_SYNTAX', 'found 12; expected a comma'],
    ['a leading plus', '[{"quantity":+1}]', 'JSON_SYNTAX', 'found "+1}]"'],
    ['a point without digits', '[{"quantity":1.}]', 'JSON_SYNTAX', 'found "}]"'],
    ['a line break in a text', '[{"item":"A\nB"}]', 'JSON_SYNTAX', 'byte 11: found a line break inside a text'],
    ['single quotes', "[{'item':1}]", 'JSON_SYNTAX', 'byte 2'],
    ['a comment', '[{"item":1} // one\n]', 'JSON_SYNTAX', 'byte 12'],
    ['a trailing comma in an object', '[{"item":1,}]', 'JSON_SYNTAX', 'byte 11: found }; expected a key'],
    ['a trailing comma in an array', '[{"item":1},]', 'JSON_SYNTAX', 'byte 12: found ]; expected a value'],
    ['a missing comma', '[{"item":1}{"item":2}]', 'JSON_SYNTAX', 'byte 11: found {; expected a comma'],
    ['a missing colon', '[{"item" 1}]', 'JSON_SYNTAX', 'byte 9: found 1; expected a colon'],
    ['a wrong bracket', '[{"item":1]]', 'JSON_SYNTAX', 'byte 10: found ]'],
    [
      '66 a duplicate key',
      '[{"item":"A"},{"item":"B","item":"B"}]',
      'JSON_DUPLICATE_KEY',
      'byte 26: the key "item" stands twice',
    ],
    ['66 a duplicate key written in two ways', '[{"item":1,"\\u0069tem":2}]', 'JSON_DUPLICATE_KEY', '"item"'],
    ['66 a duplicate key in a nested value', '[{"a":{"b":1,"b":2}}]', 'JSON_DUPLICATE_KEY', '"b"'],
    ['67 65 deep', deep(65), 'JSON_TOO_DEEP', 'more than 64'],
    ['67 a million deep', '['.repeat(1_000_000), 'JSON_TOO_DEEP', 'byte 64'],
    ['28 cut in a text', '[{"item":"A"},{"item":"B', 'JSON_TRUNCATED', 'inside a value'],
    [
      '28 cut between rows',
      '[{"item":"A"},',
      'JSON_TRUNCATED',
      '1 objects or arrays still open; the last complete token stands at byte 13',
    ],
    ['28 cut in a row', '[{"item":"A"},{"item":', 'JSON_TRUNCATED', '2 objects'],
    ['28 only the byte order mark', '\uFEFF', 'JSON_TRUNCATED', 'before any value'],
    ['trailing garbage', '[{"item":"A"}] x', 'JSON_SYNTAX', 'byte 15: found "x"'],
    ['a second document', '[{"item":"A"}]\n[]', 'JSON_TRAILING', 'byte 15: found [ after the end'],
    ['a closing bracket too many', '[{"item":"A"}]]', 'JSON_TRAILING', 'byte 14'],
    ['a scalar', '12', 'JSON_SHAPE', 'no array of objects'],
    ['one object', '{"item":"A"}', 'JSON_SHAPE', 'no array of objects'],
    ['an array of arrays', '[["A",1]]', 'JSON_SHAPE', 'no array of objects'],
    ['a scalar among the rows', '[{"item":"A"},null]', 'JSON_SHAPE', '1 elements'],
    ['two arrays of objects', '{"erp":[{"item":"A"}],"wms":[{"item":"A"}]}', 'JSON_SHAPE', '("erp", "wms")'],
    [
      '74 a text of more than a million characters',
      `[{"item":"${'x'.repeat(1_000_001)}"}]`,
      'FIELD_TOO_LONG',
      '1000001',
    ],
    ['74 a text without an end', `[{"item":"${'x'.repeat(9_000_000)}`, 'FIELD_TOO_LONG', '8000000 bytes'],
    [
      '74 more than 10,000 keys',
      JSON.stringify([Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`k${n}`, n]))]),
      'TOO_MANY_COLUMNS',
      '10000',
    ],
  ];
  it.each(cases)('%s', async (_name, content, code, message) => {
    const failure = await refusal(content);
    expect({ kind: failure.kind, code: failure.code }).toEqual({ kind: 'refused', code });
    expect(failure.message).toContain('stock.json: ');
    expect(failure.message).toContain(message);
    expect(failure.action).not.toBe('');
  });
  it('accepts a value 64 deep, as a fault of its row', async () => {
    const { rows } = await read(deep(64));
    expect(rows[0]?.fault?.value).toBe('[…]');
  });
  it('throws before the first row where the last byte is missing', async () => {
    const path = join(folder, 'cut.json');
    writeFileSync(path, JSON.stringify(Array.from({ length: 50_000 }, (_, n) => ({ item: `I${n}` }))).slice(0, -1));
    await expect(readJson(path, {})).rejects.toMatchObject({ code: 'JSON_TRUNCATED' });
  });
  it('tells an unknown encoding and an absent file apart from a bad one', async () => {
    expect(await refusal('[]', { encoding: 'klingon' })).toMatchObject({
      kind: 'configuration',
      code: 'UNKNOWN_ENCODING',
    });
    await expect(readJson(join(folder, 'absent.json'), {})).rejects.toMatchObject({
      kind: 'unreachable',
      code: 'FILE_UNREADABLE',
    });
  });
});
