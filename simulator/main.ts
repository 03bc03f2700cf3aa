/**
 * The simulator's command line: writes one simulated company.
 * Never runs a reconciliation.
 */
import { parseArgs } from 'node:util';
import { writeStockWorld } from './stock-world.ts';

const USAGE =
  'tsx simulator/main.ts --out DIR [--rows N] [--seed S] [--items N] [--sites N] [--share 0.01] [--parquet] [--quoted]';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    rows: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    items: { type: 'string' },
    sites: { type: 'string' },
    share: { type: 'string' },
    parquet: { type: 'boolean', default: false },
    quoted: { type: 'boolean', default: false },
  },
});
if (values.out === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const truth = await writeStockWorld(values.out, {
  seed: Number(values.seed),
  erpRows: Number(values.rows),
  ...(values.items === undefined ? {} : { items: Number(values.items) }),
  ...(values.sites === undefined ? {} : { sites: Number(values.sites) }),
  ...(values.share === undefined ? {} : { discrepancyShare: Number(values.share) }),
  quoted: values.quoted,
  writeParquet: values.parquet,
});
process.stdout.write(`${JSON.stringify(truth, null, 2)}\n`);
