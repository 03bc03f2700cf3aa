/** `evenstock demo`: makes the company, reconciles it, prints the report; then serves it, where somebody is there to look. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_DONE } from '../exit-code.ts';
import { memoryBytes, threadCount, wholeNumber } from '../limits.ts';
import type { TerminalIo } from '../terminal-io.ts';
import { runReconcile } from './reconcile.ts';
import { abortOnInterrupt, dataDirectoryOf } from './run-context.ts';

export interface DemoFlags {
  readonly dir: string;
  readonly port?: string;
  /** false: --no-serve. */
  readonly serve: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly memory?: string;
  readonly threads?: string;
}

export async function runDemo(given: TerminalIo, flags: DemoFlags, version: string): Promise<number> {
  // A store that is set for this machine's server is not the demo's.
  const { EVENSTOCK_STORE: _, ...env } = given.env;
  const io = { ...given, env };
  const port = flags.port === undefined ? undefined : wholeNumber('--port', flags.port, 0, 65_535);
  const { dir, memory, threads, json } = flags;
  const { faults, inFlight } = await makeDemo(dir, { memory, threads });
  // Quiet: where the report is stands at the end, and nothing here takes long enough for a progress bar.
  const code = await runReconcile(io, {
    ...(memory !== undefined && { memory }),
    ...(threads !== undefined && { threads }),
    ...(json !== undefined && { json }),
    quiet: true,
    config: join(dir, 'evenstock.yaml'),
    out: join(dir, 'out'),
    top: '15',
  });
  if (code !== EXIT_DONE) return code;
  if (!json) {
    if (!flags.quiet)
      io.out.write(
        `\n${faults.length} faults were planted and ${inFlight.length} movements left in flight: ${join(dir, 'faults.csv')} and in_flight.csv tell what happened.\n`,
      );
    io.out.write(`${flags.quiet ? '' : 'The report as a page: '}${join(dir, 'out', 'report.html')}\n`);
  }
  const isServed = wantsConsole(flags, { ...io, isAttended: process.stdin.isTTY || io.out.isTTY });
  if (isServed) return (await import('./serve-demo.ts')).serveDemo(io, { ...flags, port }, version);
  if (!json && !flags.quiet) io.out.write(`The console: ${commandOf(dir)}\n`);
  return code;
}

/** The company, and the runs that it looks back on. */
async function makeDemo(
  dir: string,
  { memory, threads }: { readonly memory: string | undefined; readonly threads: string | undefined },
): Promise<Awaited<ReturnType<typeof import('../../app/demo.ts').prepareDemo>>> {
  const [limit, count] = [memoryBytes(memory), threadCount(threads)];
  const { prepareDemo } = await import('../../app/demo.ts');
  const { makeEarlierRuns } = await import('../../app/demo-runs.ts');
  const earlier = await mkdtemp(join(tmpdir(), 'evenstock-demo-'));
  const interrupt = abortOnInterrupt();
  try {
    const made = await prepareDemo(dir, earlier, { pid: process.pid, since: Date.now() });
    await makeEarlierRuns(made.earlier, {
      dataDirectory: dataDirectoryOf({ config: join(dir, 'evenstock.yaml') }),
      memoryBytes: limit,
      threads: count,
      pid: process.pid,
      signal: interrupt.signal,
    });
    return made;
  } finally {
    interrupt.dispose();
    await rm(earlier, { recursive: true, force: true });
  }
}

/** A script must not wait for ever for a server that it did not ask for; a person at a terminal wants to look. */
export function wantsConsole(
  { serve, port, json }: Pick<DemoFlags, 'serve' | 'port' | 'json'>,
  { env, isAttended }: Pick<TerminalIo, 'env'> & { readonly isAttended: boolean },
): boolean {
  if (!serve) return false;
  if (port !== undefined) return true;
  const isAutomated = !['', '0', 'false'].includes((env['CI'] ?? '').toLowerCase());
  return isAttended && !isAutomated && json !== true;
}

function commandOf(dir: string): string {
  const folder = dir === 'evenstock-demo' ? '' : ` --dir ${/[^\w./-]/.test(dir) ? `'${dir}'` : dir}`;
  return `evenstock demo${folder} --port 8470`;
}
