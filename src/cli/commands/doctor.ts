/** `evenstock doctor`. */
import { examine } from '../../app/doctor.ts';
import type { Finding } from '../../app/doctor-finding.ts';
import { EXIT_DONE, exitCodeOfKind } from '../exit-code.ts';
import { memoryBytes, threadCount } from '../limits.ts';
import { hasColor, type TerminalIo, widthOf } from '../terminal-io.ts';
import { type CommonOptions, dataDirectoryOf, storeAddress } from './run-context.ts';

export async function runDoctor(
  io: TerminalIo,
  flags: CommonOptions & { readonly store?: string },
  version: string,
): Promise<number> {
  const findings = await examine({
    version,
    configPath: flags.config,
    dataDirectory: dataDirectoryOf(flags),
    storeAddress: storeAddress(io, flags),
    env: io.env,
    threads: threadCount(undefined),
    memoryBytes: memoryBytes(undefined),
    now: Date.now,
    monotonic: () => performance.now(),
  });
  const problems = findings.filter((finding) => finding.state === 'problem');
  if (flags.json) io.out.write(`${JSON.stringify({ ok: problems.length === 0, findings }, null, 2)}\n`);
  else await printFindings(io, findings);
  if (problems.length === 0) return EXIT_DONE;
  // What is set up wrongly comes first: what cannot be reached may follow from it.
  return exitCodeOfKind(problems.some(({ kind }) => kind === 'configuration') ? 'configuration' : 'unreachable');
}

async function printFindings(io: TerminalIo, findings: readonly Finding[]): Promise<void> {
  const { default: colors } = await import('picocolors');
  const { safeText, wrapText } = await import('../../report/plain-text.ts');
  const paint = colors.createColors(hasColor(io.out, io.env));
  const labels = { ok: paint.green('ok     '), warning: paint.yellow('warning'), problem: paint.red('problem') };
  const width = Math.max(...findings.map((finding) => finding.name.length));
  const indent = ' '.repeat(width + 11);
  for (const { name, state, message, action } of findings) {
    const lines = [...message.split('\n'), ...(action === '' ? [] : [`What to do: ${action}`])];
    const text = lines.map((line) => wrapText(safeText(line), Math.max(48, widthOf(io.out)), indent)).join('\n');
    io.out.write(`${labels[state]}  ${name.padEnd(width)}  ${text.slice(indent.length)}\n`);
  }
}
