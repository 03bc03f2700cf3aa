/**
 * Decides how a process is measured from outside: wall, CPU of it and its children, peak memory of the whole family.
 * Never looks at what the process prints or writes, but for the moment a path appears.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Measurement {
  readonly wallSeconds: number;
  /** User and system time of the process and of all children it waited for. */
  readonly cpuSeconds: number;
  /** Largest resident memory of one process, or of all together where they are several (sampled, shared pages once). */
  readonly peakBytes: number;
  /** Seconds until `milestone` existed; null where none was asked for or it never did. */
  readonly milestoneSeconds: number | null;
  readonly exitCode: number;
  /** The last lines the process wrote to stderr. */
  readonly complaint: string;
}

const TIME = '/usr/bin/time';
const SAMPLE_MS = 50;
/** Linux reports CPU in ticks of 1/100 s to every program, whatever the kernel's own rate. */
const TICKS_PER_SECOND = 100;

/** Runs a command to its end. `milestone` is a path whose appearance is timed; `limitSeconds` ends the whole process group. */
export async function measureProcess(
  command: readonly string[],
  milestone: string | null,
  limitSeconds: number,
): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const record = join(folder, 'time');
  const exact = existsSync(TIME);
  const [file, ...words] = exact ? [TIME, '-f', '%U %S %M', '-o', record, ...command] : command;
  const start = performance.now();
  const child = spawn(file!, words, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const complaint: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaint.push(text));
  const sampled = { cpuSeconds: 0, peakBytes: 0 };
  let milestoneSeconds: number | null = null;
  const elapsed = (): number => (performance.now() - start) / 1000;
  const sampler = setInterval(() => {
    sampleFamily(child.pid!, sampled);
    if (milestone !== null && milestoneSeconds === null && existsSync(milestone)) milestoneSeconds = elapsed();
  }, SAMPLE_MS);
  const limit = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), limitSeconds * 1000);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 137));
  });
  const wallSeconds = elapsed();
  clearInterval(sampler);
  clearTimeout(limit);
  if (milestone !== null && milestoneSeconds === null && existsSync(milestone)) milestoneSeconds = wallSeconds;
  const timed = exact ? readTimes(record) : null;
  rmSync(folder, { recursive: true, force: true });
  return {
    wallSeconds,
    cpuSeconds: timed?.cpuSeconds ?? sampled.cpuSeconds,
    peakBytes: Math.max(timed?.peakBytes ?? 0, sampled.peakBytes),
    milestoneSeconds,
    exitCode,
    complaint: complaint.join('').trim().split('\n').slice(-3).join(' / '),
  };
}

/** What time(1) wrote; a command that failed has a line of words before it. null where it was killed before writing. */
function readTimes(record: string): { cpuSeconds: number; peakBytes: number } | null {
  if (!existsSync(record)) return null;
  const [user, system, kilobytes] = readFileSync(record, 'utf8').trim().split('\n').at(-1)!.split(' ').map(Number);
  if (kilobytes === undefined) return null;
  return { cpuSeconds: user! + system!, peakBytes: kilobytes * 1024 };
}

/** Adds one look at the family of `root` to the peaks; processes may end while it looks. */
function sampleFamily(root: number, peaks: { cpuSeconds: number; peakBytes: number }): void {
  let own = 0;
  let shared = 0;
  let ticks = 0;
  for (const pid of familyOf(root)) {
    const status = readProc(`/proc/${pid}/status`);
    own += kilobytesOf(status, 'RssAnon');
    shared = Math.max(shared, kilobytesOf(status, 'RssShmem') + kilobytesOf(status, 'RssFile'));
    // After the name in brackets: utime, stime and those of the children already gone are the 12th to 15th words.
    const words = readProc(`/proc/${pid}/stat`).split(') ').at(-1)!.split(' ');
    for (const word of words.slice(11, 15)) ticks += Number(word) || 0;
  }
  peaks.peakBytes = Math.max(peaks.peakBytes, (own + shared) * 1024);
  peaks.cpuSeconds = Math.max(peaks.cpuSeconds, ticks / TICKS_PER_SECOND);
}

function familyOf(root: number): number[] {
  const family = [root];
  for (let next = 0; next < family.length; next++) {
    const tasks = `/proc/${family[next]}/task`;
    for (const task of listProc(tasks)) {
      for (const pid of readProc(`${tasks}/${task}/children`).split(' ')) if (pid !== '') family.push(Number(pid));
    }
  }
  return family;
}

function kilobytesOf(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function listProc(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
