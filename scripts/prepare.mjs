// Runs after `npm ci` in a checkout: builds, so that `npx evenstock` works. Never fails an install without the compiler
// (`npm ci --omit=dev`), and never runs where the packed package is installed: npm calls it in checkouts only.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/typescript/package.json')) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write('The compiler is not installed: dist is not built.\n');
}
