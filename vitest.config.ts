import { configDefaults, defineConfig } from 'vitest/config';

/** Where .ci/run wants the results as JSON, beside what is printed. */
const results = process.env['EVENSTOCK_TEST_RESULTS'];
/** Files that compute only: no module that they share registers hooks, or holds what a test has changed. */
const PURE = ['src/{config,console,contract,core,report}/**/*.test.ts'];
const LEFT_OUT = [...configDefaults.exclude, 'bench/data/**', 'bench/peers/**'];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        // What one of them has loaded serves the next.
        test: { name: 'pure', include: PURE, exclude: LEFT_OUT, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['{src,simulator,bench,scripts,test}/**/*.test.ts'],
          exclude: [...LEFT_OUT, ...PURE],
          globalSetup: ['test/console/shared-folder.ts'],
        },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One less than there are processors is the default: on two, files would run one after the other.
    maxWorkers: 2,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
  },
});
