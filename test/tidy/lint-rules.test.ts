import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from './repository.ts';

const calls = (count: number): string => '  call();\n'.repeat(count);

/** A text, and the rule of biome.json that it breaks. */
const SAMPLES = [
  {
    name: 'a function with a body of 60 lines',
    path: 'src/core/short.ts',
    text: `export function f(): void {\n${calls(60)}}\n`,
  },
  {
    name: 'a function with a body of 61 lines',
    path: 'src/core/long.ts',
    text: `export function f(): void {\n${calls(61)}}\n`,
    rule: 'noExcessiveLinesPerFunction',
  },
  {
    name: 'a long class of short methods',
    path: 'src/core/class.ts',
    text: `export class A {\n${'  a(): void {\n    call();\n  }\n'.repeat(30)}}\n`,
  },
  { name: 'a file of 400 lines', path: 'src/core/full.ts', text: 'call();\n'.repeat(400) },
  {
    name: 'a file of 401 lines',
    path: 'src/core/overfull.ts',
    text: 'call();\n'.repeat(401),
    rule: 'noExcessiveLinesPerFile',
  },
  { name: 'a long test', path: 'src/core/a.test.ts', text: `it('x', () => {\n${calls(90)}});\n` },
  {
    name: 'a promise that nobody awaits',
    path: 'src/core/promise.ts',
    text: 'async function work(): Promise<void> {}\nexport function go(): void {\n  work();\n}\n',
    rule: 'noFloatingPromises',
  },
  { name: 'any', path: 'src/core/any.ts', text: 'export const a: any = 1;\n', rule: 'noExplicitAny' },
];
const WATCHED = /noExcessiveLines\w+|noFloatingPromises|noExplicitAny/;

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'evenstock-lint-')));
const broken = new Map<string, Set<string>>();

beforeAll(() => {
  cpSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
  for (const { path, text } of SAMPLES) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=github', '--max-diagnostics=none'], {
    cwd: folder,
    encoding: 'utf8',
  });
  for (const [, rule = '', file = ''] of stdout.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+)/g)) {
    const path = relative(folder, file);
    if (WATCHED.test(rule)) broken.set(path, (broken.get(path) ?? new Set()).add(rule));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each(SAMPLES)('$name: $rule', ({ path, rule }) => {
  expect([...(broken.get(path) ?? [])]).toEqual(rule === undefined ? [] : [rule]);
});
