/** Holds the simulated files against their truth with an aggregation of its own, and the seed against the bytes. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCsv } from 'hucre/csv';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationSchema } from '../src/contract/configuration.ts';
import { writeStockWorld } from './stock-world.ts';

const root = mkdtempSync(join(tmpdir(), 'stock-world-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Row = Record<string, string>;

function readRows(directory: string, name: string): Row[] {
  const [header, ...rows] = parseCsv(readFileSync(join(directory, name), 'utf8')) as string[][];
  return rows.map((row) => Object.fromEntries(header!.map((column, index) => [column, row[index] ?? ''])));
}

function digest(directory: string): string[] {
  return readdirSync(directory)
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(directory, name)))
          .digest('hex')}`,
    );
}

/** "12.5" → 12500n at scale 3. */
function scaled(text: string, scale: number): bigint {
  const [whole, fraction = ''] = text.split('.');
  expect(fraction.length).toBeLessThanOrEqual(scale);
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

const CATEGORY: Record<string, string> = {
  UNRESTRICTED: 'available',
  UNAVAILABLE: 'unavailable',
  AVAILABLE: 'available',
  PICKED: 'available',
  DAMAGED: 'unavailable',
  QUALITY: 'unavailable',
  'PENDING PUTAWAY': 'unavailable',
};

/** A reconciliation in its plainest form: text keys, BigInt sums, the values in ten-millionths. */
function reconcile(directory: string): string[] {
  const configuration = configurationSchema.parse(parse(readFileSync(join(directory, 'evenstock.yaml'), 'utf8')));
  const sites = configuration.systems['sap']!.site_aliases!;
  const costs = new Map(readRows(directory, 'items.csv').map((row) => [row['item']!, scaled(row['unit_cost']!, 4)]));
  const factors = new Map(
    readRows(directory, 'packs.csv').map((row) => [`${row['item']} ${row['uom']}`, BigInt(row['factor']!)]),
  );
  const aliases = new Map(readRows(directory, 'aliases.csv').map((row) => [row['alias']!, row['item']!]));
  const sums = new Map<string, [bigint, bigint]>();
  const add = (
    side: 0 | 1,
    site: string,
    item: string,
    lot: string,
    status: string,
    quantity: string,
    uom: string,
  ): void => {
    const key = [site, item, lot, CATEGORY[status]!].join(',');
    const pair = sums.get(key) ?? [0n, 0n];
    pair[side] += scaled(quantity, 3) * (uom === 'EA' || uom === 'KG' ? 1n : factors.get(`${item} ${uom}`)!);
    sums.set(key, pair);
  };
  for (const row of readRows(directory, 'erp_stock.csv')) {
    add(0, sites[row['WERKS']!]!, row['MATNR']!, row['CHARG']!, row['STOCK_TYPE']!, row['LABST']!, row['MEINS']!);
  }
  for (const row of readRows(directory, 'wms_stock.csv')) {
    add(
      1,
      row['site']!,
      aliases.get(row['item']!) ?? row['item']!,
      row['lot']!,
      row['status']!,
      row['quantity']!,
      row['uom']!,
    );
  }
  return [...sums].flatMap(([key, [erp, wms]]) => {
    if (erp === wms) return [];
    const value = (wms - erp) * costs.get(key.split(',')[1]!)!;
    expect(value % 100_000n === 50_000n || value % 100_000n === -50_000n, `${key} lies on a half cent`).toBe(false);
    const cents = value < 0n ? -((-value + 50_000n) / 100_000n) : (value + 50_000n) / 100_000n;
    return [[key, erp, wms, wms - erp, cents].join(',')];
  });
}

function truthLines(directory: string): string[] {
  return readRows(directory, 'truth.csv').map((row) =>
    [
      [row['site'], row['item'], row['lot'], row['category']].join(','),
      scaled(row['erp_quantity']!, 3),
      scaled(row['wms_quantity']!, 3),
      signed(row['variance_quantity']!, 3),
      signed(row['variance_value']!, 2),
    ].join(','),
  );
}

function signed(text: string, scale: number): bigint {
  return text.startsWith('-') ? -scaled(text.slice(1), scale) : scaled(text, scale);
}

describe('writeStockWorld', () => {
  test.each([
    { seed: 1, erpRows: 30_000 },
    { seed: 2, erpRows: 30_000, sites: 3, items: 5_000, discrepancyShare: 0.05 },
    { seed: 3, erpRows: 20_000, quoted: true },
  ])('the truth is what the files say: %o', async (options) => {
    const directory = join(root, `truth-${options.seed}`);
    const truth = await writeStockWorld(directory, options);
    const expected = truthLines(directory);
    expect([...expected].sort()).toEqual(reconcile(directory).sort());
    expect(truth.discrepancies).toBe(expected.length);
    const share = truth.discrepancies / truth.keys / (options.discrepancyShare ?? 0.01);
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1.6);
    expect(truth.erpRows / options.erpRows).toBeCloseTo(1, 1);
    expect(readRows(directory, 'erp_stock.csv')).toHaveLength(truth.erpRows);
    expect(readRows(directory, 'wms_stock.csv')).toHaveLength(truth.wmsRows);
    expect(existsSync(join(directory, 'erp_stock.parquet'))).toBe(false);
  });

  test('the truth is sorted by value, then by key', async () => {
    const directory = join(root, 'order');
    await writeStockWorld(directory, { seed: 5, erpRows: 40_000, discrepancyShare: 0.2 });
    const rows = readRows(directory, 'truth.csv').map((row) => ({
      cents: Math.abs(Number(signed(row['variance_value']!, 2))),
      key: ['site', 'item', 'lot', 'category'].map((column) => row[column]).join('\u0000'),
    }));
    const sorted = [...rows].sort((a, b) => b.cents - a.cents || (a.key < b.key ? -1 : 1));
    expect(rows).toEqual(sorted);
    expect(new Set(rows.map((row) => row.cents)).size, 'some values are equal, so that the keys decide').toBeLessThan(
      rows.length,
    );
  });

  test('has the shape of real files', async () => {
    const directory = join(root, 'shape');
    await writeStockWorld(directory, { seed: 6, erpRows: 60_000 });
    const erp = readRows(directory, 'erp_stock.csv');
    const wms = readRows(directory, 'wms_stock.csv');
    for (const [rows, lot] of [
      [erp, 'CHARG'],
      [wms, 'lot'],
    ] as const) {
      const lotless = rows.filter((row) => row[lot] === '').length / rows.length;
      expect(lotless).toBeGreaterThan(0.27);
      expect(lotless).toBeLessThan(0.33);
      expect(new Set(rows.map((row) => JSON.stringify(row))).size, 'no two rows are alike').toBe(rows.length);
    }
    expect(new Set(erp.map((row) => row['STOCK_TYPE']))).toEqual(new Set(['UNRESTRICTED', 'UNAVAILABLE']));
    expect(new Set(wms.map((row) => row['status'])).size).toBe(5);
    const bins = wms.map((row) =>
      [row['site'], row['item'], row['lot'], CATEGORY[row['status']!], row['location']![0]].join(','),
    );
    expect(new Set(bins).size, 'the bins of one key lie in different areas').toBe(wms.length);
    expect(new Set(wms.map((row) => row['uom']))).toEqual(new Set(['EA', 'KG', 'CASE', 'PALLET']));
    expect(new Set(erp.map((row) => row['MATNR']!.length))).toEqual(new Set([18]));
    expect(
      erp.some((row) => /^\d+E\d+$/.test(row['CHARG']!)),
      'a lot that looks like a number',
    ).toBe(true);
    const codes = new Set(readRows(directory, 'items.csv').map((row) => row['item']));
    const names = readRows(directory, 'aliases.csv');
    expect(names.length / codes.size).toBeCloseTo(0.3, 1);
    expect(
      names.every((row) => codes.has(row['item']) && !codes.has(row['alias'])),
      'an alias is no item',
    ).toBe(true);
  });

  test('one seed, the same bytes; another seed, others', async () => {
    const [first, again, other] = [join(root, 'a'), join(root, 'b'), join(root, 'c')];
    await writeStockWorld(first, { seed: 7, erpRows: 5_000, quoted: true });
    await writeStockWorld(again, { seed: 7, erpRows: 5_000, quoted: true });
    await writeStockWorld(other, { seed: 8, erpRows: 5_000, quoted: true });
    expect(digest(again)).toEqual(digest(first));
    const changed = digest(other).filter((line) => !digest(first).includes(line));
    expect(changed.map((line) => line.split(' ')[0])).toEqual([
      'aliases.csv',
      'erp_stock.csv',
      'items.csv',
      'packs.csv',
      'truth.csv',
      'wms_stock.csv',
    ]);
  });

  test('Parquet holds the same rows, quantities as exact decimals', async () => {
    const directory = join(root, 'parquet');
    const truth = await writeStockWorld(directory, { seed: 9, erpRows: 5_000, writeParquet: true });
    configurationSchema.parse(parse(readFileSync(truth.parquetConfiguration!, 'utf8')));
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const [file, quantity] of [
      ['erp_stock', 'LABST'],
      ['wms_stock', 'quantity'],
    ] as const) {
      const path = join(directory, file);
      const result = await connection.runAndReadAll(
        `SELECT count(*)::VARCHAR, sum(${quantity})::VARCHAR, any_value(typeof(${quantity})) FROM '${path}.parquet'
         UNION ALL SELECT count(*)::VARCHAR, sum(${quantity}::DECIMAL(18,3))::VARCHAR, 'DECIMAL(18,3)' FROM read_csv('${path}.csv', all_varchar = true)`,
      );
      const [parquet, csv] = result.getRows();
      expect(parquet).toEqual(csv);
    }
    connection.closeSync();
  });
});
