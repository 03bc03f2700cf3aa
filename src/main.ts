/** Wires everything: runs the command line and ends with its exit code. */
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { makeProgram } from './cli/program.ts';
import { printFailure, type TerminalIo } from './cli/terminal-io.ts';

/** Runs one command line; `argv` as Node gives it. */
export async function main(argv: readonly string[]): Promise<void> {
  const io: TerminalIo = { out: process.stdout, err: process.stderr, env: process.env };
  // A reader that goes away (`| head`) ends the printing, not the run.
  for (const stream of [io.out, io.err])
    stream.on('error', (error: NodeJS.ErrnoException) => void (error.code === 'EPIPE' ? undefined : process.exit(70)));
  const { version } = JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string };
  const program = makeProgram(io, version, (code) => {
    process.exitCode = code;
  });
  program.exitOverride();
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else process.exitCode = printFailure(io, error);
  }
}

/** package.json stands above `src` in a checkout, and above `dist/src` in a package. */
function packageFile(): URL {
  return new URL(import.meta.url.includes('/dist/src/') ? '../../package.json' : '../package.json', import.meta.url);
}
