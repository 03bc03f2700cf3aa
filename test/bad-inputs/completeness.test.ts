import { appendFileSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../../src/contract/run.ts';
import {
  type Accepted,
  erpQuantities,
  expectAccepted,
  expectRefusal,
  type Given,
  HEADER,
  useFiles,
  warnings,
} from './reconciled-files.ts';

const files = useFiles();
const A5 = 'DC1,A,UNRESTRICTED,5\n';
const TOTAL = { total_row: { column: 'site', value: 'TOTAL' } };
const rowsOf = (count: number, status = 'UNRESTRICTED'): string =>
  HEADER + Array.from({ length: count }, (_, at) => `DC1,I${at},${status},1\n`).join('');

describe('control totals', () => {
  const good = `${HEADER}${A5}DC1,B,UNRESTRICTED,2.5\nDC1,C,UNRESTRICTED,-1\nTOTAL,,,6.5\n`;
  const accepted: readonly [name: string, given: Given, expected: Accepted][] = [
    [
      '19 a total line, declared',
      { erp: good, erpSource: TOTAL },
      { erp: { A: '5', B: '2.5', C: '-1' }, rows: 3, warnings: ['NEGATIVE_BALANCE'] },
    ],
    [
      '19 a total line without a line end',
      { erp: good.trimEnd(), erpSource: TOTAL },
      { erp: { A: '5', B: '2.5', C: '-1' }, rows: 3, warnings: ['NEGATIVE_BALANCE', 'NO_FINAL_NEWLINE'] },
    ],
    [
      '19 a total in declared notation',
      {
        erp: `${HEADER.replaceAll(',', ';')}DC1;A;UNRESTRICTED;1.000,5\nTOTAL;;;1.000,5\n`,
        erpSource: { ...TOTAL, decimal: ',', thousands: '.' },
      },
      { erp: { A: '1000.5' }, rows: 1 },
    ],
    [
      '19 a total line that is not declared is a row, and rejected',
      { erp: `${HEADER}${A5}TOTAL,,,5\n` },
      { erp: { A: '5' }, rows: 2, rejected: [{ row: 3, column: 'item', value: '', reason: 'item missing' }] },
    ],
  ];
  it.each(accepted)('%s', async (_name, given, expected) => {
    const open = { configuration: { systems: { sap: { role: 'erp' }, wms1: { role: 'wms' } } } };
    expectAccepted(await files().run({ ...given, ...(given.erpSource ? {} : open) }), expected);
  });

  const refused: readonly [name: string, given: Given, message: RegExp][] = [
    [
      '19 a total that is not the sum',
      { erp: good.replace('6.5', '6.4'), erpSource: TOTAL },
      /^erp\.csv: its rows add up to 6\.5, its control total says 6\.4$/,
    ],
    ['19 a total that is no number', { erp: good.replace('6.5', 'x'), erpSource: TOTAL }, /its control total says x$/],
    [
      '19 a row changed below an unchanged total',
      { erp: good.replace(',5\n', ',4\n'), erpSource: TOTAL },
      /add up to 5\.5, its control total says 6\.5$/,
    ],
    [
      '29 cut at the end of a row, with a control total',
      { erp: `${HEADER}${A5}DC1,B,UNRESTRICTED,2.5\n`, erpSource: TOTAL },
      /^erp\.csv: the control total is not its last row; the file seems cut off$/,
    ],
    [
      '29 rows behind the control total',
      { erp: `${good}${A5}`, erpSource: TOTAL },
      /control total is not its last row/,
    ],
    [
      '29 two files one behind the other, with their control totals',
      { erp: `${HEADER}${A5}TOTAL,,,5\n${A5}TOTAL,,,5\n`, erpSource: TOTAL },
      /control total/,
    ],
  ];
  it.each(refused)('%s', async (_name, given, message) => {
    expectRefusal(await files().run(given), 'CONTROL_TOTAL', message);
  });

  it('19 the total line of a source that is no delimited text', async () => {
    const row = (item: string, quantity: number): string =>
      `{"site":"DC1","item":"${item}","status":"UNRESTRICTED","quantity":${quantity}}\n`;
    const source = { format: 'jsonl', total_row: { column: 'item', value: 'SUM' } };
    expectAccepted(await files().run({ erp: row('A', 5) + row('SUM', 5), erpSource: source }), {
      erp: { A: '5' },
      rows: 1,
    });
    const refused = await files().run({ erp: row('A', 5) + row('SUM', 6), erpSource: source });
    expectRefusal(refused, 'CONTROL_TOTAL', /^erp\.csv: its rows do not add up to its control total 6$/);
  });
});

describe('empty and cut files', () => {
  const cases: readonly [name: string, given: Given, code: string, message: RegExp][] = [
    ['25 0 bytes', { erp: '' }, 'EMPTY', /^erp\.csv is empty \(0 bytes\); an empty file is not zero stock$/],
    ['25 0 bytes of the WMS', { erp: `${HEADER}${A5}`, wms: '' }, 'EMPTY', /^wms\.csv is empty/],
    ['25 a byte order mark and nothing more', { erp: '\ufeff' }, 'NO_HEADER', /^erp\.csv/],
    ['25 a line end and nothing more', { erp: '\n' }, 'NO_HEADER', /^erp\.csv/],
    ['26 a header only', { erp: HEADER }, 'NO_ROWS', /^erp\.csv: a header and no rows; no rows are not zero stock$/],
    ['26 a header only, without a line end', { erp: HEADER.trimEnd() }, 'NO_ROWS', /^erp\.csv: a header and no rows/],
    ['26 a header and blank lines', { erp: `${HEADER}\n\r\n` }, 'NO_ROWS', /^erp\.csv: a header and no rows/],
    [
      '26 a header only of the WMS',
      { erp: `${HEADER}${A5}`, wms: HEADER },
      'NO_ROWS',
      /^wms\.csv: a header and no rows/,
    ],
    [
      '28 cut inside a row',
      { erp: `${HEADER}${A5}DC1,B,UNREST` },
      'CUT_OFF',
      /^erp\.csv, row 3: the last record has 3 fields where the header has 4: the file is cut off$/,
    ],
    [
      '28 cut inside a quoted field',
      { erp: `${HEADER}${A5}DC1,"B` },
      'UNCLOSED_QUOTE',
      /^erp\.csv, row 3: a quote is opened and never closed$/,
    ],
    ['28 cut behind a delimiter', { erp: `${HEADER}${A5}DC1,B,UNRESTRICTED,` }, 'CUT_OFF', /^erp\.csv/],
    [
      '28 cut inside the header',
      { erp: 'site,item,sta' },
      'COLUMN_MISSING',
      /^erp\.csv has no column status, quantity/,
    ],
  ];
  it.each(cases)('%s', async (_name, given, code, message) => {
    if (_name.startsWith('28 cut behind')) return expectBlankQuantity(given);
    expectRefusal(await files().run(given), code, message);
  });

  /** The row has all its fields: what is missing is told by the blank quantity and by the line end. */
  async function expectBlankQuantity(given: Given): Promise<void> {
    const reason = 'blank; a blank is not zero';
    expectAccepted(await files().run(given), {
      erp: { A: '5' },
      rows: 2,
      warnings: ['NO_FINAL_NEWLINE'],
      rejected: [{ row: 3, column: 'quantity', value: '', reason }],
    });
  }
});

describe('against the last run', () => {
  const pair = (rows: number): Given => ({ erp: rowsOf(rows), wms: rowsOf(rows, 'AVAILABLE') });

  it('27 fewer rows than last time: refused below the share, accepted at it', async () => {
    expect((await files().run(pair(100))).failure).toBeUndefined();
    const half = await files().run({ erp: rowsOf(79), wms: rowsOf(100, 'AVAILABLE') });
    expectRefusal(
      half,
      'TOO_FEW_ROWS',
      /^erp\.csv: 79 rows, 79% of the 100 in run run-001 \(at least 80% are expected\)$/,
    );
    expect((await files().run({ erp: rowsOf(80), wms: rowsOf(100, 'AVAILABLE') })).failure).toBeUndefined();
  });

  it('27 the refused run is no measure for the next', async () => {
    await files().run(pair(100));
    expectRefusal(
      await files().run({ erp: rowsOf(70), wms: rowsOf(100, 'AVAILABLE') }),
      'TOO_FEW_ROWS',
      /of the 100 in run run-001/,
    );
    expectRefusal(
      await files().run({ erp: rowsOf(69), wms: rowsOf(100, 'AVAILABLE') }),
      'TOO_FEW_ROWS',
      /of the 100 in run run-001/,
    );
  });

  it('27 a share of its own, and force with a reason', async () => {
    await files().run(pair(100));
    const fewer = { erp: rowsOf(70), wms: rowsOf(100, 'AVAILABLE') };
    expect((await files().run({ ...fewer, erpSource: { min_rows_share: 0.7 } })).failure).toBeUndefined();
    await files().run(pair(100));
    const forced = await files().run({ ...fewer, options: { forced: { by: 'ada', reason: 'sold out' } } });
    expect(forced.failure).toBeUndefined();
    expect(forced.run.forced).toEqual({ by: 'ada', reason: 'sold out' });
    expect(forced.run.quality.map(({ severity, code }) => [severity, code])).toEqual([['forced', 'TOO_FEW_ROWS']]);
  });

  it('29 cut at the end of a row without a control total: the rows of last time tell', async () => {
    await files().run(pair(50));
    expectRefusal(
      await files().run({ erp: rowsOf(30), wms: rowsOf(50, 'AVAILABLE') }),
      'TOO_FEW_ROWS',
      /^erp\.csv: 30 rows, 60% of the 50/,
    );
  });

  it('29 a file that holds itself twice', async () => {
    const twice = rowsOf(30) + rowsOf(30).slice(HEADER.length);
    expectRefusal(
      await files().run({ erp: twice, wms: rowsOf(30, 'AVAILABLE') }),
      'DOUBLED',
      /^erp\.csv: 30 of 60 rows repeat another row in every column/,
    );
  });

  it('32 the very same files again are a rerun with the same result', async () => {
    const first = await files().run(pair(30));
    const second = await files().run(pair(30));
    const facts = ({ totals, inputs, by_site }: RunDocument): unknown => ({ totals, inputs, by_site });
    expect(second.failure).toBeUndefined();
    expect(facts(second.run)).toEqual(facts(first.run));
    expect(warnings(second.run)).toEqual([]);
  });

  it('32 the same bytes under a newer cut-off are an old file under a new name', async () => {
    await files().run(pair(30));
    const later = '2026-11-23T05:59:59-06:00';
    const again = await files().run({
      ...pair(30),
      erpSource: { as_of: later, path: 'erp-2.csv' },
      wmsSource: { as_of: later },
    });
    expectRefusal(
      again,
      'ALREADY_LOADED',
      /^erp-2\.csv: it is byte for byte the file of run run-001, whose cut-off was 2026-11-22T23:59:59-06:00, and claims 2026-11-23T05:59:59-06:00$/m,
    );
  });

  it('33 the same name with other bytes is a new version, named by its hash', async () => {
    const first = await files().run({ erp: `${HEADER}${A5}` });
    const second = await files().run({ erp: `${HEADER}DC1,A,UNRESTRICTED,6\n` });
    expectAccepted(second, { erp: { A: '6' }, rows: 1 });
    const [before, after] = [first, second].map(({ run }) => run.inputs[0]?.sha256);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(after).not.toBe(before);
  });
});

describe('files that change', () => {
  it('30 a file that grows while it is read', async () => {
    let grown = false;
    const onProgress = (): void => {
      if (!grown) appendFileSync(join(files().folder, 'erp.csv'), 'DC1,B,UNRESTRICTED,6\n');
      grown = true;
    };
    const outcome = await files().run({ erp: `${HEADER}${A5}`, options: { onProgress } });
    expect(grown).toBe(true);
    expectRefusal(outcome, 'FILE_CHANGED', /^erp\.csv changed while it was read$/);
  });

  it('30 a file replaced by another of the same size', async () => {
    const onProgress = (): void => {
      const path = join(files().folder, 'erp.csv');
      writeFileSync(`${path}.new`, readFileSync(path, 'utf8').replace('5', '6'));
      renameSync(`${path}.new`, path);
      utimesSync(path, 1_800_000_000, 1_800_000_000);
    };
    expectRefusal(
      await files().run({ erp: `${HEADER}${A5}`, options: { onProgress } }),
      'FILE_CHANGED',
      /^erp\.csv changed/,
    );
  });

  it('30 a file that is gone when the rows are read', async () => {
    const onProgress = (): void => rmSync(join(files().folder, 'erp.csv'), { force: true });
    expectRefusal(await files().run({ erp: `${HEADER}${A5}`, options: { onProgress } }), 'FILE_CHANGED', /^erp\.csv/);
  });

  it('30 a messages file that grows while the run goes on', async () => {
    const path = 'messages.csv';
    const onProgress = (): void => appendFileSync(join(files().folder, path), 'M2,2026-11-22T23:00:00Z,sent\n');
    const given = {
      erp: `${HEADER}${A5}`,
      files: { [path]: 'message_id,sent_at,state\nM1,2026-11-22T23:00:00Z,applied\n' },
    };
    const outcome = await files().run({
      ...given,
      configuration: { messages: [{ format: 'csv', path }] },
      options: { onProgress },
    });
    expectRefusal(outcome, 'FILE_CHANGED', /^messages\.csv changed/);
  });

  it.each(['part', 'tmp', 'filepart', 'writing'])(
    '30 a glob passes over a file that is still being written (.%s)',
    async (ending) => {
      const newer = { [`in/erp_2.csv.${ending}`]: HEADER, 'in/erp_1.csv': `${HEADER}${A5}` };
      const outcome = await files().run({ erp: `${HEADER}${A5}`, erpSource: { path: 'in/erp_1.csv' }, files: newer });
      expectAccepted(outcome, { erp: { A: '5' }, rows: 1 }, 'erp_1.csv');
      const { failure, lines } = await files().attempt(
        { erp: '', erpSource: { path: 'in/erp_*' }, files: newer },
        'glob',
      );
      expect(failure).toBeUndefined();
      expect(erpQuantities(lines)).toEqual({ A: '5' });
    },
  );
});
