/**
 * Decides how a peer is told its work: `DATA OUT [--parquet] [--memory 1GB]`, and what stands in DATA/mapping.json.
 * Never compares anything.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Paths of the input files, the output directory and the mapping (site cross-reference by ERP code, category by
 * native status of each side) that the runner took from evenstock.yaml.
 */
export function peerInput() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      parquet: { type: 'boolean', default: false },
      memory: { type: 'string' },
      prepare: { type: 'boolean', default: false },
    },
  });
  const data = resolve(positionals[0]);
  const snapshot = values.parquet ? 'parquet' : 'csv';
  return {
    ...values,
    out: resolve(positionals[1]),
    erp: join(data, `erp_stock.${snapshot}`),
    wms: join(data, `wms_stock.${snapshot}`),
    items: join(data, 'items.csv'),
    packs: join(data, 'packs.csv'),
    aliases: join(data, 'aliases.csv'),
    mapping: JSON.parse(readFileSync(join(data, 'mapping.json'), 'utf8')),
  };
}

/** An SQL text literal. */
export function sql(text) {
  return `'${String(text).replaceAll("'", "''")}'`;
}

/** `VALUES` rows of an object's entries. */
export function valuesOf(entries) {
  return `VALUES ${Object.entries(entries)
    .map(([key, value]) => `(${sql(key)}, ${sql(value)})`)
    .join(', ')}`;
}
