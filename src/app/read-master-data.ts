/** Reads items, packs, aliases and the site cross-reference. Rows that cannot be used are rejections, never errors. */
import type { Configuration, FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { addAlias, addItem, type MasterData, type MasterFault, type MasterRow } from '../core/normalize/master-data.ts';
import type { FoundFile } from '../ingest/files/find-file.ts';
import { numberFormatOf } from '../ingest/open-source.ts';
import { readMasterFile } from '../ingest/read-master-file.ts';
import { readPacks } from '../ingest/read-packs.ts';
import { startMasterData } from './make-plan.ts';
import type { SourceFiles } from './source-files.ts';

/** A file that was read beside the balances. */
export interface ReadFile {
  readonly kind: SourceKind;
  readonly name: string;
  readonly system: string;
  readonly file: FoundFile;
  readonly rows: number;
  readonly rejections: readonly Rejection[];
}

/** Told of a file that cannot be read; the others are read all the same. */
export type OnSourceFailure = (kind: SourceKind, source: FileSourceConfig, failure: Failure) => void;

export interface ReadMasterData {
  readonly master: MasterData;
  readonly files: readonly ReadFile[];
}

/** Reads a packs file elsewhere, such as in another thread. */
export type PacksReader = typeof readPacks;

/**
 * Without `onFailure` the first file that cannot be read throws its Failure. With `packsElsewhere` the packs are read there
 * while this thread reads the items.
 */
export async function readMasterData(
  configuration: Configuration,
  sourceFiles: SourceFiles,
  temporaryDirectory: string,
  options: {
    readonly onFailure?: OnSourceFailure;
    readonly packsElsewhere?: PacksReader | undefined;
    readonly signal?: AbortSignal;
  } = {},
): Promise<ReadMasterData> {
  const master = startMasterData(configuration);
  const files: ReadFile[] = [];
  const guarded = async (
    kind: MasterKind,
    read: (source: FileSourceConfig, file: FoundFile) => Promise<Omit<ReadFile, 'kind' | 'name' | 'system' | 'file'>>,
  ): Promise<void> => {
    const source = configuration[kind];
    if (source === undefined) return;
    try {
      const { file, config } = await sourceFiles.find(source);
      const { rows, rejections } = await read(config, file);
      files.push({ kind, name: source.name ?? kind, system: '', file, rows, rejections });
    } catch (error) {
      if (options.onFailure === undefined || !(error instanceof Failure)) throw error;
      options.onFailure(kind, source, error);
    }
  };
  const read = (
    kind: MasterKind,
    take: (row: MasterRow, source: FileSourceConfig) => MasterFault | undefined,
  ): Promise<void> =>
    guarded(kind, (source, file) =>
      readMasterFile(kind, source, file, temporaryDirectory, (row) => take(row, source), options.signal),
    );
  const packs = guarded('packs', async (source, file) => {
    const found = await (options.packsElsewhere ?? readPacks)(source, file, temporaryDirectory, master.itemCase);
    master.packs.load(found.columns);
    return found;
  });
  // Until it is awaited below, a failure of it must not count as unhandled.
  packs.catch(() => undefined);
  await read('sites', (row) => addAlias(master, row, 'site'));
  await read('items', (row, source) => addItem(master, row, numberFormatOf(source)));
  await read('aliases', (row) => addAlias(master, row, 'item'));
  await packs;
  return { master, files: withBaseConflicts(files.sort(byKind), master, configuration.packs) };
}

type MasterKind = 'items' | 'packs' | 'aliases' | 'sites';

const ORDER: readonly SourceKind[] = ['sites', 'items', 'packs', 'aliases'];
const byKind = (a: ReadFile, b: ReadFile): number => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);

/** Packs that give another factor than 1 to their item's base unit: the items file stands, and they are rejections. */
function withBaseConflicts(
  files: readonly ReadFile[],
  master: MasterData,
  source: FileSourceConfig | undefined,
): ReadFile[] {
  const conflicts =
    source === undefined ? [] : master.packs.findConflicts((item) => master.items.get(item)?.baseUom ?? '');
  if (conflicts.length === 0) return [...files];
  return files.map((file) => {
    if (file.kind !== 'packs') return file;
    const rejections = conflicts.map(({ row, unit, factor }) => ({
      source: file.name,
      file: file.file.name,
      row,
      column: source?.columns?.['factor'] ?? 'factor',
      value: factor,
      reason: `the base unit ${unit} has the factor 1`,
    }));
    return { ...file, rejections: [...file.rejections, ...rejections].sort((a, b) => a.row - b.row) };
  });
}
