/** What every command that runs a comparison reads from its options. */
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { OUT_FORMATS, type OutFormat } from '../../app/write-outputs.ts';
import { type LoadedConfiguration, loadConfiguration } from '../../config/load-configuration.ts';
import { Failure } from '../../core/model/failure.ts';
import type { TerminalIo } from '../terminal-io.ts';

export interface CommonOptions {
  readonly config: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export async function loadContext(
  io: TerminalIo,
  options: CommonOptions,
): Promise<{ loaded: LoadedConfiguration; dataDirectory: string }> {
  const loaded = await loadConfiguration(options.config, io.env);
  return { loaded, dataDirectory: dataDirectoryOf(options) };
}

/** Beside the configuration, where --data does not say otherwise. */
export function dataDirectoryOf({ config, data }: Pick<CommonOptions, 'config' | 'data'>): string {
  return data === undefined ? resolve(dirname(resolve(config)), '.evenstock') : resolve(data);
}

/** Where the work state is: --store, else EVENSTOCK_STORE; undefined is the file in the data directory. */
export function storeAddress(io: TerminalIo, options: { readonly store?: string }): string | undefined {
  return options.store ?? (io.env['EVENSTOCK_STORE'] || undefined);
}

/** Splits --format into what is printed and what is written. */
export function parseFormats(given: readonly string[] | undefined): { isTable: boolean; formats: OutFormat[] } {
  if (given === undefined) return { isTable: true, formats: [...OUT_FORMATS] };
  for (const name of given) {
    if (name !== 'table' && !OUT_FORMATS.includes(name as OutFormat)) {
      throw new Failure(
        'usage',
        'FORMAT_UNKNOWN',
        `--format ${name}: expected some of table, ${OUT_FORMATS.join(', ')}`,
        'Correct the option.',
      );
    }
  }
  return { isTable: given.includes('table'), formats: OUT_FORMATS.filter((name) => given.includes(name)) };
}

/** Who runs this, for the record of a forced run. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** A signal that the first Ctrl-C raises; the second one ends the process at once. */
export function abortOnInterrupt(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
