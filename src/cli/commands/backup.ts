/** `evenstock backup` and `evenstock restore`. */
import { dirname, join, resolve } from 'node:path';
import { type BackupOptions, type BackupSummary, backup, restore } from '../../app/backup.ts';
import { EXIT_DONE } from '../exit-code.ts';
import type { TerminalIo } from '../terminal-io.ts';
import { abortOnInterrupt, type CommonOptions, storeAddress } from './run-context.ts';

interface BackupFlags extends CommonOptions {
  readonly store?: string;
}

export const runBackup = (io: TerminalIo, folder: string, flags: BackupFlags): Promise<number> =>
  run(io, folder, flags, backup, 'Backed up');

export const runRestore = (io: TerminalIo, folder: string, flags: BackupFlags): Promise<number> =>
  run(io, folder, flags, restore, 'Restored');

async function run(
  io: TerminalIo,
  folder: string,
  flags: BackupFlags,
  work: (options: BackupOptions) => Promise<BackupSummary>,
  done: string,
): Promise<number> {
  const interrupt = abortOnInterrupt();
  try {
    const summary = await work({
      // The data directory follows from the configuration's place alone: a backup must not need a configuration.
      dataDirectory:
        flags.data === undefined ? join(dirname(resolve(flags.config)), '.evenstock') : resolve(flags.data),
      storeAddress: storeAddress(io, flags),
      folder,
      pid: process.pid,
      now: Date.now,
      signal: interrupt.signal,
    });
    const { rows, tables, files, bytes } = summary;
    if (flags.json) io.out.write(`${JSON.stringify(summary, null, 2)}\n`);
    else if (!flags.quiet) io.out.write(`${done}: ${rows} rows of ${tables} tables, ${files} files, ${bytes} bytes.\n`);
    return EXIT_DONE;
  } finally {
    interrupt.dispose();
  }
}
