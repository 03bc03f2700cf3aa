/**
 * Decides the SQL that SQLite and PostgreSQL share: text tables as loaded, scaled integers, a full outer join.
 * Never loads the files: each engine has its own way.
 */
import { sql, valuesOf } from './peer-input.mjs';

export const TABLES = {
  erp_stock: ['werks', 'lgort', 'matnr', 'charg', 'stock_type', 'labst', 'meins', 'stprs'],
  wms_stock: ['site', 'location', 'item', 'lot', 'status', 'quantity', 'uom'],
  items: ['item', 'description', 'base_uom', 'unit_cost', 'currency', 'abc_class', 'family'],
  packs: ['item', 'uom', 'factor'],
  aliases: ['system', 'alias', 'item'],
};

/** CREATE TABLE statements; `unlogged` is PostgreSQL's word, '' elsewhere. */
export function createTables(unlogged, mapping) {
  const columns = { ...TABLES };
  if (mapping.quoted) {
    columns.erp_stock = [...columns.erp_stock, 'maktx'];
    columns.wms_stock = [...columns.wms_stock, 'description'];
  }
  const statuses = (side) =>
    Object.fromEntries(
      Object.entries(mapping.categories).flatMap(([category, sides]) =>
        sides[side].map((status) => [status, category]),
      ),
    );
  const filled = {
    sites: ['code, site', mapping.sites],
    erp_statuses: ['status, category', statuses('erp')],
    wms_statuses: ['status, category', statuses('wms')],
  };
  return [
    ...Object.entries(columns).map(
      ([name, names]) => `CREATE ${unlogged} TABLE ${name} (${names.map((column) => `${column} text`).join(', ')})`,
    ),
    ...Object.entries(filled).map(
      ([name, [names, entries]]) =>
        `CREATE ${unlogged} TABLE ${name} AS WITH t(${names}) AS (${valuesOf(entries)}) SELECT * FROM t`,
    ),
  ];
}

/**
 * Statements that aggregate both sides into tables, and the query of the result. `scaled(column, power)` is the engine's
 * exact integer of a decimal text × 10^power, `divided(value, power)` its decimal text of an integer / 10^power,
 * `sum(value)` its integer sum.
 */
export function comparison({ scaled, divided, sum, unlogged }) {
  const counted = (quantity) => sum(`${scaled(quantity, 3)} * coalesce(${scaled('factor', 0)}, 1)`);
  const aggregates = [
    `CREATE ${unlogged} TABLE erp AS
    SELECT sites.site, matnr AS item, coalesce(charg, '') AS lot, category, ${counted('labst')} AS quantity
    FROM erp_stock JOIN sites ON code = werks JOIN erp_statuses ON erp_statuses.status = stock_type
    LEFT JOIN packs ON packs.item = matnr AND packs.uom = meins GROUP BY 1, 2, 3, 4`,
    `CREATE ${unlogged} TABLE wms AS
    SELECT wms_stock.site, coalesce(aliases.item, wms_stock.item) AS item, coalesce(lot, '') AS lot, category, ${counted('quantity')} AS quantity
    FROM wms_stock JOIN wms_statuses ON wms_statuses.status = wms_stock.status
    LEFT JOIN aliases ON alias = wms_stock.item AND system = ${sql('wms1')}
    LEFT JOIN packs ON packs.item = coalesce(aliases.item, wms_stock.item) AND packs.uom = wms_stock.uom GROUP BY 1, 2, 3, 4`,
  ];
  const query = `WITH compared AS (
    SELECT coalesce(erp.site, wms.site) AS site, coalesce(erp.item, wms.item) AS item, coalesce(erp.lot, wms.lot) AS lot, coalesce(erp.category, wms.category) AS category,
      coalesce(erp.quantity, 0) AS erp, coalesce(wms.quantity, 0) AS wms
    FROM erp FULL OUTER JOIN wms ON erp.site = wms.site AND erp.item = wms.item AND erp.lot = wms.lot AND erp.category = wms.category
  ), priced AS (
    SELECT compared.*, (wms - erp) * ${scaled('unit_cost', 4)} AS product FROM compared JOIN items ON items.item = compared.item WHERE erp <> wms
  )
  SELECT site, item, lot, category, ${divided('erp', 3)} AS erp_quantity, ${divided('wms', 3)} AS wms_quantity, ${divided('(wms - erp)', 3)} AS variance_quantity,
    ${divided('(CASE WHEN product < 0 THEN -((50000 - product) / 100000) ELSE (product + 50000) / 100000 END)', 2)} AS variance_value
  FROM priced ORDER BY abs(product) DESC, site, item, lot, category`;
  return { aggregates, query };
}
