/** `evenstock import`. */
import { randomBytes } from 'node:crypto';
import { type ImportedFile, importFiles } from '../../app/import-files.ts';
import { EXIT_DONE, exitCodeOfKind } from '../exit-code.ts';
import type { TerminalIo } from '../terminal-io.ts';
import { abortOnInterrupt, type CommonOptions, loadContext, storeAddress, userName } from './run-context.ts';

interface ImportFlags extends CommonOptions {
  readonly system?: string;
  readonly source?: string;
  readonly store?: string;
}

export async function runImport(
  io: TerminalIo,
  kind: string,
  files: readonly string[],
  flags: ImportFlags,
): Promise<number> {
  const { loaded, dataDirectory } = await loadContext(io, flags);
  const interrupt = abortOnInterrupt();
  try {
    const imported = await importFiles({
      loaded,
      dataDirectory,
      storeAddress: storeAddress(io, flags),
      to: { part: kind, system: flags.system, source: flags.source },
      files,
      receivedBy: `command-line:${userName()}`,
      pid: process.pid,
      now: Date.now,
      random: () => randomBytes(10),
      signal: interrupt.signal,
      onImported: (file) => {
        if (!flags.json) io.out.write(`${sentenceOf(file)}\n`);
      },
    });
    if (flags.json) io.out.write(`${JSON.stringify(imported, null, 2)}\n`);
    return imported.some(({ state }) => state === 'refused') ? exitCodeOfKind('refused') : EXIT_DONE;
  } finally {
    interrupt.dispose();
  }
}

function sentenceOf({ file, is_new, id, source, rows, state, failure }: ImportedFile): string {
  if (!is_new) return `${file}: brought in before as ${id} (${state}); nothing was done`;
  const count = rows === null ? '' : `, ${rows} ${rows === 1 ? 'row' : 'rows'}`;
  return `${file}: ${state} for ${source} as ${id}${count}${failure === null ? '' : `: ${failure}`}`;
}
