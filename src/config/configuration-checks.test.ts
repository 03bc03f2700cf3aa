// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration has its own templates, which stand in these texts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../core/model/failure.ts';
import { loadConfiguration } from './load-configuration.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'checks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function problemsIn(content: string): Promise<string[]> {
  const file = join(folder, 'evenstock.yaml');
  writeFileSync(file, content);
  try {
    await loadConfiguration(file, { WEB: 'https://user:hunter2@stock.example/erp.csv' });
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.message.replaceAll(`${file}:`, '').split('\n');
  }
}

interface Parts {
  systems?: string;
  balances?: string;
  categories?: string;
  more?: string;
}

/** A configuration of which parts are replaced; each part is one line, so that a position shows which part it is in. */
const configuration = ({ systems, balances, categories, more }: Parts) => `version: 1
currency: USD
systems: ${systems ?? '{ sap: { role: erp }, wms1: { role: wms, sites: [DC1] } }'}
balances: ${balances ?? '[{ system: sap, format: csv, path: e.csv }, { system: wms1, format: csv, path: w.csv }]'}
categories: ${categories ?? '{ available: { erp: [FREE], wms: [AVAILABLE] } }'}
${more ?? ''}
`;

/** The ERP's source with more said of it; column 33 is the first character of `more`. */
const erpSource = (more: string) =>
  configuration({ balances: `[{ system: sap, format: csv, ${more} }, { system: wms1, format: csv, path: w.csv }]` });

const three =
  '[{ system: sap, format: csv, path: e }, { system: wms1, format: csv, path: w }, { system: wms2, format: csv, path: v }]';

describe('systems and who names them', () => {
  it.each<[string, Parts, string[]]>([
    ['all in order', {}, []],
    [
      'no erp',
      { systems: '{ sap: { role: wms, sites: [A] }, wms1: { role: wms, sites: [B] } }' },
      ['3:1: no system has the role erp; exactly one must'],
    ],
    [
      'two erps',
      {
        systems: '{ sap: { role: erp }, wms1: { role: wms }, old: { role: erp } }',
        balances: three.replace('wms2', 'old'),
      },
      ['3:66: "old" is a second erp beside "sap"; exactly one system is the erp'],
    ],
    [
      'no wms',
      {
        systems: '{ sap: { role: erp } }',
        balances: '[{ system: sap, format: csv, path: e }, { system: sap, format: csv, path: f }]',
      },
      ['3:1: no system has the role wms; at least one must'],
    ],
    [
      'a system without balances',
      { systems: '{ sap: { role: erp }, wms1: { role: wms, sites: [A] }, wms2: { role: wms, sites: [B] } }' },
      ['3:65: "wms2" has no source under balances'],
    ],
    [
      'the erp without balances',
      { balances: '[{ system: wms1, format: csv, path: e }, { system: wms1, format: csv, path: f }]' },
      ['3:12: "sap" has no source under balances'],
    ],
    [
      'a role as the name of the other',
      {
        systems: '{ wms: { role: erp }, wms1: { role: wms } }',
        balances: '[{ system: wms, format: csv, path: e }, { system: wms1, format: csv, path: f }]',
      },
      ['3:12: a system called "wms" cannot have the role erp'],
    ],
    [
      'two wms with a site in common',
      {
        systems: '{ sap: { role: erp }, wms1: { role: wms, sites: [A, B] }, wms2: { role: wms, sites: [C, B] } }',
        balances: three,
      },
      ['3:98: this site already belongs to "wms1"; one wms answers for a site, found "B"'],
    ],
    [
      'a site twice',
      { systems: '{ sap: { role: erp }, wms1: { role: wms, sites: [A, "A "] } }' },
      ['3:62: this site is listed twice, found "A "'],
    ],
    [
      'two wms, one without sites',
      { systems: '{ sap: { role: erp }, wms1: { role: wms, sites: [A] }, wms2: { role: wms } }', balances: three },
      ['3:65: "wms2" needs sites: with several wms each says which sites it answers for'],
    ],
    ['one wms without sites', { systems: '{ sap: { role: erp }, wms1: { role: wms } }' }, []],
    [
      'no site at all',
      { systems: '{ sap: { role: erp }, wms1: { role: wms, sites: [] } }' },
      ['3:58: "wms1" answers for no site'],
    ],
    [
      'a source of an unknown system',
      { balances: three.replace('wms2', 'wsm1') },
      ['4:101: expected a system named under systems (sap, wms1), found "wsm1"; did you mean "wms1"?'],
    ],
    [
      'movements of an unknown system',
      { more: 'movements: [{ system: oracle, format: csv, path: m.csv }]' },
      ['6:23: expected a system named under systems (sap, wms1), found "oracle"'],
    ],
    [
      'an ignore rule of an unknown system',
      { more: 'ignore: [{ system: WMS1, status: [X], reason: y }]' },
      ['6:20: expected a system named under systems (sap, wms1), found "WMS1"; did you mean "wms1"?'],
    ],
    [
      'an unknown side',
      { categories: '{ available: { epr: [FREE], wms1: [AVAILABLE] } }' },
      ['5:28: no side is called "epr"; did you mean "erp"?'],
    ],
    [
      'a category without sides',
      { categories: '{ available: { erp: [X] }, held: {} }' },
      ['5:40: category "held" names no side'],
    ],
    ['no category', { categories: '{}' }, ['5:1: no category: without one every status is unmapped']],
    [
      'a category named by a number, which would come first',
      { categories: '{ b: { erp: [X] }, 10: { wms: [X] } }' },
      ['5:32: a category cannot be called "10"; its name needs a letter, as in category-10'],
    ],
  ])('%s', async (_name, parts, expected) => {
    expect(await problemsIn(configuration(parts))).toEqual(expected);
  });
});

describe('sources', () => {
  it.each<[string, string, string[]]>([
    ['a path', 'path: in/*.csv', []],
    ['no path: it is brought in', 'name: erp', []],
    ['sftp', 'path: "sftp://user:hunter2@host/e.csv"', ['4:46: sftp:// is not built yet; give the path of a file']],
    ['s3', 'path: s3://bucket/e.csv', ['4:46: s3:// is not built yet; give the path of a file']],
    ['HTTPS from the environment', 'path: "${WEB}"', ['4:46: https:// is not built yet; give the path of a file']],
    ['another scheme', 'path: ftp://host/e.csv', ['4:46: unknown scheme ftp://; give the path of a file']],
    ['a drive is no scheme', 'path: "C:\\\\stock\\\\e.csv"', []],
    [
      'a connection and a query',
      'connection: { password: hunter2 }, query: select 1',
      [
        '4:40: connection is not built yet; give the path of a file',
        '4:75: query is not built yet; give the path of a file',
      ],
    ],
    [
      'a mistyped column',
      'path: e, columns: { quantty: LABST }',
      ['4:60: unknown column "quantty"; did you mean "quantity"?'],
    ],
    [
      'a column of another kind of row',
      'path: e, constants: { sent_at: x }',
      [
        '4:62: unknown column "sent_at"; the columns of balances are site, item, status, quantity, owner, lot, serial, location, lpn, uom, unit_cost, currency, as_of',
      ],
    ],
    ['one sign for two jobs', 'path: e, decimal: ",", thousands: ","', ['4:74: decimal and thousands are both ","']],
    [
      'quotes that are delimiters',
      "path: e, delimiter: ';', quote: ';'",
      ['4:72: quote and delimiter are the same character'],
    ],
    ['a time zone', 'path: e, time_zone: America/Chicago', []],
    [
      'a time zone that is none',
      'path: e, time_zone: America/Chicagoo',
      ['4:60: expected an IANA time zone such as America/Chicago, found "America/Chicagoo"'],
    ],
    ['an encoding', 'path: e, encoding: windows-1252', []],
    [
      'an encoding that is none',
      'path: e, encoding: latin99',
      ['4:59: expected an encoding such as utf-8, windows-1252 or utf-16le, found "latin99"'],
    ],
    ['a cut-off with offset', 'path: e, as_of: 2026-11-22T23:59:59-06:00', []],
    ['a cut-off in UTC', 'path: e, as_of: 2026-11-22T23:59Z', []],
    ['the time of the file', 'path: e, as_of: file_time', []],
    ['a column', 'path: e, as_of: { column: EXTRACTED_AT }', []],
    ['the name of the file', 'path: e, as_of: { file_name: "erp_stock_(?<as_of>.*).csv" }', []],
    [
      'an expression without the group',
      'path: e, as_of: { file_name: "erp_(.*)" }',
      ['4:69: the expression needs a group named as_of, such as (?<as_of>.*)'],
    ],
    [
      'an expression that would never end',
      'path: e, as_of: { file_name: "(?<as_of>(a+)+)" }',
      ['4:69: a repeated group can take exponential time; repeat single characters or classes'],
    ],
    [
      'an expression that is none',
      'path: e, as_of: { file_name: "(?<as_of>.*" }',
      ['4:69: not a regular expression: Unterminated group'],
    ],
  ])('%s', async (_name, more, expected) => {
    expect(await problemsIn(erpSource(more))).toEqual(expected);
  });

  it.each(['2026-11-22T23:59:59', '2026-11-22', '2026-02-30T00:00:00Z', 'yesterday', '22.11.2026'])(
    'refuses the cut-off %s',
    async (asOf) => {
      const expected = `4:56: expected an ISO 8601 time with offset such as 2026-11-22T23:59:59-06:00, file_time, { column: … } or { file_name: … }, found "${asOf}"`;
      expect(await problemsIn(erpSource(`path: e, as_of: ${asOf}`))).toEqual([expected]);
    },
  );

  it.each(['x12', 'edifact', 'idoc', 'epcis', 'sql', 'http'])(
    'refuses the format %s by name and says nothing else of the source',
    async (format) => {
      const expected = `format ${format} is not built yet; built are: csv, tsv, xlsx, parquet, json, jsonl`;
      const more = `movements: [{ system: sap, format: ${format}, connection: x }]\npacks: { format: ${format}, path: p }`;
      expect(await problemsIn(configuration({ more }))).toEqual([`6:36: ${expected}`, `7:18: ${expected}`]);
    },
  );

  it.each(['messages', 'items', 'packs', 'aliases', 'sites', 'demand', 'promotions', 'opening'])(
    'checks %s too',
    async (part) => {
      const source = `{ ${part === 'opening' ? 'system: sap, ' : ''}format: csv, path: s3://x, columns: { bin: x } }`;
      const problems = await problemsIn(
        configuration({ more: `${part}: ${['messages', 'opening'].includes(part) ? `[${source}]` : source}` }),
      );
      expect(problems.map((line) => line.replace(/^6:\d+: /, '').split(';')[0])).toEqual([
        's3:// is not built yet',
        'unknown column "bin"',
      ]);
    },
  );

  it('refuses the same file twice in one part, and a name twice', async () => {
    const balances =
      '[{ system: sap, format: csv, path: e, name: a }, { system: wms1, format: csv, path: w, name: a }, { system: wms1, format: csv, path: w }]';
    expect(
      await problemsIn(configuration({ balances, more: 'movements: [{ system: sap, format: csv, path: e }]' })),
    ).toEqual(['4:104: another source has this name already', '4:144: the same file stands under balances[1] already']);
  });
});

describe('limits', () => {
  it.each<[string, string, string[]]>([
    ['sound ones', 'quality: { max_age: 36h, max_skew: 0m }\nlag: { default: 0s, interfaces: { "945": 1.5h } }', []],
    ['no age at all', 'quality: { max_age: 0h }', ['6:21: max_age 0 would refuse every source']],
    [
      'a slip of the unit',
      'quality: { max_age: 360000h }\nlag: { default: 4000d, interfaces: { "945": 99999999999d } }',
      ['6:21: a duration is at most 3650d', '7:17: a duration is at most 3650d', '7:45: a duration is at most 3650d'],
    ],
    ['each ranking: dollars', 'priority: { ranking: dollars }', []],
    ['impact', 'priority: { ranking: impact }', []],
    ['points', 'priority: { ranking: points }', []],
    [
      'parameters of the impact',
      'priority: { horizon_days: 3.5, available: [available], cancel_cost: 2.50, lost_share: 1, thresholds: { high: 30 } }',
      [],
    ],
    [
      'parameters of the impact that make no sense',
      'priority: { available: [available, free, available], lost_share: 50, thresholds: { high: 80 } }',
      [
        '6:36: expected a category (available), found "free"',
        '6:42: available stands twice',
        '6:66: a share is at most 1',
        '6:82: not in order: critical 70, high 80, medium 30',
      ],
    ],
    [
      'a rule for everything',
      'tolerance: { rules: [{ when: {}, percent: 2 }] }',
      ['6:30: this rule fits everything; give its limits under tolerance itself'],
    ],
    [
      'a rule without a limit',
      'tolerance: { rules: [{ when: { family: beans } }] }',
      ['6:22: this rule gives no limit: quantity, percent or value'],
    ],
    [
      'a rule for no category',
      'tolerance: { rules: [{ when: { category: [available, avail] }, value: 1 }] }',
      ['6:54: expected a category (available), found "avail"'],
    ],
    ['a rule for a pattern of categories', 'tolerance: { rules: [{ when: { category: avail* }, value: 1 }] }', []],
    ['a column of the grain twice', 'grain: [site, item, lot, category, lot]', ['6:36: lot stands twice']],
    [
      'a grain by item class',
      'grain: { default: [site, item, category], rules: [{ when: { family: f }, grain: [site, item, lot, category] }] }',
      [],
    ],
    [
      'a grain rule for everything',
      'grain: { default: [site, item, category], rules: [{ when: {}, grain: [site, item, lot, category] }] }',
      ['6:59: this rule fits everything; make it the default'],
    ],
  ])('%s', async (_name, more, expected) => {
    expect(await problemsIn(configuration({ more }))).toEqual(expected);
  });

  it('of one source', async () => {
    expect(await problemsIn(erpSource('path: e, max_skew: 9999d, max_age: 0d'))).toEqual([
      '4:59: a duration is at most 3650d',
      '4:75: max_age 0 would refuse every source',
    ]);
  });
});
