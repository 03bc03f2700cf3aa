/**
 * DuckDB as one first writes it: tables filled by the sniffer, text keys, a full outer join.
 * Codes and lots are declared as text, else the sniffer takes their zeros; numbers are what it finds (doubles). Never tuned.
 */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { peerInput, sql, valuesOf } from './peer-input.mjs';

const input = peerInput();
const instance = await DuckDBInstance.create(
  ':memory:',
  input.memory === undefined ? {} : { memory_limit: input.memory },
);
const connection = await instance.connect();
const textColumns = (names) => `{${names.map((name) => `'${name}': 'VARCHAR'`).join(', ')}}`;
const read = (path, names) =>
  path.endsWith('.parquet') ? sql(path) : `read_csv(${sql(path)}, types = ${textColumns(names)})`;

await connection.run(`CREATE TABLE erp_stock AS FROM ${read(input.erp, ['WERKS', 'MATNR', 'CHARG'])}`);
await connection.run(`CREATE TABLE wms_stock AS FROM ${read(input.wms, ['item', 'lot'])}`);
await connection.run(`CREATE TABLE items AS FROM ${read(input.items, ['item'])}`);
await connection.run(`CREATE TABLE packs AS FROM ${read(input.packs, ['item'])}`);
await connection.run(`CREATE TABLE aliases AS FROM ${read(input.aliases, ['alias', 'item'])}`);
await connection.run(`CREATE TABLE sites AS SELECT * FROM (${valuesOf(input.mapping.sites)}) t(code, site)`);
for (const side of ['erp', 'wms']) {
  const statuses = Object.entries(input.mapping.categories).flatMap(([category, sides]) =>
    sides[side].map((status) => [status, category]),
  );
  await connection.run(
    `CREATE TABLE ${side}_statuses AS SELECT * FROM (${valuesOf(Object.fromEntries(statuses))}) t(status, category)`,
  );
}
await connection.run(`CREATE TABLE result AS
  WITH erp AS (
    SELECT sites.site, MATNR AS item, coalesce(CHARG, '') AS lot, category, sum(LABST * coalesce(factor, 1)) AS quantity
    FROM erp_stock JOIN sites ON code = WERKS JOIN erp_statuses ON status = STOCK_TYPE LEFT JOIN packs ON packs.item = MATNR AND uom = MEINS
    GROUP BY ALL
  ), wms_items AS (
    SELECT wms_stock.* REPLACE (coalesce(aliases.item, wms_stock.item) AS item) FROM wms_stock LEFT JOIN aliases ON alias = wms_stock.item AND system = 'wms1'
  ), wms AS (
    SELECT site, wms_items.item, coalesce(lot, '') AS lot, category, sum(quantity * coalesce(factor, 1)) AS quantity
    FROM wms_items JOIN wms_statuses USING (status) LEFT JOIN packs ON packs.item = wms_items.item AND packs.uom = wms_items.uom
    GROUP BY ALL
  ), compared AS (
    SELECT site, item, lot, category, coalesce(erp.quantity, 0) AS erp_quantity, coalesce(wms.quantity, 0) AS wms_quantity,
      round(coalesce(wms.quantity, 0) - coalesce(erp.quantity, 0), 3) AS variance_quantity
    FROM erp FULL OUTER JOIN wms USING (site, item, lot, category)
  )
  SELECT compared.*, round(variance_quantity * unit_cost, 2) AS variance_value FROM compared JOIN items USING (item) WHERE variance_quantity <> 0
  ORDER BY abs(variance_value) DESC`);
await connection.run(
  `COPY (SELECT * FROM result ORDER BY abs(variance_value) DESC, site, item, lot, category) TO ${sql(join(input.out, 'discrepancies.csv'))}`,
);
connection.closeSync();
instance.closeSync();
