/**
 * nodejs-polars, lazy: all columns read as text, scaled integers, grouped and joined by polars.
 * Never validates its input.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { peerInput } from './peer-input.mjs';

const pl = createRequire(new URL('../peers/package.json', import.meta.url))('nodejs-polars');
const input = peerInput();
const KEY = ['site', 'item', 'lot', 'category'];
// No schema is inferred: every column stays text.
const readText = (path) => pl.scanCSV(path, { inferSchemaLength: 0 });
const snapshot = (path) => (input.parquet ? pl.scanParquet(path) : readText(path));
const scaled = (name, factor) => pl.col(name).cast(pl.Float64).multiplyBy(factor).round(0).cast(pl.Int64);
const smallTable = (columns, rows) =>
  pl.DataFrame(Object.fromEntries(columns.map((column, index) => [column, rows.map((row) => row[index])]))).lazy();

const packs = readText(input.packs).withColumn(pl.col('factor').cast(pl.Int64));
const statuses = (side) =>
  smallTable(
    ['status', 'category'],
    Object.entries(input.mapping.categories).flatMap(([category, sides]) =>
      sides[side].map((status) => [status, category]),
    ),
  );

function aggregate(rows, side) {
  return rows
    .join(packs, { on: ['item', 'uom'], how: 'left' })
    .join(statuses(side), { on: 'status', how: 'inner' })
    .withColumns(
      pl.col('lot').fillNull(pl.lit('')),
      scaled('quantity', 1000)
        .multiplyBy(pl.col('factor').fillNull(pl.lit(1)))
        .alias('quantity'),
    )
    .groupBy(KEY)
    .agg(pl.col('quantity').sum().alias(`${side}_scaled`));
}

const sites = smallTable(['WERKS', 'site'], Object.entries(input.mapping.sites));
const erpRows = snapshot(input.erp)
  .join(sites, { on: 'WERKS', how: 'inner' })
  .select(
    'site',
    pl.col('MATNR').alias('item'),
    pl.col('CHARG').alias('lot'),
    pl.col('STOCK_TYPE').alias('status'),
    pl.col('LABST').alias('quantity'),
    pl.col('MEINS').alias('uom'),
  );
const aliases = readText(input.aliases)
  .filter(pl.col('system').eq(pl.lit('wms1')))
  .select(pl.col('alias').alias('written'), pl.col('item').alias('known'));
const wmsRows = snapshot(input.wms)
  .join(aliases, { leftOn: 'item', rightOn: 'written', how: 'left' })
  .select(
    'site',
    pl.when(pl.col('known').isNull()).then(pl.col('item')).otherwise(pl.col('known')).alias('item'),
    'lot',
    'status',
    'quantity',
    'uom',
  );

const costs = readText(input.items).select('item', scaled('unit_cost', 10_000).alias('cost'));
const variance = pl.col('wms_scaled').sub(pl.col('erp_scaled'));
const result = await aggregate(erpRows, 'erp')
  .join(aggregate(wmsRows, 'wms'), { on: KEY, how: 'full', coalesce: true })
  .withColumns(pl.col('erp_scaled').fillNull(pl.lit(0)), pl.col('wms_scaled').fillNull(pl.lit(0)))
  .filter(variance.neq(pl.lit(0)))
  .join(costs, { on: 'item', how: 'inner' })
  .withColumn(variance.multiplyBy(pl.col('cost')).cast(pl.Float64).divideBy(100_000).round(0).alias('cents'))
  .select(
    ...KEY,
    pl.col('erp_scaled').cast(pl.Float64).divideBy(1000).alias('erp_quantity'),
    pl.col('wms_scaled').cast(pl.Float64).divideBy(1000).alias('wms_quantity'),
    variance.cast(pl.Float64).divideBy(1000).alias('variance_quantity'),
    pl.col('cents').divideBy(100).round(2).alias('variance_value'),
    pl.col('cents').abs().alias('magnitude'),
  )
  .sort(['magnitude', ...KEY], [true, false, false, false, false])
  .collect();
result.drop('magnitude').writeCSV(join(input.out, 'discrepancies.csv'));
