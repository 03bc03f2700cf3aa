/**
 * Examines what runs and servers need: Node, engine, data directory, disk, clock, memory, configuration, last run, and what a
 * server keeps (doctor-store.ts). Writes one small file into the data directory, where there is one, and takes it away. Never
 * starts a run.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, release, tmpdir, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadConfiguration } from '../config/load-configuration.ts';
import type { Environment } from '../config/secret-text.ts';
import { duration } from '../core/gate/quality-gate.ts';
import { Failure } from '../core/model/failure.ts';
import { openDuckDb } from '../duckdb/open-duckdb.ts';
import { formatTime } from '../report/wording.ts';
import { RunStore } from '../store/run-store.ts';
import { type Finding, ok, problem, warning } from './doctor-finding.ts';
import { storeFindings } from './doctor-store.ts';

export interface DoctorOptions {
  readonly version: string;
  readonly configPath: string;
  readonly dataDirectory: string;
  /** A postgres:// address; undefined: the file in the data directory. */
  readonly storeAddress: string | undefined;
  readonly env: Environment;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly now: () => number;
  /** Milliseconds that never run backwards. */
  readonly monotonic: () => number;
}

const NODE_LEAST = [20, 19] as const;
/** Spilled rows and the kept run of a ten-million-row comparison take about this much. */
const FREE_BYTES_WANTED = 2e9;
const FREE_BYTES_LEAST = 200e6;
/** A file system whose clock is further away makes as_of: file_time wrong. */
const CLOCK_SKEW_MAX_MS = 2000;
const YEAR_LEAST = 2025;
const YEAR_MOST = 2100;

/** Every finding, in the order in which they are printed. */
export async function examine(options: DoctorOptions): Promise<Finding[]> {
  return [
    ok('evenstock', options.version),
    nodeFinding(process.versions.node),
    ok('platform', `${process.platform} ${release()}, ${process.arch}`),
    await engineFinding(),
    ...(await directoryFindings(options)),
    await clockFinding(options),
    resourcesFinding(options),
    await configurationFinding(options),
    await lastRunFinding(options),
    ...(await storeFindings(options)),
  ];
}

export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1]);
  if (isEnough) return ok('node', `Node.js ${version}`);
  return problem(
    'node',
    `Node.js ${version}; at least ${NODE_LEAST.join('.')} is needed`,
    'Install a newer Node.js.',
    'configuration',
  );
}

async function engineFinding(): Promise<Finding> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'evenstock-doctor-'));
  try {
    const database = await openDuckDb({ temporaryDirectory });
    const [row] = await database.rows('SELECT version()');
    database.close();
    return ok('engine', `DuckDB ${String(row?.[0])} loads`);
  } catch (error) {
    return problem(
      'engine',
      `the embedded engine does not load: ${(error as Error).message.split('\n')[0]}`,
      'Install evenstock again on this machine; the engine is a native module for one platform.',
      'configuration',
    );
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}

/** The folder itself, or the nearest one above it that is there. */
function nearestFolder(path: string): string {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

async function directoryFindings({ dataDirectory }: DoctorOptions): Promise<Finding[]> {
  const folder = nearestFolder(dataDirectory);
  const isThere = folder === resolve(dataDirectory);
  const name = 'data directory';
  try {
    if (!(await stat(folder)).isDirectory())
      return [problem(name, `${folder} is a file, not a folder`, 'Name another data directory with --data.')];
    await withProbe(folder, async () => undefined);
  } catch (error) {
    return [
      problem(
        name,
        `${folder} cannot be written: ${(error as Error).message}`,
        'Give this user write access, or name another data directory with --data.',
      ),
    ];
  }
  return [
    ok(name, isThere ? `${dataDirectory} can be written` : `${dataDirectory} is not there yet; the first run makes it`),
    await diskFinding(folder),
  ];
}

async function diskFinding(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const message = `${sizeText(free)} free`;
  if (free < FREE_BYTES_LEAST)
    return problem(
      'disk',
      message,
      'Make room: a run writes its report, the kept run, and rows that do not fit the memory.',
    );
  return free < FREE_BYTES_WANTED
    ? warning('disk', message, 'Make room before comparing millions of rows.')
    : ok('disk', message);
}

/** Writes a small file, hands it over and takes it away again. */
async function withProbe<T>(folder: string, use: (path: string) => Promise<T>): Promise<T> {
  const probe = await mkdtemp(join(folder, '.evenstock-doctor-'));
  try {
    const path = join(probe, 'probe');
    await writeFile(path, 'probe');
    return await use(path);
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}

async function clockFinding({ dataDirectory, now, monotonic }: DoctorOptions): Promise<Finding> {
  const name = 'clock';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = now();
  const first = monotonic();
  const written = await withProbe(nearestFolder(dataDirectory), async (path) => (await stat(path)).mtimeMs).catch(
    () => undefined,
  );
  const elapsed = monotonic() - first;
  const message = `${new Date(at).toISOString()}, time zone ${zone}`;
  const year = new Date(at).getUTCFullYear();
  if (year < YEAR_LEAST || year > YEAR_MOST)
    return problem(
      name,
      message,
      'Set the clock: run ids, ages of snapshots and messages in flight depend on it.',
      'configuration',
    );
  if (elapsed < 0)
    return problem(
      name,
      `${message}; the monotonic clock ran backwards`,
      'Look at the machine’s clock source.',
      'configuration',
    );
  if (written === undefined) return ok(name, message);
  const skew = Math.max(at - written, written - at - elapsed, 0);
  if (skew <= CLOCK_SKEW_MAX_MS) return ok(name, message);
  return warning(
    name,
    `${message}; the file system’s clock is ${duration(skew)} off`,
    'Set both clocks: as_of: file_time takes the file system’s.',
  );
}

function resourcesFinding({ threads, memoryBytes }: DoctorOptions): Finding {
  return ok(
    'resources',
    `a run takes ${threads} of ${availableParallelism()} threads and up to ${sizeText(memoryBytes)} of ${sizeText(totalmem())} memory`,
  );
}

async function configurationFinding({ configPath, env }: DoctorOptions): Promise<Finding> {
  const name = 'configuration';
  try {
    const { configuration } = await loadConfiguration(configPath, env);
    return ok(name, `${configPath} is valid${configuration.name === undefined ? '' : `: ${configuration.name}`}`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code === 'CONFIGURATION_NOT_FOUND') return warning(name, error.message, error.action);
    return problem(name, error.message, error.action, 'configuration');
  }
}

async function lastRunFinding({ dataDirectory, now }: DoctorOptions): Promise<Finding> {
  const name = 'last run';
  try {
    const run = await new RunStore(dataDirectory).findLatest();
    if (run === undefined) return ok(name, 'none yet');
    const age = duration(Math.max(0, now() - Date.parse(run.finished_at)));
    const message = `${run.run_id}, ${formatTime(run.finished_at)} (${age} ago), ${run.state}`;
    if (run.state === 'complete') return ok(name, message);
    const refused = run.quality.find((note) => note.severity === 'refused');
    return warning(name, `${message}: ${refused?.message ?? ''}`, refused?.action || 'See `evenstock report`.');
  } catch (error) {
    if (!(error instanceof Failure))
      return problem(name, (error as Error).message, 'Check the permissions of the data directory.');
    return problem(name, error.message, 'Move that run’s folder away; the other runs are not touched by it.');
  }
}

function sizeText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.floor(bytes / 1e6)} MB`;
}
