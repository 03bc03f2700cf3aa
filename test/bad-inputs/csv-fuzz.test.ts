import { isUtf8 } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { Failure } from '../../src/core/model/failure.ts';
import { openDelimited } from '../../src/ingest/delimited/open-delimited.ts';
import { readDelimited } from '../../src/ingest/delimited/read-delimited.ts';
import { HEADER, type ReconciledFiles, useFiles } from './reconciled-files.ts';

const files = useFiles();

/** Records of strict RFC 4180 text, with LF, CR LF or CR; undefined where it is none. Shares nothing with the program. */
function strictRecords(bytes: Buffer): string[][] | undefined {
  if (!isUtf8(bytes) || bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const records: string[][] = [];
  let fields: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field: string;
    if (text[at] === '"') {
      const quoted = /^"((?:[^"]|"")*)"(?=[,\r\n]|$)/.exec(text.slice(at));
      if (quoted === null) return undefined;
      field = (quoted[1] as string).replaceAll('""', '"');
      at += quoted[0].length;
    } else {
      const plain = /^[^,\r\n]*/.exec(text.slice(at))?.[0] as string;
      if (plain.includes('"')) return undefined;
      field = plain;
      at += plain.length;
    }
    fields.push(field);
    if (text[at] === ',') {
      at++;
      if (at < text.length) continue;
      fields.push('');
    } else {
      at += text.startsWith('\r\n', at) ? 2 : 1;
    }
    records.push(fields);
    fields = [];
  }
  return records;
}

/** Rows below the header, blank lines left out; undefined where a row has another number of fields than the header. */
function strictRows(bytes: Buffer): string[][] | undefined {
  const [header, ...records] = strictRecords(bytes) ?? [];
  if (header === undefined || !header.some((name) => KNOWN.has(name.trim().toLowerCase()))) return undefined;
  const rows = records.filter((fields) => header.length === 1 || fields.length > 1 || fields[0] !== '');
  return rows.every((fields) => fields.length === header.length) ? rows : undefined;
}

const KNOWN = new Set(['site', 'item', 'status', 'quantity']);

const field = fc.oneof(
  fc.constantFrom(
    '',
    'A',
    '00123',
    '5',
    '-1',
    '1.5',
    'Käse',
    '日本',
    '"x,y"',
    '"a""b"',
    '"l\nm"',
    '"\r\n"',
    ' A ',
    "'",
    '=1',
  ),
  fc.string({ maxLength: 6 }).map((text) => `"${text.replaceAll('"', '""').replaceAll('\0', '')}"`),
);
const row = fc
  .tuple(fc.constantFrom('DC1', '"DC1"', 'DC2', ''), field, fc.constantFrom('UNRESTRICTED', 'BLOCKED', ''), field)
  .map((fields) => fields.join(','));
const end = fc.constantFrom('\n', '\r\n', '\r');
const validText = fc
  .record({ rows: fc.array(row, { maxLength: 8 }), end, mark: fc.boolean(), isEnded: fc.boolean() })
  .map(({ rows, end: lineEnd, mark, isEnded }) =>
    Buffer.from((mark ? '\ufeff' : '') + [HEADER.trimEnd(), ...rows].join(lineEnd) + (isEnded ? lineEnd : '')),
  );
const change = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'delete', 'cut', 'repeat'),
  at: fc.nat({ max: 300 }),
  byte: fc.oneof(fc.constantFrom(0, 10, 13, 34, 44, 59, 128, 195, 255), fc.nat({ max: 255 })),
});

function mutated(
  text: Buffer,
  changes: readonly { readonly kind: string; readonly at: number; readonly byte: number }[],
): Buffer {
  let bytes = text;
  for (const { kind, at, byte } of changes) {
    const place = Math.min(at, bytes.length);
    const [before, behind] = [bytes.subarray(0, place), bytes.subarray(place)];
    if (kind === 'insert') bytes = Buffer.concat([before, Buffer.from([byte]), behind]);
    else if (kind === 'replace') bytes = Buffer.concat([before, Buffer.from([byte]), behind.subarray(1)]);
    else if (kind === 'delete') bytes = Buffer.concat([before, behind.subarray(1)]);
    else if (kind === 'cut') bytes = Buffer.from(before);
    else bytes = Buffer.concat([before, bytes.subarray(Math.max(0, place - 9), place), behind]);
  }
  return bytes;
}

const mutatedText = fc
  .tuple(validText, fc.array(change, { maxLength: 4 }))
  .map(([text, changes]) => mutated(text, changes));

/** The program's rows, or the code of its refusal. Anything else thrown fails the property. */
async function programRows(own: ReconciledFiles, bytes: Buffer): Promise<string[][] | string> {
  const path = join(own.folder, 'fuzz.csv');
  writeFileSync(path, bytes);
  try {
    const file = await openDelimited(path, {
      format: 'csv',
      delimiter: ',',
      knownColumns: KNOWN,
      temporaryDirectory: own.folder,
    });
    const rows: string[][] = [];
    for await (const batch of readDelimited(file).batches)
      for (const { values } of batch) rows.push(values as string[]);
    return rows;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(exitCodeOf(error)).toBe(3);
    return error.code;
  }
}

/** What a byte order mark of UTF-16, other magic bytes or a line sep= says is no question of RFC 4180. */
const MAGIC = ['fffe', 'feff', '504b0304', '1f8b', '25504446', '50415231', 'd0cf11e0'];
const isOther = (bytes: Buffer): boolean =>
  MAGIC.some((magic) => bytes.toString('hex').startsWith(magic)) || /^"?sep=/i.test(bytes.toString('latin1'));

describe('any bytes give the rows of a strict parser, or a refusal', () => {
  it('valid text gives every row', async () => {
    await fc.assert(
      fc.asyncProperty(validText, async (bytes) => {
        expect(await programRows(files(), bytes)).toEqual(strictRows(bytes));
      }),
      { numRuns: 400 },
    );
  });

  it('changed text is read as a strict parser reads it, and refused where that refuses', async () => {
    await fc.assert(
      fc.asyncProperty(mutatedText, async (bytes) => {
        fc.pre(!isOther(bytes));
        const rows = strictRows(bytes);
        const found = await programRows(files(), bytes);
        if (rows === undefined) expect(found).toEqual(expect.stringMatching(/^[A-Z0-9_]+$/));
        else expect(found).toEqual(rows);
      }),
      { numRuns: 1500 },
    );
  });

  it('random bytes never crash it', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((values) => Buffer.from(values));
    const behindHeader = bytes.map((values) => Buffer.concat([Buffer.from(HEADER), values]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, behindHeader), async (written) => {
        fc.pre(!isOther(written));
        const rows = strictRows(written);
        const found = await programRows(files(), written);
        expect(typeof found === 'string').toBe(rows === undefined);
      }),
      { numRuns: 600 },
    );
  });

  it('a whole run counts every row of the strict parser, or is refused', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(mutatedText, async (erp) => {
        const rows = strictRows(erp);
        const given = {
          erp,
          erpSource: { delimiter: ',' },
          configuration: { item_case: 'exact' },
          options: { isDryRun: true },
        };
        let counted: { rows: number; rejected: number; excluded: number } | undefined;
        const onReport = ({
          run,
        }: {
          run: { inputs: readonly { rows: number; rejected: number; excluded: number }[] };
        }): void => {
          counted = run.inputs[0];
        };
        const { failure } = await files().attempt(
          { ...given, options: { ...given.options, onReport } },
          `run-${++runs}`,
        );
        if (failure) expect(exitCodeOf(failure), failure.message).toBe(3);
        else {
          expect(counted?.rows).toBe(rows?.length);
          expect(counted?.rejected).toBeLessThanOrEqual(counted?.rows ?? 0);
        }
      }),
      { numRuns: 150 },
    );
  });
});
