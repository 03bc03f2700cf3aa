import { defineConfig } from 'vitest/config';

/** Where .ci/run wants the results as JSON, beside what is printed. */
const results = process.env['EVENSTOCK_TEST_RESULTS'];

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'simulator/**/*.test.ts',
      'test/**/*.test.ts',
      'bench/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'bench/data/**', 'bench/peers/**'],
    globalSetup: ['test/console/shared-folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One less than there are processors is the default: on two, files would run one after the other.
    maxWorkers: 2,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
  },
});
