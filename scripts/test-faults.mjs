/**
 * Runs the tests of faults with many more of them than `npm test` does: so many kills on each store, four times as many slots.
 *
 * npm run test:faults -- 250
 * npm run test:faults -- 70 test/faults/migration-kills.test.ts
 */
import { spawnSync } from 'node:child_process';

const count = Number(process.argv[2] ?? 250);
if (!Number.isInteger(count) || count < 1) {
  process.stderr.write('usage: npm run test:faults -- COUNT [TEST]\n');
  process.exit(2);
}
const given = process.argv.slice(3);
const { status } = spawnSync('npx', ['vitest', 'run', ...(given.length > 0 ? given : ['test/faults'])], {
  stdio: 'inherit',
  env: { ...process.env, EVENSTOCK_FAULTS: String(count) },
});
process.exit(status ?? 1);
