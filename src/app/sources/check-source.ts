/** Opens the newest file of one source and says what it sees. Never imports it, and never reads it to its end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedConfiguration } from '../../config/load-configuration.ts';
import type { BalanceSourceConfig } from '../../contract/configuration.ts';
import { Failure } from '../../core/model/failure.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import type { FoundFile } from '../../ingest/files/find-file.ts';
import { openSource } from '../../ingest/open-source.ts';
import { openBalanceSource } from '../balance-sources.ts';
import type { NamedSource } from '../named-sources.ts';
import { type PinnedFiles, SourceFiles } from '../source-files.ts';
import { NO_ROWS, type ShownProblem, type ShownRows, showRows } from './show-rows.ts';

export interface CheckedNow extends ShownRows {
  readonly file: FoundFile | undefined;
  readonly header: readonly string[];
  /** Canonical name → column. */
  readonly columns: readonly (readonly [string, string])[];
  readonly unknownColumns: readonly string[];
  /** The cut-off of a snapshot, where it is not in its rows. */
  readonly asOf: string | undefined;
  readonly problem: ShownProblem | null;
}

/** A source with a path is looked for there, also where files were brought in for it. */
export async function checkSource(
  source: NamedSource,
  loaded: LoadedConfiguration,
  pinned: PinnedFiles,
  plan: Plan,
): Promise<CheckedNow> {
  const work = await mkdtemp(join(tmpdir(), 'evenstock-check-'));
  const files = new SourceFiles(loaded, source.config.path === undefined ? pinned : {});
  let file: FoundFile | undefined;
  try {
    const found =
      source.kind === 'balances'
        ? await openBalanceSource(loaded.configuration, source.config as BalanceSourceConfig, files, work)
        : { ...(await files.find(source.config)), asOf: undefined };
    file = found.file;
    const opened = await openSource(source.kind, found.config, found.file, await mkdtemp(join(work, 'open-')));
    const frame = { configuration: loaded.configuration, plan, work };
    return {
      file,
      header: opened.header,
      columns: [...opened.columns].map(([name, at]) => [name, opened.header[at] ?? ''] as const),
      unknownColumns: opened.unknownColumns.filter((column) => column !== ''),
      asOf: found.asOf?.text,
      ...(await showRows(opened, { ...source, config: found.config }, frame)),
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Paths of the machine are nobody's business.
    const message = error.message.replaceAll(`${loaded.directory}/`, '');
    const problem = { code: error.code, message, action: error.action };
    return { file, header: [], columns: [], unknownColumns: [], asOf: undefined, ...NO_ROWS, problem };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
