/** `evenstock demo`. */
import { join } from 'node:path';
import { EXIT_DONE } from '../exit-code.ts';
import type { TerminalIo } from '../terminal-io.ts';
import { runReconcile } from './reconcile.ts';

interface DemoFlags {
  readonly dir: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly memory?: string;
  readonly threads?: string;
}

export async function runDemo(io: TerminalIo, flags: DemoFlags): Promise<number> {
  const { prepareDemo } = await import('../../app/demo.ts');
  const { faults, inFlight } = await prepareDemo(flags.dir);
  const { dir, ...common } = flags;
  // Quiet: where the report is stands at the end, and nothing here takes long enough for a progress bar.
  const code = await runReconcile(io, {
    ...common,
    quiet: true,
    config: join(dir, 'evenstock.yaml'),
    out: join(dir, 'out'),
    top: '15',
  });
  if (code !== EXIT_DONE || flags.json) return code;
  if (!flags.quiet)
    io.out.write(
      `\n${faults.length} faults were planted and ${inFlight.length} movements left in flight: ${join(dir, 'faults.csv')} and in_flight.csv tell what happened.\n`,
    );
  io.out.write(`${flags.quiet ? '' : 'The report as a page: '}${join(dir, 'out', 'report.html')}\n`);
  return code;
}
