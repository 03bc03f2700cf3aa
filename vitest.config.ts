import { configDefaults, defineConfig } from 'vitest/config';

/** Where .ci/run wants the results as JSON, beside what is printed. */
const results = process.env['EVENSTOCK_TEST_RESULTS'];
/** Tests of processes, servers and pages; each file has a process of its own. */
const APART = ['src/jobs/**/*.test.ts', 'test/**/*.test.ts'];
const LEFT_OUT = [...configDefaults.exclude, 'bench/data/**', 'bench/peers/**'];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          include: ['{src,simulator,bench,scripts}/**/*.test.ts'],
          exclude: [...LEFT_OUT, ...APART],
          // These leave nothing behind in their process: what one file has loaded serves the next.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: APART,
          exclude: LEFT_OUT,
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
