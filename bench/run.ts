/**
 * The bench: the same work by Evenstock and its peers, interleaved, each whole process measured from outside.
 * Never trusts an answer: each is held against the simulator's truth.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Dataset, provideDataset } from './dataset.ts';
import { type Measurement, measureProcess } from './measure.ts';
import { outOf, PEERS, type Peer, type Task, YARDSTICK } from './peers.ts';
import { formatTable, type PeerResult } from './table.ts';
import { type Verdict, verifyAnswer } from './verify.ts';

const USAGE = `tsx bench/run.ts [--rows 1000000] [--repeat 3] [--peers a,b] [--parquet] [--quoted] [--memory 1GB] [--seed 1] [--limit 900]
peers: ${PEERS.map((peer) => peer.name).join(', ')} (bench/install-peers.sh installs what a package manager can)`;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repeat: { type: 'string', default: '3' },
    peers: { type: 'string' },
    parquet: { type: 'boolean', default: false },
    quoted: { type: 'boolean', default: false },
    memory: { type: 'string' },
    seed: { type: 'string', default: '1' },
    limit: { type: 'string', default: '900' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const say = (line: string): boolean => process.stderr.write(`${line}\n`);

interface Entrant {
  readonly peer: Peer;
  readonly version: string;
  readonly rounds: { measured: Measurement; verdict: Verdict | null }[];
}

/** The peers asked for that this machine has; the others are named. */
function chooseEntrants(): Entrant[] {
  const wanted = values.peers?.split(',');
  const unknown = wanted?.filter((name) => !PEERS.some((peer) => peer.name === name)) ?? [];
  if (unknown.length > 0) {
    say(`no peer is called ${unknown.join(', ')}\n${USAGE}`);
    process.exit(2);
  }
  return PEERS.filter((peer) => wanted?.includes(peer.name) ?? true).flatMap((peer) => {
    const version = peer.findVersion();
    if (version === null)
      say(`skipped: ${peer.name} is not installed${peer.name === 'evenstock' ? ' (npm run build)' : ''}`);
    else if (values.parquet && !peer.readsParquet) say(`skipped: ${peer.name} does not read Parquet`);
    else return [{ peer, version, rounds: [] }];
    return [];
  });
}

async function runOnce({ peer, rounds }: Entrant, dataset: Dataset): Promise<void> {
  const scratch = mkdtempSync(join(dataset.directory, '..', `run-${peer.name}-`));
  const task: Task = { dataset, parquet: values.parquet, memory: values.memory ?? null, scratch };
  const out = outOf(task);
  if (!peer.makesOut) mkdirSync(out);
  const prepare = peer.prepare?.(task);
  if (prepare) spawnSync(prepare[0]!, prepare.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
  const measured = await measureProcess(peer.command(task), peer.makesOut ? out : null, Number(values.limit));
  const answer = join(out, 'discrepancies.csv');
  const verdict =
    measured.exitCode === 0 && existsSync(answer) ? verifyAnswer(join(dataset.directory, 'truth.csv'), answer) : null;
  rounds.push({ measured, verdict });
  const { wallSeconds, cpuSeconds, peakBytes, exitCode, complaint } = measured;
  say(
    `${peer.name}: ${wallSeconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s, ${(peakBytes / 1e9).toFixed(2)} GB${exitCode === 0 ? '' : `, exit ${exitCode}: ${complaint}`}`,
  );
  rmSync(scratch, { recursive: true, force: true });
}

if (values.help) {
  say(USAGE);
  process.exit(0);
}
const entrants = chooseEntrants();
const dataset = await provideDataset(
  { rows: Number(values.rows), seed: Number(values.seed), quoted: values.quoted, parquet: values.parquet },
  say,
);
for (let round = 0; round < Number(values.repeat); round++) {
  say(`round ${round + 1} of ${values.repeat}`);
  // Another one begins each round, so that nobody always runs on caches that the same neighbour left.
  for (let place = 0; place < entrants.length; place++)
    await runOnce(entrants[(place + round) % entrants.length]!, dataset);
}
const results: PeerResult[] = entrants.map(({ peer, version, rounds }) => ({ name: peer.name, version, rounds }));
const { truth } = dataset;
process.stdout.write(`${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}
${truth.erpRows} ERP rows and ${truth.wmsRows} WMS rows from ${values.parquet ? 'Parquet' : 'CSV'}${values.quoted ? ' with quoted names' : ''}, ${truth.keys} keys, ${truth.discrepancies} discrepancies, seed ${values.seed}${values.memory === undefined ? '' : `, memory limit ${values.memory}`}; medians of ${values.repeat}

${formatTable(results, YARDSTICK)}
`);
