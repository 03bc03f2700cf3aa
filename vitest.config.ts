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
    // Tests of servers wait for processes of their own more than they compute: three keep two processors at work.
    maxWorkers: 3,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
  },
});
