// Prints the closing line of .ci/run: how many tests passed, failed and were skipped, by the runner's own JSON.
// Exits 1 where a test or a step failed, or where no test ran: `count-tests.mjs RESULTS FAILED_STEPS`.
import { readFileSync } from 'node:fs';

const [path = '', failedSteps = '0'] = process.argv.slice(2);

function readCounts() {
  try {
    const results = JSON.parse(readFileSync(path, 'utf8'));
    const skipped = results.numPendingTests + (results.numTodoTests ?? 0);
    // A file that cannot be loaded has no tests that could fail.
    const brokenFiles = results.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    return { passed: results.numPassedTests, failed: results.numFailedTests + brokenFiles.length, skipped };
  } catch (error) {
    process.stdout.write(`no results of tests: ${error.message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const { passed, failed, skipped } = readCounts();
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
if (failed > 0 || passed === 0 || failedSteps !== '0') process.exitCode = 1;
