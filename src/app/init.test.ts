import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../config/load-configuration.ts';
import { initialise } from './init.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/founding/', import.meta.url));
const FILES = [
  'evenstock.yaml',
  'in/erp_stock.csv',
  'in/wms_stock.csv',
  'in/items.csv',
  'in/packs.csv',
  'in/aliases.csv',
];

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'init-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const withoutSchemaLine = (file: string) => readFileSync(file, 'utf8').replace(/^# yaml-language-server.*\n/, '');

describe('initialise', () => {
  it('writes the founding example into a folder that is made for it', async () => {
    const target = join(folder, 'new/stock');
    expect(await initialise(target)).toEqual({ written: FILES, kept: [] });
    for (const name of FILES) {
      expect(withoutSchemaLine(join(target, name)), name).toBe(withoutSchemaLine(join(EXAMPLE, name)));
    }
    expect(readdirSync(join(target, 'in')).length).toBe(5);
  });

  it('writes a configuration that loads and whose first line leads editors to the schema', async () => {
    await initialise(folder);
    const file = join(folder, 'evenstock.yaml');
    const { configuration } = await loadConfiguration(file, {});
    for (const source of [...configuration.balances, configuration.items, configuration.packs, configuration.aliases]) {
      expect(existsSync(join(folder, source?.path ?? 'none')), source?.path).toBe(true);
    }
    const [, schema = ''] = /^# yaml-language-server: \$schema=(.*)\n/.exec(readFileSync(file, 'utf8')) ?? [];
    expect(schema).toMatch(/^\.\.?\//);
    expect(JSON.parse(readFileSync(resolve(dirname(file), schema), 'utf8')).title).toMatch(/Evenstock/);
  });

  it('keeps every file that is there, and writes the others', async () => {
    writeFileSync(join(folder, 'evenstock.yaml'), 'mine');
    expect((await initialise(folder)).kept).toEqual(['evenstock.yaml']);
    writeFileSync(join(folder, 'in/items.csv'), 'mine too');
    rmSync(join(folder, 'in/packs.csv'));
    expect(await initialise(folder)).toEqual({
      written: ['in/packs.csv'],
      kept: FILES.filter((name) => name !== 'in/packs.csv'),
    });
    expect(readFileSync(join(folder, 'evenstock.yaml'), 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'in/items.csv'), 'utf8')).toBe('mine too');
  });

  it('says so where the folder is a file', async () => {
    const file = join(folder, 'taken');
    writeFileSync(file, '');
    await expect(initialise(file)).rejects.toMatchObject({ kind: 'usage', code: 'NOT_A_FOLDER' });
    await expect(initialise(join(file, 'inside'))).rejects.toMatchObject({ kind: 'usage', code: 'NOT_A_FOLDER' });
  });
});

describe('the starter configuration', () => {
  it('loads with every optional part switched on', async () => {
    const written = readFileSync(join(EXAMPLE, 'evenstock.yaml'), 'utf8');
    const file = join(folder, 'evenstock.yaml');
    writeFileSync(
      file,
      written.replace(/^#[a-z].*\n(?:# {2}.*\n)*/gm, (part) => part.replace(/^#/gm, '')),
    );
    const { configuration } = await loadConfiguration(file, {});
    for (const part of ['tolerance', 'movements', 'messages', 'lag', 'quality'] as const)
      expect(configuration[part], part).toBeDefined();
    expect(configuration.tolerance?.percent).toBe('0.5');
  });
});
