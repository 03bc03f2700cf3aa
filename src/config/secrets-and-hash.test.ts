// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration has its own templates, which stand in these texts.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('secrets', () => {
  const env = { STOCK_SITE: 'hunter2', N: '3', EMPTY: '' };

  it('come from the environment, whole or in the middle of a text', async () => {
    const { configuration } = await load(
      changed('[DC1]', '["${STOCK_SITE}", "a-${STOCK_SITE}-${N}", "$${N}"]').concat('quantity_decimals: ${N}\n'),
      env,
    );
    expect(configuration.systems['wms1']?.sites).toEqual(['hunter2', 'a-hunter2-3', '${N}']);
    expect(configuration.quantity_decimals).toBe(3);
  });

  it('come from files, relative to the configuration, without the line end', async () => {
    mkdirSync(join(folder, 'secrets'), { recursive: true });
    writeFileSync(join(folder, 'secrets/site'), 'hunter3\r\n');
    const { configuration } = await load(changed('[DC1]', '[{ file: secrets/site }]'));
    expect(configuration.systems['wms1']?.sites).toEqual(['hunter3']);
  });

  it.each<[string, string, string]>([
    ['a variable that is not set', 'name: ${GONE}', '11:7: the environment variable GONE is not set'],
    [
      'in an entry of a list',
      'ignore: [{ system: sap, status: [A, "x${GONE}"], reason: x }]',
      '11:37: the environment variable GONE is not set',
    ],
    [
      'where only some values may stand, told once',
      'item_case: ${GONE}',
      '11:12: the environment variable GONE is not set',
    ],
    [
      'as the name of a system, told once',
      'movements: [{ system: "${GONE}", format: csv, path: x }]',
      '11:23: the environment variable GONE is not set',
    ],
    [
      'a name that is none',
      'name: "${stock site}"',
      '11:7: expected "${" to begin the name of an environment variable, as in ${NAME}; write "$${" for the text itself',
    ],
    ['a variable that is empty', 'name: ${EMPTY}', '11:7: name: expected text that is not empty, found "${EMPTY}"'],
    ['a file that does not exist', 'name: { file: secrets/gone }', '11:7: the file secrets/gone does not exist'],
    ['a folder', 'name: { file: . }', '11:7: the file . is a folder'],
    [
      'not even the value of a place that is wrong',
      'item_case: ${STOCK_SITE}',
      '11:12: item_case: expected one of exact, upper, found "${STOCK_SITE}"',
    ],
    [
      'nor of a system that does not exist',
      'movements: [{ system: "${STOCK_SITE}", format: csv, path: x }]',
      '11:23: expected a system named under systems (sap, wms1), found "${STOCK_SITE}"',
    ],
    [
      'nor of an expression',
      'opening: [{ system: sap, format: csv, path: x, as_of: { file_name: "(${STOCK_SITE}" } }]',
      '11:68: not a regular expression: Unterminated group',
    ],
  ])('%s', async (_name, line, expected) => {
    const problems = await problemsIn(added(line), env);
    expect(problems).toEqual([`evenstock.yaml:${expected}`]);
    expect(problems.join()).not.toContain('hunter2');
  });
});

describe('the hash', () => {
  const hashOf = async (content: string, env: Environment = {}) => (await load(content, env)).hash;

  it('stays where only comments, layout, the order of keys or written defaults differ', async () => {
    const hash = await hashOf(SOUND);
    expect(await hashOf(`# a comment\n${SOUND.replace('{ role: erp }', '\n    role: "erp" # the ERP')}`)).toBe(hash);
    expect(await hashOf(changed('version: 1\ncurrency: USD', 'currency: USD\nversion: 1'))).toBe(hash);
    expect(await hashOf(added('base_uom: EA'))).toBe(hash);
  });

  it('changes with a rule and with the order of the categories', async () => {
    const hash = await hashOf(SOUND);
    expect(await hashOf(changed('[FREE]', '[FREE, HELD]'))).not.toBe(hash);
    const held = '  held: { erp: [HELD], wms: [HOLD] }\n';
    expect(await hashOf(added(held.slice(0, -1)))).not.toBe(
      await hashOf(changed('categories:\n', `categories:\n${held}`)),
    );
  });

  it('knows secrets by their names only', async () => {
    const content = added('name: "${NAME}"');
    const hash = await hashOf(content, { NAME: 'a' });
    expect(await hashOf(content, { NAME: 'b' })).toBe(hash);
    expect(await hashOf(added('name: a'))).not.toBe(hash);
    const listed = changed('[FREE]', '[{ status: FREE, when: { site: "${NAME}" } }]');
    expect(await hashOf(listed, { NAME: 'a' })).toBe(await hashOf(listed, { NAME: 'b' }));
  });
});
