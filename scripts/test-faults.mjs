/**
 * Runs the tests of faults with many more of them than `npm test` does: so many kills on each store, four times as many slots.
 *
 * npm run test:faults -- 250
 */
import { spawnSync } from 'node:child_process';

const count = Number(process.argv[2] ?? 250);
if (!Number.isInteger(count) || count < 1) {
  process.stderr.write('usage: npm run test:faults -- COUNT\n');
  process.exit(2);
}
const { status } = spawnSync('npx', ['vitest', 'run', 'test/faults', ...process.argv.slice(3)], {
  stdio: 'inherit',
  env: { ...process.env, EVENSTOCK_FAULTS: String(count) },
});
process.exit(status ?? 1);
