// Builds after `npm ci` in a checkout, so that `npx evenstock` works there and in its folders. npm also calls it where npx
// meets the checkout for the first time: what is built already is not built again. Never fails an install: errors of the
// bundler are printed, and `npm test` stops at them. Never runs where the packed package is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/src/main.js';

/** When a file or any file below a folder was last changed, in milliseconds. */
function changedAt(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

function isBuilt() {
  if (!existsSync(BUILT)) return false;
  const sources = ['src', 'simulator', 'scripts/bundle.ts', 'package-lock.json'];
  return Math.max(...sources.map(changedAt)) < statSync(BUILT).mtimeMs;
}

if (!existsSync('node_modules/esbuild/package.json')) {
  process.stderr.write('The bundler is not installed: dist is not built.\n');
} else if (!isBuilt()) {
  spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
}
