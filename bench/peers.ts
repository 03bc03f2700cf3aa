/**
 * Decides who takes part in the bench, with which command, and why one is left out.
 * Never measures or judges.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from './dataset.ts';

export interface Task {
  readonly dataset: Dataset;
  readonly parquet: boolean;
  /** Memory limit such as 1GB, for those that take one; null: none. */
  readonly memory: string | null;
  /** Directory of this measurement; `out` below it is the peer's. */
  readonly scratch: string;
}

export interface Peer {
  readonly name: string;
  /** Its version, or null where this machine lacks it. */
  readonly findVersion: () => string | null;
  readonly readsParquet: boolean;
  /** The command measured; it writes discrepancies.csv into `<scratch>/out`. */
  readonly command: (task: Task) => string[];
  /** A command run before, unmeasured. */
  readonly prepare?: (task: Task) => string[];
  /** Whether it makes `<scratch>/out` itself, in one step: then the moment it appears is measured too. */
  readonly makesOut: boolean;
}

const ROOT = join(import.meta.dirname, '..');
const PYTHON = join(import.meta.dirname, 'data', '.venv', 'bin', 'python');
const DUCKDB = join(ROOT, 'node_modules', '@duckdb', 'node-api', 'package.json');

function packageVersion(path: string): string | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version : null;
}

/** The first line a command prints, or null where it cannot be run. */
function firstLine(file: string, ...words: string[]): string | null {
  try {
    return execFileSync(file, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')[0]!
      .trim();
  } catch {
    return null;
  }
}

export const outOf = (task: Task): string => join(task.scratch, 'out');

function script(
  name: string,
  options: { readsParquet?: boolean; takesMemory?: boolean } = {},
): Pick<Peer, 'name' | 'readsParquet' | 'command' | 'makesOut'> {
  return {
    name,
    readsParquet: options.readsParquet ?? false,
    makesOut: false,
    command: (task) => [
      process.execPath,
      join(import.meta.dirname, 'peers-src', `${name}.mjs`),
      task.dataset.directory,
      outOf(task),
      ...(task.parquet ? ['--parquet'] : []),
      ...(options.takesMemory && task.memory !== null ? ['--memory', task.memory] : []),
    ],
  };
}

const evenstock: Peer = {
  name: 'evenstock',
  readsParquet: true,
  makesOut: true,
  findVersion: () =>
    existsSync(join(ROOT, 'dist', 'src', 'main.js')) ? packageVersion(join(ROOT, 'package.json')) : null,
  command: ({ dataset, parquet, memory, scratch }) => [
    process.execPath,
    join(ROOT, 'bin', 'evenstock.js'),
    'reconcile',
    '--config',
    join(dataset.directory, parquet ? 'evenstock-parquet.yaml' : 'evenstock.yaml'),
    '--data',
    join(scratch, 'data'),
    '--out',
    join(scratch, 'out'),
    '--format',
    'csv,parquet',
    ...(memory === null ? [] : ['--memory', memory]),
  ],
};

const postgresql = script('postgresql');

/** The yardstick: every ratio is to this one. */
export const YARDSTICK = 'duckdb-tuned';

export const PEERS: readonly Peer[] = [
  evenstock,
  { ...script(YARDSTICK, { readsParquet: true, takesMemory: true }), findVersion: () => packageVersion(DUCKDB) },
  { ...script('duckdb-plain', { readsParquet: true, takesMemory: true }), findVersion: () => packageVersion(DUCKDB) },
  {
    ...script('nodejs-polars', { readsParquet: true }),
    findVersion: () =>
      packageVersion(join(import.meta.dirname, 'peers', 'node_modules', 'nodejs-polars', 'package.json')),
  },
  { ...script('node-stream'), findVersion: () => process.version },
  {
    name: 'pandas',
    readsParquet: false,
    makesOut: false,
    findVersion: () => firstLine(PYTHON, '-c', 'import pandas; print(pandas.__version__)'),
    command: (task) => [
      PYTHON,
      join(import.meta.dirname, 'peers-src', 'pandas_merge.py'),
      task.dataset.directory,
      outOf(task),
    ],
  },
  {
    ...postgresql,
    findVersion: () => {
      const bin =
        firstLine('sh', '-c', 'ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1') ||
        firstLine('pg_config', '--bindir');
      const line = bin && firstLine('psql', '--version') && firstLine(join(bin, 'postgres'), '--version');
      return (line && /[\d.]+/.exec(line)?.[0]) || null;
    },
    prepare: (task) => [...postgresql.command(task), '--prepare'],
  },
  { ...script('sqlite'), findVersion: () => firstLine('sqlite3', '--version')?.split(' ')[0] ?? null },
];
