/** Where commands print: data on stdout, diagnostics on stderr. */
import type { WriteStream } from 'node:tty';
import { Failure } from '../core/model/failure.ts';
import { exitCodeOf } from './exit-code.ts';

export interface TerminalIo {
  readonly out: WriteStream;
  readonly err: WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether a stream takes colours: a terminal without NO_COLOR. */
export function hasColor(stream: WriteStream, env: TerminalIo['env']): boolean {
  return Boolean(stream.isTTY) && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

export function widthOf(stream: WriteStream): number {
  return stream.isTTY ? stream.columns || 80 : 80;
}

/** Says what failed and what to do; a bug also with its stack where EVENSTOCK_DEBUG is set. Returns the exit code. */
export function printFailure(io: TerminalIo, error: unknown): number {
  if (error instanceof Failure) {
    io.err.write(`evenstock: ${error.message}\n`);
    if (error.action !== '') io.err.write(`${error.action}\n`);
  } else {
    const bug = error as Error;
    io.err.write(`evenstock: this is a bug of evenstock: ${bug?.message ?? String(error)}\n`);
    if (io.env['EVENSTOCK_DEBUG']) io.err.write(`${bug?.stack ?? ''}\n`);
    else io.err.write('Run again with EVENSTOCK_DEBUG=1 and report what it prints.\n');
  }
  return exitCodeOf(error);
}
