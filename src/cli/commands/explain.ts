/** `evenstock explain`. */
import { explainItem, readItemAliases } from '../../app/explain-item.ts';
import type { ItemAlias } from '../../app/find-item.ts';
import { readServerPins } from '../../app/pin-imports.ts';
import { loadConfiguration } from '../../config/load-configuration.ts';
import { Failure } from '../../core/model/failure.ts';
import { EXIT_DONE } from '../exit-code.ts';
import { hasColor, type TerminalIo, widthOf } from '../terminal-io.ts';
import { type CommonOptions, dataDirectoryOf, storeAddress } from './run-context.ts';

interface ExplainFlags extends CommonOptions {
  readonly site?: string;
  readonly lot?: string;
  readonly run?: string;
  readonly all?: boolean;
  readonly store?: string;
}

export async function runExplain(io: TerminalIo, item: string, flags: ExplainFlags): Promise<number> {
  const { view, how } = await explainItem({
    // As for a report: what a run kept can be read whatever became of the configuration.
    dataDirectory: dataDirectoryOf(flags),
    runId: flags.run,
    item,
    site: flags.site,
    lot: flags.lot,
    aliases: () => aliasesOf(io, flags),
  });
  if (how !== '' && !flags.quiet) io.err.write(`${item} is taken for ${view.item}: ${how}.\n`);
  if (flags.json) {
    io.out.write(`${JSON.stringify(view, null, 2)}\n`);
    return EXIT_DONE;
  }
  const { renderItemText } = await import('../../report/item-text.ts');
  const options = { color: hasColor(io.out, io.env), width: widthOf(io.out), all: flags.all === true };
  io.out.write(renderItemText(view, options));
  return EXIT_DONE;
}

/**
 * Aliases are of help only: without a configuration that can be read there are none. In a server's data directory they are
 * those that its runs read: the file that was brought in, which may be another one than now lies at the path.
 */
async function aliasesOf(io: TerminalIo, flags: ExplainFlags): Promise<readonly ItemAlias[]> {
  try {
    const loaded = await loadConfiguration(flags.config, io.env);
    const pinned = await readServerPins(loaded, dataDirectoryOf(flags), storeAddress(io, flags)).catch(() => undefined);
    return await readItemAliases(loaded, pinned);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
