/**
 * SQLite through its own command line: .import into a database in memory, one query.
 * Never validates its input.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { peerInput } from './peer-input.mjs';
import { comparison, createTables, TABLES } from './sql-statements.mjs';

const input = peerInput();
const files = {
  erp_stock: input.erp,
  wms_stock: input.wms,
  items: input.items,
  packs: input.packs,
  aliases: input.aliases,
};
// A double holds thousandths up to 2^53 exactly once rounded; SQLite has no decimals.
const scaled = (column, power) => `CAST(round(${column} * ${10 ** power}) AS INTEGER)`;
const divided = (value, power) => `printf('%.${power}f', ${value} / ${10 ** power}.0)`;
const { aggregates, query } = comparison({ scaled, divided, sum: (value) => `sum(${value})`, unlogged: '' });
const script = [
  'PRAGMA cache_size = -1000000;',
  'PRAGMA temp_store = MEMORY;',
  ...createTables('', input.mapping).map((statement) => `${statement};`),
  '.mode csv',
  ...Object.keys(TABLES).map((name) => `.import --skip 1 '${files[name]}' ${name}`),
  'CREATE INDEX packs_key ON packs (item, uom);',
  'CREATE INDEX aliases_key ON aliases (alias);',
  'CREATE INDEX items_key ON items (item);',
  ...aggregates.map((statement) => `${statement};`),
  // A full outer join uses an index only where there is one.
  'CREATE INDEX wms_key ON wms (item, site, lot, category);',
  '.headers on',
  `.output '${join(input.out, 'discrepancies.csv')}'`,
  `${query};`,
];
const { status } = spawnSync('sqlite3', ['-bail', ':memory:'], {
  input: script.join('\n'),
  stdio: ['pipe', 'inherit', 'inherit'],
});
process.exit(status ?? 1);
