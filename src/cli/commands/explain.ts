/** `evenstock explain`. */
import { dirname, join, resolve } from 'node:path';
import { explainItem, readItemAliases } from '../../app/explain-item.ts';
import type { ItemAlias } from '../../app/find-item.ts';
import { loadConfiguration } from '../../config/load-configuration.ts';
import { Failure } from '../../core/model/failure.ts';
import { EXIT_DONE } from '../exit-code.ts';
import { hasColor, type TerminalIo, widthOf } from '../terminal-io.ts';
import type { CommonOptions } from './run-context.ts';

interface ExplainFlags extends CommonOptions {
  readonly site?: string;
  readonly lot?: string;
  readonly run?: string;
  readonly all?: boolean;
}

export async function runExplain(io: TerminalIo, item: string, flags: ExplainFlags): Promise<number> {
  const { view, how } = await explainItem({
    // As for a report: what a run kept can be read whatever became of the configuration.
    dataDirectory: flags.data === undefined ? join(dirname(resolve(flags.config)), '.evenstock') : resolve(flags.data),
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

/** Aliases are of help only: without a configuration that can be read there are none. */
async function aliasesOf(io: TerminalIo, { config }: ExplainFlags): Promise<readonly ItemAlias[]> {
  try {
    return await readItemAliases(await loadConfiguration(config, io.env));
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
