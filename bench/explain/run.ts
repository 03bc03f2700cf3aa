/**
 * How good explanations are: makes worlds of other seeds than the tests', has them explained with three grades of evidence, and
 * prints the measures beside their goals. Never looks at the truth before the explanation is there.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { WarehouseOptions } from '../../simulator/warehouse/world-options.ts';
import { writeWarehouseWorld } from '../../simulator/warehouse/write-warehouse-world.ts';
import { explainInCore } from './explain-in-core.ts';
import { explainWithProduct } from './explain-with-product.ts';
import {
  formatBins,
  formatCauses,
  formatConfusion,
  formatDefinitions,
  formatMeasures,
  formatMistake,
  formatSystemic,
  toJson,
} from './print-score.ts';
import type { ReportedRun } from './reported-run.ts';
import { Score } from './score.ts';
import { readWorldEvidence } from './world-evidence.ts';
import { readTruth } from './world-truth.ts';
import { GRADES, SYSTEMIC, variantOf } from './worlds.ts';

const USAGE = `tsx bench/explain/run.ts [--seeds 4] [--first-seed 90001] [--items 3000] [--sites 2] [--days 14]
  [--faults heavy] [--grade full|no-messages|ledgers|systemic] [--core] [--mistakes 0] [--cause C] [--keep DIR] [--world DIR] [--json]
--core explains in this process with the core alone; else the built product runs (npm run build).
--mistakes N lists so many keys that are not decomposed exactly; --cause C only those of one cause. --world DIR explains one
world that is there already. --keep DIR leaves the worlds there.`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '4' },
    'first-seed': { type: 'string', default: '90001' },
    items: { type: 'string', default: '3000' },
    sites: { type: 'string', default: '2' },
    days: { type: 'string', default: '14' },
    faults: { type: 'string', default: 'heavy' },
    grade: { type: 'string' },
    core: { type: 'boolean', default: false },
    mistakes: { type: 'string', default: '0' },
    cause: { type: 'string' },
    keep: { type: 'string' },
    world: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const say = (line: string): boolean => process.stderr.write(`${line}\n`);

async function explain(directory: string): Promise<ReportedRun> {
  if (!values.core) return explainWithProduct(directory);
  return explainInCore(await readWorldEvidence(directory)).run;
}

async function addWorld(score: Score, options: WarehouseOptions, name: string): Promise<void> {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'bench-explain-'));
  const directory = join(folder, name);
  try {
    // A world that was kept is taken as it is.
    if (!existsSync(join(directory, 'truth', 'world.json'))) writeWarehouseWorld(directory, options);
    const start = performance.now();
    const run = await explain(directory);
    score.add(readTruth(directory), run);
    say(`${name}: ${run.keys.size} keys, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function scoreGrade(name: string, evidence: WarehouseOptions): Promise<Score> {
  const score = new Score();
  const size = { items: Number(values.items), sites: Number(values.sites), days: Number(values.days) };
  for (let index = 0; index < Number(values.seeds); index++) {
    const seed = Number(values['first-seed']) + index;
    await addWorld(score, { ...size, ...variantOf(seed), ...evidence, seed, faults: values.faults }, `${name}-${seed}`);
  }
  return score;
}

/** Systemic faults and refusals, with full evidence. */
async function scoreSystemic(): Promise<Score> {
  const score = new Score();
  const size = { items: Number(values.items), sites: Number(values.sites), days: Number(values.days) };
  for (const [index, variant] of SYSTEMIC.entries()) {
    const seed = Number(values['first-seed']) + 500 + index;
    const kind = `${variant.faults}${variant.snapshot === undefined ? '' : `-${variant.snapshot}`}`;
    await addWorld(score, { ...size, ...variant, seed }, `systemic-${kind}-${seed}`);
  }
  return score;
}

function printDetails(name: string, score: Score): void {
  const mistakes = score.mistakes.filter(
    ({ expected, reported }) => values.cause === undefined || expected.has(values.cause) || reported.has(values.cause),
  );
  process.stdout.write(
    `\n## ${name}\n\n${formatCauses(score)}\n\n${formatConfusion(score, 15)}\n\n${formatBins(score)}\n`,
  );
  for (const mistake of mistakes.slice(0, Number(values.mistakes))) process.stdout.write(`\n${formatMistake(mistake)}`);
  for (const onset of score.wrongOnsets.slice(0, Number(values.mistakes))) process.stdout.write(`\n${onset}`);
  process.stdout.write('\n');
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const scores: { name: string; score: Score }[] = [];
  if (values.world !== undefined) {
    const score = new Score();
    score.add(readTruth(values.world), await explain(values.world));
    scores.push({ name: 'world', score });
  } else {
    for (const { name, options } of GRADES)
      if (values.grade === undefined || values.grade === name)
        scores.push({ name, score: await scoreGrade(name, options) });
    if (values.grade === undefined || values.grade === 'systemic')
      scores.push({ name: 'systemic', score: await scoreSystemic() });
  }
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify(
        scores.map(({ name, score }) => ({ name, ...toJson(score) })),
        null,
        2,
      )}\n`,
    );
    return;
  }
  const table = scores.filter(({ name }) => name !== 'systemic');
  process.stdout.write(`${formatMeasures(table)}\n\n${formatSystemic(scores)}\n\n${formatDefinitions()}\n`);
  for (const { name, score } of table) printDetails(name, score);
}

await main();
