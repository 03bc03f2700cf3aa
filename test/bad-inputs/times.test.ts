import { describe, expect, it } from 'vitest';
import { expectAccepted, expectRefusal, type Given, useFiles } from './reconciled-files.ts';

const files = useFiles();
const HEADER = 'at,site,item,status,quantity\n';
const row = (at: string, item: string): string => `${at},DC1,${item},UNRESTRICTED,5\n`;
const byColumn = (source: Record<string, unknown> = {}): Record<string, unknown> => ({
  as_of: { column: 'at' },
  ...source,
});
const GOOD = '2026-11-22T23:59:59-06:00';

describe('cut-offs in a column', () => {
  const accepted: readonly [name: string, at: string, source: Record<string, unknown>, asOf: string][] = [
    ['ISO 8601 with an offset', GOOD, {}, GOOD],
    ['UTC', '2026-11-23T05:59:59Z', {}, '2026-11-23T05:59:59Z'],
    ['without an offset, the zone declared', '2026-11-22 23:59:59', { time_zone: 'America/Chicago' }, GOOD],
    [
      '56 22/11/2026, declared',
      '22/11/2026 23:59',
      { time_format: 'dd/MM/yyyy HH:mm', time_zone: 'America/Chicago' },
      '2026-11-22T23:59:00-06:00',
    ],
    [
      '56 11/22/2026, declared',
      '11/22/2026 23:59',
      { time_format: 'MM/dd/yyyy HH:mm', time_zone: 'America/Chicago' },
      '2026-11-22T23:59:00-06:00',
    ],
    ['56 a declared format with an offset', '20261122235959-0600', { time_format: 'yyyyMMddHHmmssZZZ' }, GOOD],
    ['59 an hour of the overlap, with its offset', '2026-11-01T01:30:00-05:00', {}, '2026-11-01T01:30:00-05:00'],
  ];
  it.each(accepted)('%s', async (_name, at, source, asOf) => {
    const outcome = await files().run({
      erp: HEADER + row(at, 'A'),
      erpSource: byColumn(source),
      wmsSource: { as_of: asOf },
    });
    expectAccepted(outcome, { erp: { A: '5' }, rows: 1 });
    expect(outcome.run.inputs[0]?.as_of).toBe(asOf);
  });

  const rejected: readonly [name: string, at: string, source: Record<string, unknown>, reason: string | RegExp][] = [
    [
      '56 01/02/2026, not declared',
      '01/02/2026',
      { time_zone: 'America/Chicago' },
      'not an ISO 8601 time; declare time_format where the source writes another',
    ],
    [
      '56 two digits of a year',
      '26-01-02',
      { time_zone: 'America/Chicago' },
      'not an ISO 8601 time; declare time_format where the source writes another',
    ],
    ['58 30 February', '2026-02-30T10:00:00Z', {}, 'a date or hour that does not exist'],
    [
      '58 30 February, the zone declared',
      '2026-02-30',
      { time_zone: 'America/Chicago' },
      'a date or hour that does not exist',
    ],
    [
      '58 the 13th month in a declared format',
      '22/13/2026 10:00',
      { time_format: 'dd/MM/yyyy HH:mm', time_zone: 'America/Chicago' },
      'a date or hour that does not exist',
    ],
    [
      '56 a date in another format than declared',
      '2026-11-22',
      { time_format: 'dd/MM/yyyy HH:mm', time_zone: 'America/Chicago' },
      'not a time as time_format says',
    ],
    ['58 25 o’clock', '2026-11-22T25:00:00Z', {}, 'a date or hour that does not exist'],
    ['58 29 February of a common year', '2026-02-29T10:00:00Z', {}, 'a date or hour that does not exist'],
    [
      'a time without an offset or zone',
      '2026-11-22T23:59:59',
      {},
      'a time without offset; declare time_zone for this source',
    ],
    ['a blank', '', {}, 'blank; a time was expected'],
    [
      'an Excel serial in a text file',
      '46348',
      {},
      'not an ISO 8601 time; declare time_format where the source writes another',
    ],
  ];
  it.each(rejected)('%s', async (_name, at, source, reason) => {
    const good = source['time_format'] ? '22/11/2026 00:00' : GOOD;
    const wmsSource = { as_of: source['time_format'] ? '2026-11-22T00:00:00-06:00' : GOOD };
    const outcome = await files().run({
      erp: HEADER + row(good, 'A') + row(at, 'B'),
      erpSource: byColumn(source),
      wmsSource,
    });
    const [found] = outcome.rejections;
    expect(found?.reason).toMatch(reason);
    expectAccepted(outcome, {
      erp: { A: '5' },
      rows: 2,
      rejected: [{ row: 3, column: 'at', value: at, reason: String(found?.reason) }],
    });
  });

  it('56 a file whose times are all in a format that is not declared is refused', async () => {
    const outcome = await files().run({
      erp: HEADER + row('01/02/2026', 'A') + row('01/02/2026', 'B'),
      erpSource: byColumn(),
    });
    expectRefusal(outcome, 'NOTHING_ACCEPTED', /^erp\.csv: all 2 rows are rejected$/);
  });

  const refused: readonly [name: string, at: string, message: RegExp][] = [
    [
      '59 an hour that the clock skipped',
      '2026-03-08T02:30:00',
      /^erp\.csv, row 3, column at: "2026-03-08T02:30:00": 2026-03-08T02:30:00 does not exist in America\/Chicago: the clock was put forward; give times with an offset$/,
    ],
    [
      '59 an hour that the clock repeated',
      '2026-11-01T01:30:00',
      /^erp\.csv, row 3, column at: "2026-11-01T01:30:00": 2026-11-01T01:30:00 happened twice in America\/Chicago: the clock was put back; give times with an offset$/,
    ],
  ];
  it.each(refused)('%s', async (_name, at, message) => {
    const given: Given = {
      erp: HEADER + row(GOOD, 'A') + row(at, 'B'),
      erpSource: byColumn({ time_zone: 'America/Chicago' }),
    };
    expectRefusal(await files().run(given), 'VALUE_REFUSED', message);
  });
});

describe('cut-offs in the name of the file', () => {
  const source = {
    path: 'erp_2026-11-22.csv',
    as_of: { file_name: 'erp_(?<as_of>.*).csv' },
    time_zone: 'America/Chicago',
  };
  const erp = 'site,item,status,quantity\nDC1,A,UNRESTRICTED,5\n';

  it('is read', async () => {
    const outcome = await files().run({ erp, erpSource: source, wmsSource: { as_of: '2026-11-22T00:00:00-06:00' } });
    expectAccepted(outcome, { erp: { A: '5' }, rows: 1 });
    expect(outcome.run.inputs[0]?.as_of).toBe('2026-11-22T00:00:00-06:00');
  });

  it.each(['erp_2026-02-30.csv', 'erp_01-02-2026.csv', 'erp_.csv'])('58 %s carries none', async (path) => {
    const outcome = await files().run({ erp, erpSource: { ...source, path } });
    expectRefusal(outcome, 'CUT_OFF_UNREADABLE', `the name ${path} carries no cut-off that as_of can read`);
  });
});
