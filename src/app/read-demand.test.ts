import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Configuration, configurationSchema } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { emptyMasterData } from '../core/normalize/master-data.ts';
import { openDemand, type ReadDemand, readDemand } from './read-demand.ts';
import type { OnSourceFailure } from './read-master-data.ts';
import { SourceFiles } from './source-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-demand-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const configuration = (sources: Partial<Record<'demand' | 'promotions', Record<string, unknown>>>): Configuration =>
  configurationSchema.parse({
    version: 1,
    currency: 'USD',
    systems: { sap: { role: 'erp' }, wms1: { role: 'wms' } },
    balances: ['sap', 'wms1'].map((system) => ({ system, format: 'csv', path: `${system}.csv` })),
    categories: { available: { erp: ['FREE'] } },
    ...Object.fromEntries(
      Object.entries(sources).map(([kind, more]) => [kind, { format: 'csv', path: `${kind}.csv`, ...more }]),
    ),
  });

const open = (given: Configuration, onFailure?: OnSourceFailure) =>
  openDemand(given, new SourceFiles({ configuration: given, directory: folder }), folder, onFailure);

async function read(given: Configuration, onFailure?: OnSourceFailure): Promise<ReadDemand> {
  const sources = await open(given, onFailure);
  const needs = (item: string): boolean => item !== 'C3';
  return readDemand(sources, folder, { master: emptyMasterData('EA', 'upper'), quantityDecimals: 3, needs });
}

describe('openDemand and readDemand', () => {
  it('reads both files under the names that the configuration gives their columns, and counts every row', async () => {
    writeFileSync(join(folder, 'demand.csv'), 'SKU;Werk;Tag\na1;DC1;2,5\nb2;DC1;x\nc3;DC1;1\na1;DC1;9\n');
    writeFileSync(
      join(folder, 'promotions.csv'),
      'item,starts_on,ends_on\na1,23.11.2026,24.11.2026\na1,23.11.2026,soon\n',
    );
    const made = await read(
      configuration({
        demand: { decimal: ',', columns: { item: 'SKU', site: 'Werk', daily_demand: 'Tag' } },
        promotions: { name: 'calendar', time_format: 'dd.MM.yyyy', constants: { uplift: '2', site: 'DC1' } },
      }),
    );
    expect(made.demand.find('DC1', 'A1')?.dailyDemand).toBe(2.5);
    expect(made.demand.find('DC1', 'C3')).toBeUndefined();
    expect(made.promotions.demandDays('DC1', 'A1', 20_780, 7)).toBe(9);
    expect(made.files.map(({ kind, name, rows }) => ({ kind, name, rows }))).toEqual([
      { kind: 'demand', name: 'demand', rows: 4 },
      { kind: 'promotions', name: 'calendar', rows: 2 },
    ]);
    expect(made.files.flatMap(({ rejections }) => rejections)).toEqual([
      expect.objectContaining({ source: 'demand', file: 'demand.csv', row: 3, column: 'Tag', value: 'x' }),
      expect.objectContaining({ row: 5, column: 'SKU', reason: 'demand given before; the first row stands' }),
      expect.objectContaining({ source: 'calendar', row: 3, column: 'ends_on', value: 'soon' }),
    ]);
  });

  it('without sources knows nothing', async () => {
    const { demand, promotions, files } = await read(configuration({}));
    expect([demand.find('DC1', 'A1'), promotions.runs('DC1', 'A1', 0, 9), files]).toEqual([undefined, false, []]);
  });

  it('a file that is not there ends the reading, or is told of and passed over', async () => {
    const given = configuration({ demand: {}, promotions: {} });
    writeFileSync(join(folder, 'promotions.csv'), 'item,starts_on,ends_on\nA1,2026-11-23,2026-11-24\n');
    await expect(read(given)).rejects.toThrow(Failure);
    const failures: string[] = [];
    const { files } = await read(given, (kind, _source, failure) => failures.push(`${kind} ${failure.code}`));
    expect(failures).toEqual(['demand FILE_NOT_FOUND']);
    expect(files.map(({ kind }) => kind)).toEqual(['promotions']);
  });

  it('a file without a column that it must have is refused before its rows are read', async () => {
    writeFileSync(join(folder, 'promotions.csv'), 'item,site,starts_on\nA1,DC1,2026-11-23\n');
    await expect(open(configuration({ promotions: {} }))).rejects.toMatchObject({
      code: 'COLUMN_MISSING',
    });
  });
});
