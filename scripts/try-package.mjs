// Tries the package as a user gets it: packs it, installs the tarball in an empty folder, runs the founding example and
// the demo there, and holds the report against the expected one. Exits 1 with the reason where something is not so.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';

const scratch = mkdtempSync(join(tmpdir(), 'evenstock-package-'));
const consumer = join(scratch, 'consumer');

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function expect(holds, complaint) {
  if (!holds) throw new Error(complaint);
}

try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], '.'));
  const names = packed.files.map((file) => file.path);
  const strays = names.filter((name) => /\.test\.|-fixture\.|(^|\/)fixtures\//.test(name));
  expect(strays.length === 0, `the package holds files of tests: ${strays.join(', ')}`);

  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true }\n');
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(scratch, packed.filename)], consumer);
  const installed = join(consumer, 'node_modules/evenstock');
  expect(!existsSync(join(installed, 'src')), 'the package holds its sources');
  const { messages } = await publint({ pkgDir: installed, strict: true });
  expect(messages.length === 0, `package.json: ${messages.map((message) => message.code).join(', ')}`);

  process.stdout.write(run('npx', ['--offline', 'evenstock', 'init', 'acme'], consumer));
  const acme = join(consumer, 'acme');
  run('npx', ['--offline', 'evenstock', 'reconcile', '--out', 'out', '--quiet'], acme);
  for (const name of ['discrepancies.csv', 'unmapped.csv']) {
    const wanted = readFileSync(join('examples/founding/expected', name), 'utf8');
    expect(readFileSync(join(acme, 'out', name), 'utf8') === wanted, `${name} is not the expected one`);
  }
  expect(existsSync(join(acme, 'out/report.html')), 'report.html is missing');
  const report = run('npx', ['--offline', 'evenstock', 'demo', '--no-serve', '--dir', 'demo'], consumer);
  expect(/agree on \d/.test(report), `the demo printed no report:\n${report}`);
  process.stdout.write(`${packed.filename}: ${names.length} files, ${Math.round(packed.unpackedSize / 1000)} kB\n`);
} catch (error) {
  process.stdout.write(`${error.message}\n`);
  if (process.env['EVENSTOCK_KEEP'] !== undefined) cpSync(scratch, process.env['EVENSTOCK_KEEP'], { recursive: true });
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
