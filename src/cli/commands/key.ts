/** `evenstock key create`. */
import { createKey, type KeyOptions } from '../../app/create-key.ts';
import { EXIT_DONE } from '../exit-code.ts';
import { wholeNumber } from '../limits.ts';
import type { TerminalIo } from '../terminal-io.ts';
import { dataDirectoryOf, storeAddress, userName } from './run-context.ts';

interface KeyFlags {
  readonly name: string;
  readonly role: KeyOptions['role'];
  readonly site?: readonly string[];
  readonly days?: string;
  readonly config: string;
  readonly data?: string;
  readonly store?: string;
  readonly json?: boolean;
}

export async function runKeyCreate(io: TerminalIo, flags: KeyFlags): Promise<number> {
  const days = flags.days === undefined ? undefined : wholeNumber('--days', flags.days, 1, 36_500);
  const { row, secret } = await createKey({
    dataDirectory: dataDirectoryOf(flags),
    storeAddress: storeAddress(io, flags),
    name: flags.name,
    role: flags.role,
    sites: flags.site ?? null,
    days,
    by: `command-line:${userName()}`,
    pid: process.pid,
    now: Date.now,
  });
  if (flags.json) {
    const { id, name, prefix, role } = row;
    io.out.write(`${JSON.stringify({ id, name, prefix, role, sites: flags.site ?? null, secret }, null, 2)}\n`);
    return EXIT_DONE;
  }
  io.err.write('Keep this key: it is shown this once. It goes into the header Authorization: Bearer.\n');
  io.out.write(`${secret}\n`);
  return EXIT_DONE;
}
