/**
 * What explaining costs at size: makes one large world, has the built product reconcile it, and prints times, memory and what
 * they are per million movements. Never looks at whether the explanations are right: run.ts does.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWarehouseWorld } from '../../simulator/warehouse/write-warehouse-world.ts';
import { measureProcess } from '../measure.ts';
import { writeOffWorld } from './write-off-world.ts';

const USAGE = `tsx bench/explain/size.ts [--movements 10000000] [--seed 1] [--threads N] [--memory SIZE] [--world DIR | --off KEYS]
Makes a world with about so many movements on both sides together and about a hundredth of that as discrepancies, and reconciles
it with the built product (npm run build). --world DIR takes a world that is there already; it must have no runs of its own;
--off makes one in which each of so many keys differs and hardly anything says why.`;

const EXECUTABLE = join(import.meta.dirname, '..', '..', 'bin', 'evenstock.js');
/** Items that make a million movements with half of the usual activity in ten sites and two weeks. */
const ITEMS_PER_MILLION = 10_700;
const LIMIT_SECONDS = 7200;
const GOALS = { times: 4, peakBytes: 4e9 } as const;

interface RunDocument {
  readonly inputs: readonly { readonly kind: string; readonly rows: number }[];
  readonly totals: { readonly keys: number; readonly discrepancies: number };
  readonly timings_ms: Readonly<Record<string, number>>;
}

const { values } = parseArgs({
  options: {
    movements: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string' },
    memory: { type: 'string' },
    world: { type: 'string' },
    off: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function makeWorld(directory: string): void {
  const items = Math.ceil((Number(values.movements) / 1e6) * ITEMS_PER_MILLION);
  process.stderr.write(`making a world of ${items} items\n`);
  mkdirSync(directory);
  writeWarehouseWorld(directory, {
    seed: Number(values.seed),
    items,
    sites: 10,
    days: 14,
    activity: 0.5,
    faults: 'heavy',
  });
}

function table(run: RunDocument, cpuSeconds: number, peakBytes: number): string {
  const rowsOf = (kind: string): number =>
    run.inputs.reduce((sum, input) => (input.kind === kind ? sum + input.rows : sum), 0);
  const seconds = (stage: string): number => (run.timings_ms[stage] ?? 0) / 1000;
  const millions = rowsOf('movements') / 1e6;
  const explain = seconds('evidence') + seconds('explain');
  const lines: [string, string][] = [
    ['movements', rowsOf('movements').toLocaleString('en')],
    ['message lines', rowsOf('messages').toLocaleString('en')],
    ['keys', run.totals.keys.toLocaleString('en')],
    ['discrepancies', run.totals.discrepancies.toLocaleString('en')],
    ['comparison and judging, s', (seconds('compare') + seconds('judge')).toFixed(1)],
    ['evidence near the cut-offs, s', seconds('evidence').toFixed(1)],
    ['explanation, s', seconds('explain').toFixed(1)],
    [`both ÷ comparison (goal ≤ ${GOALS.times})`, (explain / (seconds('compare') + seconds('judge'))).toFixed(1)],
    ['both, s per million movements', (explain / millions).toFixed(2)],
    ['whole run, s of CPU', cpuSeconds.toFixed(0)],
    [`peak memory, GB (goal < ${GOALS.peakBytes / 1e9})`, (peakBytes / 1e9).toFixed(2)],
  ];
  return lines.map(([name, figure]) => `| ${name} | ${figure} |`).join('\n');
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'bench-size-'));
  try {
    const world = (values.off === undefined ? values.world : undefined) ?? join(scratch, 'world');
    if (values.off !== undefined) writeOffWorld(world, Number(values.off));
    else if (values.world === undefined) makeWorld(world);
    const limits = (['threads', 'memory'] as const).flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [`--${name}`, value];
    });
    const out = join(scratch, 'out');
    const words = [
      'reconcile',
      '--config',
      join(world, 'evenstock.yaml'),
      '--data',
      join(scratch, 'data'),
      '--out',
      out,
    ];
    const command = [process.execPath, EXECUTABLE, ...words, '--format', 'csv,json', '--quiet', ...limits];
    const { exitCode, complaint, cpuSeconds, peakBytes } = await measureProcess(command, null, LIMIT_SECONDS);
    if (exitCode !== 0) throw new Error(`evenstock reconcile ended with ${exitCode}: ${complaint}`);
    const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunDocument;
    process.stdout.write(`| | |\n|---|---:|\n${table(run, cpuSeconds, peakBytes)}\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
