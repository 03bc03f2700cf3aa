/**
 * PostgreSQL: COPY into unlogged tables and one query, on a server of its own that lives as long as the measurement.
 * `--prepare` makes the empty cluster beforehand, unmeasured. Never listens on the network, never runs as root.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peerInput } from './peer-input.mjs';
import { comparison, createTables, TABLES } from './sql-statements.mjs';

const input = peerInput();
const root = '/usr/lib/postgresql';
const folders = existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [];
const bin = folders.sort().at(-1) ?? execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
// One cluster per output directory, in the temporary directory: a socket's path may hold at most 107 characters.
const cluster = join(tmpdir(), `evenstock-bench-pg-${Buffer.from(input.out).toString('base64url').slice(-24)}`);

/** PostgreSQL refuses to run as root: the account of the package, else nobody. */
function account() {
  if (process.getuid() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

if (input.prepare) {
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  const user = account();
  if (user.uid !== undefined) chownSync(cluster, user.uid, user.gid);
  const { status } = spawnSync(
    join(bin, 'initdb'),
    ['-D', cluster, '-U', 'bench', '-A', 'trust', '-N', '--locale=C', '-E', 'UTF8'],
    { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] },
  );
  process.exit(status ?? 1);
}

const settings = {
  listen_addresses: '',
  unix_socket_directories: cluster,
  shared_buffers: '1GB',
  work_mem: '1GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  jit: 'off',
};
const server = spawn(
  join(bin, 'postgres'),
  ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
  {
    ...account(),
    cwd: '/',
    stdio: 'ignore',
  },
);
const stopped = new Promise((resolve) => server.once('exit', resolve));
const psql = ['-h', cluster, '-U', 'bench', '-d', 'postgres', '-X', '-q', '-v', 'ON_ERROR_STOP=1'];
try {
  while (spawnSync(join(bin, 'pg_isready'), ['-h', cluster, '-q']).status !== 0) await sleep(20);
  const scaled = (column, power) => `(${column}::numeric * ${10 ** power})::bigint`;
  const divided = (value, power) => `(${value}::numeric / ${10 ** power})::numeric(20,${power})`;
  const { aggregates, query } = comparison({
    scaled,
    divided,
    sum: (value) => `sum(${value})::bigint`,
    unlogged: 'UNLOGGED',
  });
  const files = {
    erp_stock: input.erp,
    wms_stock: input.wms,
    items: input.items,
    packs: input.packs,
    aliases: input.aliases,
  };
  // One transaction: a table that is filled where it was made needs no log.
  const script = [
    'BEGIN;',
    ...createTables('UNLOGGED', input.mapping).map((statement) => `${statement};`),
    ...Object.keys(TABLES).map((name) => `\\copy ${name} FROM '${files[name]}' WITH (FORMAT csv, HEADER)`),
    'COMMIT;',
    'ANALYZE;',
    ...aggregates.map((statement) => `${statement};`),
    'ANALYZE erp;',
    'ANALYZE wms;',
    `\\copy (${query.replace(/\s+/g, ' ')}) TO '${join(input.out, 'discrepancies.csv')}' WITH (FORMAT csv, HEADER)`,
  ];
  const { status } = spawnSync('psql', psql, { input: script.join('\n'), stdio: ['pipe', 'inherit', 'inherit'] });
  process.exitCode = status ?? 1;
} finally {
  // SIGINT: fast shutdown, the sessions are ended.
  server.kill('SIGINT');
  await stopped;
  rmSync(cluster, { recursive: true, force: true });
}
