/** Runs the same tests on SQLite and on a real PostgreSQL that is started for them, and skips the latter by name where none is installed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { migrate } from './migrate.ts';
import { openDatabase, type WorkDatabase } from './open-database.ts';

export interface StoreUnderTest {
  readonly kind: WorkDatabase['kind'];
  /** A new, empty, migrated work state; it is removed when the tests of the file are through. */
  open(): Promise<WorkDatabase>;
  /** Where a new, empty work state is: the arguments of openDatabase. */
  place(): Promise<{ dataDirectory: string; address: string | undefined }>;
}

/** `describe` for each kind of store. */
export function describeOnBothStores(name: string, tests: (store: StoreUnderTest) => void): void {
  describe(`${name} [sqlite]`, () => tests(storeOf('sqlite', async () => undefined)));
  const binaries = findPostgres();
  describe.skipIf(binaries === undefined)(`${name} [postgresql]`, () => {
    let server: PostgresServer | undefined;
    let databases = 0;
    beforeAll(async () => {
      server = await startPostgres(binaries as string);
    }, 60_000);
    // Hundreds of databases are removed in their time.
    afterAll(() => server?.stop(), 300_000);
    const create = async (template: string): Promise<string> => {
      const { query, addressOf } = server as PostgresServer;
      const database = `test_${++databases}`;
      await query(`CREATE DATABASE ${database} TEMPLATE ${template}`);
      return addressOf(database);
    };
    // Migrated once, and copied for each test.
    let migrated: Promise<string> | undefined;
    tests(
      storeOf(
        'postgresql',
        () => create('template1'),
        async () => {
          migrated ??= create('template1').then(migratedTemplate);
          return create(await migrated);
        },
      ),
    );
  });
}

/** The name of the database at that address, migrated and left alone: only such a one can be copied. */
async function migratedTemplate(address: string): Promise<string> {
  const database = openDatabase(tmpdir(), address);
  await migrate(database.db, database.kind, () => 0);
  await database.close();
  return new URL(address).pathname.slice(1);
}

/** `addressOf` makes an empty state; `migratedAt`, where there is one, a migrated state at less cost. */
function storeOf(
  kind: WorkDatabase['kind'],
  addressOf: () => Promise<string | undefined>,
  migratedAt?: () => Promise<string>,
): StoreUnderTest {
  const opened: WorkDatabase[] = [];
  const folders: string[] = [];
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const placeAt = async (addressAt: () => Promise<string | undefined>) => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'evenstock-store-'));
    folders.push(dataDirectory);
    return { dataDirectory, address: await addressAt() };
  };
  const place = () => placeAt(addressOf);
  const open = async () => {
    const { dataDirectory, address } = await placeAt(migratedAt ?? addressOf);
    const database = openDatabase(dataDirectory, address);
    opened.push(database);
    if (migratedAt === undefined) await migrate(database.db, database.kind, () => 0);
    return database;
  };
  return { kind, open, place };
}

/** Where initdb and postgres are; undefined where PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

export interface PostgresServer {
  readonly process: ChildProcess;
  addressOf(database: string): string;
  query(text: string): Promise<void>;
  stop(): Promise<void>;
  /** As if the machine had failed: nothing is written that was not. */
  stopImmediately(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a server of its own on a free port, with its files in a folder that `stop` removes. */
export async function startPostgres(binaries: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'evenstock-postgres-'));
  const user = postgresUser();
  // PostgreSQL does not run as root; its folder belongs to who runs it.
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } };
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'evenstock', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const addressOf = (database: string): string => `postgres://evenstock@127.0.0.1:${port}/${database}`;
  const query = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: addressOf('postgres') });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  const launch = (): ChildProcess =>
    spawn(
      join(binaries, 'postgres'),
      ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', folder],
      {
        ...options,
        stdio: 'ignore',
      },
    );
  let server = launch();
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (server.exitCode !== null || server.signalCode !== null) return resolve();
      server.once('exit', () => resolve());
      server.kill(signal);
    });
  await untilItAnswers(query);
  return {
    get process() {
      return server;
    },
    addressOf,
    query,
    stop: async () => {
      // What it would write down at its end is thrown away.
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
    stopImmediately: () => end('SIGQUIT'),
    start: async () => {
      server = launch();
      await untilItAnswers(query);
    },
  };
}

function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function untilItAnswers(query: (text: string) => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await query('SELECT 1');
    } catch (error) {
      if (attempt === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
