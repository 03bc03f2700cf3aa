import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from './repository.ts';

type Files = Readonly<Record<string, string>>;
interface Configuration {
  readonly forbidden: readonly { readonly name: string }[];
  readonly options: ICruiseOptions;
}

const { default: configuration } = (await import(join(ROOT, '.dependency-cruiser.mjs'))) as { default: Configuration };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function check(folder: string, paths: readonly string[]): Promise<ICruiseResult> {
  const ruleSet = { forbidden: configuration.forbidden } as unknown as IFlattenedRuleSet;
  const { output } = await cruise([...paths], { ...configuration.options, baseDir: folder, validate: true, ruleSet });
  return output as ICruiseResult;
}

const violations = ({ summary }: ICruiseResult): string[] =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);

/** A tree of its own that holds these files; the rules it breaks, by name. */
async function rulesBrokenBy(files: Files): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'evenstock-imports-'));
  folders.push(folder);
  const packages = { 'package.json': '{ "devDependencies": { "vitest": "*" } }' };
  const dev = { 'node_modules/vitest/package.json': '{ "name": "vitest" }', 'node_modules/vitest/index.js': '' };
  for (const [path, text] of Object.entries({ ...packages, ...dev, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const paths = [...new Set(Object.keys(files).map((path) => path.split('/')[0] as string))];
  return [...new Set((await check(folder, paths)).summary.violations.map(({ rule }) => rule.name))];
}

it('the repository keeps every import rule', async () => {
  const result = await check(ROOT, ['src', 'simulator']);
  expect(violations(result)).toEqual([]);
  // With a compiler that it cannot use, dependency-cruiser finds no modules and no violations.
  expect(result.summary.totalCruised).toBeGreaterThan(150);
});

const SAMPLES: readonly { readonly rule: string; readonly files: Files }[] = [
  { rule: 'core-imports', files: { 'src/core/a.ts': "import '../ingest/b.ts';", 'src/ingest/b.ts': '' } },
  { rule: 'contract-imports', files: { 'src/contract/a.ts': "import '../app/b.ts';", 'src/app/b.ts': '' } },
  { rule: 'config-imports', files: { 'src/config/a.ts': "import '../store/b.ts';", 'src/store/b.ts': '' } },
  { rule: 'ingest-imports', files: { 'src/ingest/a.ts': "import '../engine/b.ts';", 'src/engine/b.ts': '' } },
  { rule: 'engine-imports', files: { 'src/engine/a.ts': "import '../report/b.ts';", 'src/report/b.ts': '' } },
  { rule: 'report-imports', files: { 'src/report/a.ts': "import '../engine/b.ts';", 'src/engine/b.ts': '' } },
  { rule: 'store-imports', files: { 'src/store/a.ts': "import '../app/b.ts';", 'src/app/b.ts': '' } },
  { rule: 'app-imports', files: { 'src/app/a.ts': "import '../cli/b.ts';", 'src/cli/b.ts': '' } },
  { rule: 'cli-imports', files: { 'src/cli/a.ts': "import '../engine/b.ts';", 'src/engine/b.ts': '' } },
  { rule: 'notify-imports', files: { 'src/notify/a.ts': "import '../api/b.ts';", 'src/api/b.ts': '' } },
  { rule: 'jobs-imports', files: { 'src/jobs/a.ts': "import '../api/b.ts';", 'src/api/b.ts': '' } },
  { rule: 'api-imports', files: { 'src/api/a.ts': "import '../engine/b.ts';", 'src/engine/b.ts': '' } },
  { rule: 'server-imports', files: { 'src/server/a.ts': "import '../cli/b.ts';", 'src/cli/b.ts': '' } },
  { rule: 'client-imports', files: { 'src/client/a.ts': "import '../api/b.ts';", 'src/api/b.ts': '' } },
  { rule: 'console-imports', files: { 'src/console/a.ts': "import '../app/b.ts';", 'src/app/b.ts': '' } },
  { rule: 'duckdb-imports', files: { 'src/duckdb/a.ts': "import '../core/b.ts';", 'src/core/b.ts': '' } },
  { rule: 'demo-imports', files: { 'src/app/demo.ts': "import '../cli/b.ts';", 'src/cli/b.ts': '' } },
  { rule: 'core-is-pure', files: { 'src/core/a.ts': "import 'node:fs';" } },
  { rule: 'contract-is-plain', files: { 'src/contract/a.ts': "import 'node:fs';" } },
  {
    rule: 'simulator-shares-no-rules',
    files: { 'simulator/a.ts': "import '../src/core/compare/b.ts';", 'src/core/compare/b.ts': '' },
  },
  {
    rule: 'no-cycles',
    files: {
      'src/core/a.ts': "import type { B } from './b.ts';\nexport type A = B;",
      'src/core/b.ts': "import type { A } from './a.ts';\nexport type B = A;",
    },
  },
  { rule: 'no-tests-imported', files: { 'src/app/a.ts': "import './b.test.ts';", 'src/app/b.test.ts': '' } },
  { rule: 'no-dev-packages', files: { 'src/app/a.ts': "import { it } from 'vitest';\nit('x');" } },
  { rule: 'resolvable', files: { 'src/app/a.ts': "import './gone.ts';" } },
];

it.each(SAMPLES)('$rule finds a tree that breaks it', async ({ rule, files }) => {
  expect(await rulesBrokenBy(files)).toContain(rule);
});

it('every rule has a sample', () => {
  expect(SAMPLES.map(({ rule }) => rule).sort()).toEqual(configuration.forbidden.map(({ name }) => name).sort());
});

it('a tree that keeps the rules breaks none', async () => {
  const files = {
    'src/core/a.ts': "import './b.ts';",
    'src/core/b.ts': '',
    'src/app/use.ts': "import '../core/a.ts';\nimport 'node:fs';",
    'src/app/use.test.ts': "import { it } from 'vitest';\nimport './use.ts';\nit('x');",
    'src/app/demo.ts': "import '../../simulator/world.ts';",
    'simulator/world.ts': '',
    'src/duckdb/open-duckdb.ts': '',
    'src/ingest/read.ts': "import '../duckdb/open-duckdb.ts';",
  };
  expect(await rulesBrokenBy(files)).toEqual([]);
});
