/**
 * Examines what a server keeps: who works in the data directory, the work state and its tables, its clock, the files of the
 * lake, imports, schedules, the audit trail. Takes no lock and writes nothing, so it may be asked beside a running server.
 */
import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { duration } from '../core/gate/quality-gate.ts';
import { Failure } from '../core/model/failure.ts';
import { nextSlots, slotsBetween } from '../core/schedule/find-slots.ts';
import { formatTime } from '../report/wording.ts';
import { refuseUnfinished } from '../store/data-directory-lock.ts';
import { appliedMigrations, pendingMigrations } from '../store/database/migrate.ts';
import { openDatabase, type WorkDatabase, workFile } from '../store/database/open-database.ts';
import { holderText, readHolders } from '../store/lock-holders.ts';
import { verifyAudit } from '../store/work/audit.ts';
import { countImports, type ImportRow, listImports } from '../store/work/imports.ts';
import { readParts } from '../store/work/intake-parts.ts';
import { listSchedules, type Schedule } from '../store/work/schedules.ts';
import { storeNow } from '../store/work/store-clock.ts';
import { type Finding, ok, problem, warning } from './doctor-finding.ts';

export interface ExaminedStore {
  readonly dataDirectory: string;
  /** A postgres:// address; undefined: the file in the data directory. */
  readonly storeAddress: string | undefined;
  readonly now: () => number;
}

/** Leases and schedules go by the store's clock; the log and received files by this machine's. */
const SKEW_MAX_MS = 2_000;
/** A slot that nobody has decided for so long waits for a server. */
const UNDECIDED_MS = 5 * 60_000;
/** Files that were refused longer ago than this were told of then. */
const RECENT_MS = 7 * 24 * 3_600_000;
/** Files that are looked at, the newest first: more would take longer than somebody waits. */
const FILES_MAX = 20_000;
const NAMES_SHOWN = 3;
/** Folders of a data directory that servers and runs write to. */
const WRITTEN_FOLDERS = ['imports', 'lake', 'runs', 'work'];

/** Every finding, in the order in which they are printed. What was never set up is no problem. */
export async function storeFindings(options: ExaminedStore): Promise<Finding[]> {
  const { dataDirectory, storeAddress, now } = options;
  const holders = readHolders(dataDirectory, now()).map(holderText);
  const inUse = ok(
    'in use',
    holders.length === 0 ? 'nobody works in the data directory' : `by ${holders.join(' and ')}`,
  );
  try {
    refuseUnfinished(dataDirectory);
    if (storeAddress === undefined && !existsSync(workFile(dataDirectory)))
      return [inUse, ok('store', 'no work state yet; `evenstock serve` makes it')];
    const database = openDatabase(dataDirectory, storeAddress);
    try {
      return [inUse, ...(await databaseFindings(database, options, holders.length > 0))];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [inUse, unreachable(error, storeAddress)];
  }
}

function unreachable(error: unknown, address: string | undefined): Finding {
  if (error instanceof Failure)
    return problem(
      'store',
      error.message,
      error.action,
      error.kind === 'unreachable' ? 'unreachable' : 'configuration',
    );
  return problem(
    'store',
    `${storeName(address)} cannot be read: ${messageOf(error)}`,
    address === undefined
      ? 'Check the permissions of the data directory; where the file is damaged, restore a backup.'
      : 'Check that PostgreSQL runs, and the address, user and password of --store.',
  );
}

/** Without what is secret in an address. */
function storeName(address: string | undefined): string {
  if (address === undefined) return 'work.sqlite';
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url === undefined ? 'PostgreSQL' : `PostgreSQL at ${url.host}${url.pathname}`;
}

/** Several addresses that did not answer are one error without words of its own. */
function messageOf(error: unknown): string {
  const { message, errors } = error as AggregateError;
  return (
    (message || (errors ?? []).map((each) => (each as Error).message).join('; ') || String(error)).split('\n')[0] ?? ''
  );
}

async function databaseFindings(database: WorkDatabase, options: ExaminedStore, isInUse: boolean): Promise<Finding[]> {
  const applied = await appliedMigrations(database.db);
  const store = ok('store', `${storeName(options.storeAddress)} answers`);
  if (applied.length === 0) return [store, ok('tables', 'none yet; `evenstock serve` makes them')];
  const tables = await tablesFinding(database, applied.length);
  // Of tables that another version made nothing is known.
  if (tables.state === 'problem') return [store, tables];
  const now = await storeNow(database, options.now);
  const looks: readonly [string, () => Promise<Finding>][] = [
    ['store clock', () => clockFinding(database, options)],
    ['lake', () => lakeFinding(database, options.dataDirectory)],
    ['imports', () => importsFinding(database, now)],
    ['schedules', () => schedulesFinding(database, now, isInUse)],
    ['audit trail', () => auditFinding(database)],
  ];
  const findings: Finding[] = [store, tables];
  for (const [name, look] of looks)
    findings.push(
      await look().catch((error: unknown) =>
        problem(name, `it could not be looked at: ${messageOf(error)}`, 'Correct what stands above, then ask again.'),
      ),
    );
  return findings;
}

async function tablesFinding({ db }: WorkDatabase, applied: number): Promise<Finding> {
  const name = 'tables';
  try {
    const pending = await pendingMigrations(db);
    if (pending.length === 0) return ok(name, `up to date: ${applied} migrations`);
    const names = pending.map(({ number, name: what }) => `${number} (${what})`).join(', ');
    return warning(
      name,
      `of an older version: migrations ${names} are missing`,
      'Start `evenstock serve` of this version: it makes a backup, then brings the tables up to date.',
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return problem(name, error.message, error.action);
  }
}

async function clockFinding(database: WorkDatabase, { now }: ExaminedStore): Promise<Finding> {
  const name = 'store clock';
  if (database.kind === 'sqlite') return ok(name, 'this machine’s');
  const before = now();
  const told = await storeNow(database, now);
  const skew = Math.max(before - told, told - now(), 0);
  if (skew <= SKEW_MAX_MS) return ok(name, 'the same time as here');
  return warning(
    name,
    `PostgreSQL’s clock is ${duration(skew)} ${told < before ? 'behind' : 'ahead of'} this machine’s`,
    'Set both clocks: schedules and leases go by PostgreSQL’s, cut-offs of received files by this machine’s.',
  );
}

/** Whether the files that rows name are there as they came, and folders can be written to. */
async function lakeFinding({ db }: WorkDatabase, dataDirectory: string): Promise<Finding> {
  const name = 'lake';
  const folders = WRITTEN_FOLDERS.map((folder) => join(dataDirectory, folder)).filter((folder) => existsSync(folder));
  for (const folder of folders) {
    const error = await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch(messageOf);
    if (error !== undefined)
      return problem(name, `${folder} cannot be written: ${error}`, 'Give the user of the server write access.');
  }
  const imports = (await listImports(db, { hasFile: true }, FILES_MAX)).map(({ path, bytes }) => ({ path, bytes }));
  const files = [...imports, ...(await readParts(db))];
  const broken: string[] = [];
  for (const { path, bytes } of files) {
    const reason = await faultOf(join(dataDirectory, path as string), bytes);
    if (reason !== undefined) broken.push(`${path} ${reason}`);
  }
  if (broken.length === 0) return ok(name, `${countOf(files.length, 'file')}, all there and readable`);
  return problem(
    name,
    `${countOf(broken.length, 'file')} of ${files.length} cannot be used: ${shown(broken)}`,
    'Put them back from a backup, or bring them in again; runs that read them fail meanwhile.',
  );
}

async function faultOf(path: string, bytes: number): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size !== bytes) return `has ${size} bytes instead of ${bytes}`;
    await access(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : `cannot be read: ${messageOf(error)}`;
  }
}

async function importsFinding({ db }: WorkDatabase, now: number): Promise<Finding> {
  const name = 'imports';
  const counts = await countImports(db, now - RECENT_MS);
  if (counts.held === 0 && counts.refused === 0) return ok(name, `${counts.accepted} in use, none held or refused`);
  const parts: string[] = [];
  const actions: string[] = [];
  if (counts.held > 0) {
    parts.push(
      `${countOf(counts.held, 'file')} held for a person: ${namesOf(await listImports(db, { state: 'held' }, NAMES_SHOWN))}`,
    );
    actions.push('Look at what is held (GET /api/v1/imports?state=held), then release it or send the file again.');
  }
  if (counts.refused > 0) {
    const newest = await listImports(db, { state: 'refused' }, NAMES_SHOWN);
    parts.push(`${countOf(counts.refused, 'file')} refused within a week: ${namesOf(newest)}`);
    actions.push('Correct what was refused, or its source’s configuration, and send it again.');
  }
  return warning(name, parts.join('\n'), actions.join(' '));
}

function namesOf(rows: readonly ImportRow[]): string {
  return shown(rows.map(({ file_name, source, failure }) => `${file_name} for ${source} (${failure ?? ''})`));
}

async function schedulesFinding({ db }: WorkDatabase, now: number, isInUse: boolean): Promise<Finding> {
  const name = 'schedules';
  const schedules = (await listSchedules(db)).filter(({ isEnabled }) => isEnabled);
  if (schedules.length === 0) return ok(name, 'none is in force');
  const timed = schedules.filter(({ document }) => document.times.length > 0);
  const never = timed.filter(({ document }) => nextSlots(document, now, 1).length === 0);
  if (never.length > 0)
    return warning(
      name,
      `${shown(never.map((each) => `"${each.name}"`))} will never come: its calendar or its blackout windows take all of its times`,
      'Change its times, its calendar or its blackout windows.',
    );
  const waiting = timed.filter((schedule) => isWaiting(schedule, now));
  if (waiting.length > 0)
    return warning(
      name,
      `nobody has looked at ${shown(waiting.map((each) => `"${each.name}" since ${timeText(each.consideredUntil)}`))}`,
      isInUse ? 'Look at the server’s log: it works here and makes no runs.' : 'Start `evenstock serve`.',
    );
  const next = timed.flatMap(({ document }) => nextSlots(document, now, 1)).sort((a, b) => a - b)[0];
  const count = countOf(schedules.length, 'schedule');
  return ok(name, next === undefined ? `${count}, on arrival` : `${count}; the next run is at ${timeText(next)}`);
}

function isWaiting({ document, consideredUntil }: Schedule, now: number): boolean {
  return slotsBetween(document, consideredUntil, now - UNDECIDED_MS, 1).length > 0;
}

async function auditFinding({ db }: WorkDatabase): Promise<Finding> {
  const name = 'audit trail';
  const verdict = await verifyAudit(db);
  if (verdict.isWhole) return ok(name, `${countOf(verdict.head.number, 'row')}, each follows the one before it`);
  return problem(
    name,
    `row ${verdict.number} of the audit trail is not what was written: ${verdict.reason}`,
    'Somebody changed the store past the program. Keep a copy of it, and compare it with a backup.',
  );
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function shown(names: readonly string[]): string {
  const others = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

function timeText(moment: number): string {
  return formatTime(new Date(moment).toISOString());
}
