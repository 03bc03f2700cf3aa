/**
 * Plain Node: readline over both files, one Map by text key, scaled integers, BigInt for the values.
 * Never handles quoted fields in the snapshots other than by cutting off what follows the seven or eight columns it needs.
 */

import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { peerInput } from './peer-input.mjs';

const input = peerInput();

async function eachLine(path, use) {
  let isHeader = true;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (!isHeader) use(line);
    isHeader = false;
  }
}

function scaled(text, scale) {
  const point = text.indexOf('.');
  if (point < 0) return Number(text) * 10 ** scale;
  return Number(text.slice(0, point) + text.slice(point + 1).padEnd(scale, '0'));
}

const categoryOf = { erp: new Map(), wms: new Map() };
for (const [category, sides] of Object.entries(input.mapping.categories)) {
  for (const side of ['erp', 'wms']) for (const status of sides[side]) categoryOf[side].set(status, category);
}
const costs = new Map();
const bases = new Map();
await eachLine(input.items, (line) => {
  // The name is the only quoted field; the four fields behind it hold no commas.
  const fields = line.split(',');
  const item = fields[0];
  bases.set(item, fields.at(-5));
  costs.set(item, scaled(fields.at(-4), 4));
});
const factors = new Map();
await eachLine(input.packs, (line) => {
  const [item, uom, factor] = line.split(',');
  factors.set(`${item},${uom}`, Number(factor));
});
const aliases = new Map();
await eachLine(input.aliases, (line) => {
  const [system, alias, item] = line.split(',');
  if (system === 'wms1') aliases.set(alias, item);
});

/** Key: [ERP, WMS], thousandths of base units. */
const sums = new Map();
function add(side, site, item, lot, status, quantity, uom) {
  const key = `${site},${item},${lot},${categoryOf[side === 0 ? 'erp' : 'wms'].get(status)}`;
  const amount = scaled(quantity, 3) * (uom === bases.get(item) ? 1 : factors.get(`${item},${uom}`));
  const pair = sums.get(key);
  if (pair === undefined) sums.set(key, side === 0 ? [amount, 0] : [0, amount]);
  else pair[side] += amount;
}
await eachLine(input.erp, (line) => {
  const [werks, , item, lot, status, quantity, uom] = line.split(',', 7);
  add(0, input.mapping.sites[werks], item, lot, status, quantity, uom);
});
await eachLine(input.wms, (line) => {
  const [site, , written, lot, status, quantity, uom] = line.split(',', 7);
  add(1, site, aliases.get(written) ?? written, lot, status, quantity, uom);
});

function fixed(value, scale) {
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const survivors = [];
for (const [key, [erp, wms]] of sums) {
  if (erp === wms) continue;
  const product = BigInt(wms - erp) * BigInt(costs.get(key.split(',')[1]));
  const magnitude = ((product < 0n ? -product : product) + 50_000n) / 100_000n;
  survivors.push({ key, erp, wms, cents: product < 0n ? -magnitude : magnitude, magnitude });
}
survivors.sort((a, b) => Number(b.magnitude - a.magnitude) || (a.key < b.key ? -1 : 1));
const out = createWriteStream(join(input.out, 'discrepancies.csv'));
out.write('site,item,lot,category,erp_quantity,wms_quantity,variance_quantity,variance_value\n');
for (const { key, erp, wms, cents } of survivors) {
  out.write(
    `${key},${[erp, wms, wms - erp].map((quantity) => fixed(BigInt(quantity), 3)).join(',')},${fixed(cents, 2)}\n`,
  );
}
out.end();
await once(out, 'finish');
