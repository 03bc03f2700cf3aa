// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration has its own templates, which stand in these texts.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../core/model/failure.ts';
import { loadConfiguration } from './load-configuration.ts';
import type { Environment } from './secret-text.ts';

const SOUND = `version: 1
currency: USD
systems:
  sap: { role: erp }
  wms1: { role: wms, sites: [DC1] }
balances:
  - { system: sap, format: csv, path: in/erp.csv }
  - { system: wms1, format: csv, path: in/wms.csv }
categories:
  available: { erp: [FREE], wms: [AVAILABLE] }
`;

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'configuration-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(content: string | Uint8Array, env: Environment = {}) {
  const file = join(folder, 'evenstock.yaml');
  writeFileSync(file, content);
  return loadConfiguration(file, env);
}

/** The lines of the failure, with the file's name alone. */
async function problemsIn(content: string | Uint8Array, env: Environment = {}): Promise<string[]> {
  const failure = await load(content, env).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure === undefined) return [];
  if (!(failure instanceof Failure)) throw failure;
  expect([failure.kind, failure.code]).toEqual(['configuration', 'CONFIGURATION_INVALID']);
  expect(failure.action).not.toBe('');
  return failure.message.replaceAll(`${folder}/`, '').split('\n');
}

/** The sound configuration with one text replaced, or with lines added at its end. */
const changed = (from: string, to: string) => {
  expect(SOUND).toContain(from);
  return SOUND.replace(from, () => to);
};
const added = (lines: string) => `${SOUND}${lines}\n`;

describe('a sound file', () => {
  it('loads with its defaults, its folder and its hash', async () => {
    const loaded = await load(SOUND);
    expect(loaded.directory).toBe(folder);
    expect(loaded.path).toBe(join(folder, 'evenstock.yaml'));
    expect(loaded.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(loaded.configuration).toMatchObject({
      version: 1,
      grain: ['site', 'item', 'category'],
      base_uom: 'EA',
      balances: [{ completeness: 'full', unique: false }, { path: 'in/wms.csv' }],
    });
  });

  it('is the founding example', async () => {
    const { configuration } = await loadConfiguration(
      fileURLToPath(new URL('../../examples/founding/evenstock.yaml', import.meta.url)),
      {},
    );
    expect(configuration.systems['sap']?.site_aliases).toEqual({ '0001': 'DC1', '0002': 'DC2' });
    expect(configuration.categories['unavailable']?.['wms']).toEqual(['DAMAGED', 'QUALITY', 'PENDING PUTAWAY']);
  });

  it('may begin with a byte order mark and end its lines as Windows does', async () => {
    const { configuration } = await load(`\ufeff${SOUND.replaceAll('\n', '\r\n')}`);
    expect(configuration.currency).toBe('USD');
  });

  it('says later where a part stands, or the nearest part that is written', async () => {
    const { positions, path } = await load(SOUND);
    expect(positions.locate(['balances', 1, 'path'])).toBe(`${path}:8:34`);
    expect(positions.locate(['balances', 0, 'as_of'])).toBe(`${path}:7:5`);
    expect(positions.locate(['lag', 'default'])).toBe(`${path}:1:1`);
  });
});

describe('text stays text', () => {
  it.each([
    ['0001'],
    ['00'],
    ['1e5'],
    ['1.50'],
    ['12345678901234567890123'],
    ['true'],
    ['null'],
    ['~'],
    ['yes'],
    ['0x1F'],
    ['2026-01-02'],
    ['.inf'],
  ])('%s as a site, a status, a constant and a key', async (code) => {
    const { configuration } = await load(
      `version: 1
currency: USD
systems:
  ${code}: { role: erp, site_aliases: { ${code}: ${code} } }
  wms1: { role: wms, sites: [${code}] }
balances:
  - { system: ${code}, format: csv, path: ${code}, constants: { owner: ${code} } }
  - { system: wms1, format: csv, path: in/wms.csv }
categories: { available: { erp: [${code}, { status: ${code}, when: { site: ${code}, owner: [${code}] } }], wms: [AVAILABLE] } }
`,
    );
    const { systems, balances, categories } = configuration;
    expect(systems[code]?.site_aliases).toEqual({ [code]: code });
    expect(systems['wms1']?.sites).toEqual([code]);
    expect(balances[0]).toMatchObject({ system: code, path: code, constants: { owner: code } });
    expect(categories['available']?.['erp']).toEqual([code, { status: code, when: { site: [code], owner: [code] } }]);
  });

  it('amounts keep every digit, numbers and booleans are read where only they can stand', async () => {
    const { configuration } = await load(
      added(
        'tolerance: { quantity: 0.30000000000000000001, percent: "2", value: 010 }\nquantity_decimals: 3\nquality: { min_rows_share: 0.8 }',
      ),
    );
    expect(configuration.tolerance).toEqual({ quantity: '0.30000000000000000001', percent: '2', value: '010' });
    expect(configuration.quantity_decimals).toBe(3);
    expect(configuration.quality?.min_rows_share).toBe(0.8);
    const unique = await load(
      changed('path: in/wms.csv', 'path: in/wms.csv, unique: true, header: false, skip_rows: 2, quote: none'),
    );
    expect(unique.configuration.balances[1]).toMatchObject({
      unique: true,
      header: false,
      skip_rows: 2,
      quote: 'none',
    });
  });

  it('a blank status is text in quotes', async () => {
    const { configuration } = await load(changed('[FREE]', "['', FREE]"));
    expect(configuration.categories['available']?.['erp']).toEqual(['', 'FREE']);
  });

  it('a part that is written once may stand in several places', async () => {
    const { configuration } = await load(
      added(
        'ignore:\n  - { system: wms1, status: &gone [A, B], reason: x }\n  - { system: sap, status: *gone, reason: y }',
      ),
    );
    expect(configuration.ignore?.[1]?.status).toEqual(['A', 'B']);
  });
});

describe('problems of the file', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['empty', '', ['evenstock.yaml:1:1: the file is empty']],
    ['only comments', '# nothing\n\n', ['evenstock.yaml:1:1: the file holds only comments']],
    [
      'not UTF-8',
      Buffer.from('version: 1\nname: Z\xfcrich\n', 'latin1'),
      ['evenstock.yaml:2:1: this line is not UTF-8; save the file as UTF-8'],
    ],
    [
      'UTF-16',
      Buffer.from('\ufeffversion: 1', 'utf16le'),
      ['evenstock.yaml:1:1: the file is UTF-16; save it as UTF-8'],
    ],
    [
      'a NUL byte',
      'version: 1\nname: a\0b\n',
      ['evenstock.yaml:2:8: the line has a NUL byte; a configuration is text'],
    ],
    [
      'too large',
      '#'.repeat(524_289),
      ['evenstock.yaml:1:1: the file has 524289 bytes; a configuration has at most 524288'],
    ],
    ['a list', '- a\n- b\n', ['evenstock.yaml:1:1: expected keys with values, such as "version: 1"']],
    ['an unknown tag', added('name: !secret x'), ['evenstock.yaml:11:7: not valid YAML: Unresolved tag: !secret']],
    ['a key twice', added('version: 1'), ['evenstock.yaml:11:1: the key "version" stands twice; first in line 1']],
    ['a prototype', added('__proto__: { name: x }'), ['evenstock.yaml:11:1: the key "__proto__" cannot be used']],
  ])('%s', async (_name, content, expected) => {
    expect(await problemsIn(content)).toEqual(expected);
  });

  it.each<[string, string, RegExp]>([
    ['a bracket left open', changed('[FREE]', '[FREE'), /^evenstock\.yaml:\d+:\d+: not valid YAML: /],
    ['a tab as indent', added('lag:\n\tdefault: 1h'), /^evenstock\.yaml:12:\d+: not valid YAML: /],
    ['an alias of nothing', added('name: *gone'), /^evenstock\.yaml:11:7: no part before this is called &gone$/],
    ['two documents', `${SOUND}---\n${SOUND}`, /^evenstock\.yaml:11:\d+: not valid YAML: /],
    ['a key that is a list', added('? [a, b]\n: c'), /^evenstock\.yaml:11:3: not valid YAML: /],
    [
      'a bomb',
      `a: &a [x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[at]}`)}]\n`).join('')}`,
      /aliases repeat too much/,
    ],
    ['a part that holds itself', added('name: &a [*a]'), /^evenstock\.yaml:11:11: \*a would hold itself$/],
    ['ten thousand brackets', `name: ${'['.repeat(10_000)}`, /nested too deeply|not valid YAML/],
  ])('%s', async (_name, content, expected) => {
    const problems = await problemsIn(content);
    expect(problems[0]).toMatch(expected);
  });

  it('absent: names the command that writes one', async () => {
    await expect(loadConfiguration(join(folder, 'none.yaml'), {})).rejects.toMatchObject({
      kind: 'configuration',
      code: 'CONFIGURATION_NOT_FOUND',
      action: expect.stringContaining('evenstock init'),
    });
    await expect(loadConfiguration(folder, {})).rejects.toMatchObject({
      kind: 'configuration',
      code: 'CONFIGURATION_UNREADABLE',
    });
  });
});

describe('problems of keys and values', () => {
  const source = (more: string) => changed('path: in/wms.csv', `path: in/wms.csv, ${more}`);
  it.each<[string, string, string[]]>([
    [
      'an unknown key with a near one',
      source('colums: { site: WERKS }'),
      ['8:52: unknown key "colums"; did you mean "columns"?'],
    ],
    ['two letters swapped', added('name: x\nlga: {}'), ['12:1: unknown key "lga"; did you mean "lag"?']],
    [
      'an unknown key with none near',
      changed('{ role: erp }', '{ role: erp, zzz: 1 }'),
      ['4:21: unknown key "zzz" in systems.sap; known are role, sites, site_aliases, owner_aliases'],
    ],
    [
      'an unknown key inside a choice',
      source('as_of: { colum: X }'),
      [
        '8:52: "column" is missing in balances[1].as_of; expected text',
        '8:61: unknown key "colum"; did you mean "column"?',
      ],
    ],
    [
      'an unknown key beside a status',
      changed('[FREE]', '[{ status: FREE, wen: { site: DC1 } }]'),
      ['10:38: unknown key "wen"; did you mean "when"?'],
    ],
    ['a missing key', changed('currency: USD\n', ''), ['1:1: "currency" is missing; expected text']],
    [
      'a missing key of an entry',
      changed('system: sap, ', ''),
      ['7:5: "system" is missing in balances[0]; expected text'],
    ],
    [
      'a missing list',
      changed(
        'balances:\n  - { system: sap, format: csv, path: in/erp.csv }\n  - { system: wms1, format: csv, path: in/wms.csv }\n',
        '',
      ),
      ['1:1: "balances" is missing; expected a list'],
    ],
    ['nothing after the colon', added('movements:'), ['11:11: movements: expected a list, found nothing']],
    ['the wrong version', changed('version: 1', 'version: 2'), ['1:10: version: expected 1, found "2"']],
    [
      'a currency in words',
      changed('USD', 'dollars'),
      ['2:11: currency: expected an ISO 4217 code such as USD, found "dollars"'],
    ],
    [
      'a mistyped choice',
      changed('role: erp', 'role: epr'),
      ['4:16: systems.sap.role: expected one of erp, wms, found "epr"; did you mean "erp"?'],
    ],
    ['a list for text', added('name: [a]'), ['11:7: name: expected text, found a list']],
    ['text for a list', changed('[FREE]', 'FREE'), ['10:21: categories.available.erp: expected a list, found "FREE"']],
    [
      'keys for text or a list',
      added('ignore: [{ system: sap, status: [X], when: { site: { a: b } }, reason: x }]'),
      ['11:52: ignore[0].when.site: expected text or a list, found keys with values'],
    ],
    [
      'a number with letters',
      added('quantity_decimals: three'),
      ['11:20: quantity_decimals: expected a whole number, found "three"'],
    ],
    [
      'a number out of bounds',
      added('quantity_decimals: 7'),
      ['11:20: quantity_decimals: expected a number of at most 6, found "7"'],
    ],
    [
      'half a decimal',
      added('quantity_decimals: 1.5'),
      ['11:20: quantity_decimals: expected a whole number, found "1.5"'],
    ],
    [
      'a share of 80',
      added('quality: { min_rows_share: 80 }'),
      ['11:28: quality.min_rows_share: expected a number of at most 1, found "80"'],
    ],
    ['yes for true', source('unique: yes'), ['8:60: balances[1].unique: expected true or false, found "yes"']],
    [
      'a negative tolerance',
      added('tolerance: { quantity: -1 }'),
      ['11:24: tolerance.quantity: expected a number that is not negative, found "-1"'],
    ],
    [
      'a duration without its unit',
      added('lag: { default: 30 }'),
      ['11:17: lag.default: expected a duration such as 30m, 4h or 2d, found "30"'],
    ],
    [
      'a delimiter of two characters',
      source('delimiter: "||"'),
      ['8:63: balances[1].delimiter: expected text of at most 1 character, found "||"'],
    ],
    ['empty text', added('name: ""'), ['11:7: name: expected text that is not empty, found ""']],
    [
      'one source only',
      changed('  - { system: sap, format: csv, path: in/erp.csv }\n', ''),
      ['7:3: balances: expected at least 2 entries, found a list'],
    ],
    [
      'a grain without item',
      added('grain: [site, category]'),
      ['11:8: grain: expected site, item and category, which are always part of the grain, found a list'],
    ],
  ])('%s', async (_name, content, expected) => {
    const problems = await problemsIn(content);
    expect(problems.map((line) => line.replace('evenstock.yaml:', ''))).toEqual(expected);
  });

  it('all of them at once, in the order of the file, also what one part says of another', async () => {
    const content = `version: 1
currency: usd
systems:
  sap: { role: erp, nmae: x }
  wms1: { role: wms, sites: [DC1] }
balances:
  - { system: sap, format: csv, path: in/erp.csv }
  - { system: wms2, format: csv, path: in/wms.csv }
categories:
  available: { erp: [FREE], wms: [AVAILABLE] }
`;
    expect((await problemsIn(content)).map((line) => line.split(': ')[0])).toEqual([
      'evenstock.yaml:2:11',
      'evenstock.yaml:4:21',
    ]);
    expect((await problemsIn(content.replace('usd', 'USD'))).map((line) => line.split(': ')[0])).toEqual([
      'evenstock.yaml:4:21',
      'evenstock.yaml:5:3',
      'evenstock.yaml:8:15',
    ]);
  });

  it('stops after fifty and counts the rest', async () => {
    const problems = await problemsIn(added(Array.from({ length: 60 }, (_, at) => `zz${at}: 1`).join('\n')));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toBe('… and 10 more');
  });
});
