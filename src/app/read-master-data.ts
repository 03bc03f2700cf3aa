/** Reads items, packs, aliases and the site cross-reference. Rows that cannot be used are rejections, never errors. */
import type { Configuration, FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { addAlias, addItem, addPack, type MasterData, type MasterFault, type MasterRow } from '../core/normalize/master-data.ts';
import { type FoundFile, findFile } from '../ingest/files/find-file.ts';
import { numberFormatOf, openRows, openSource } from '../ingest/open-source.ts';
import { startMasterData } from './make-plan.ts';

/** A file that was read beside the balances. */
export interface ReadFile {
  readonly kind: SourceKind;
  readonly name: string;
  readonly system: string;
  readonly file: FoundFile;
  readonly rows: number;
  readonly rejections: readonly Rejection[];
}

export interface ReadMasterData {
  readonly master: MasterData;
  readonly files: readonly ReadFile[];
}

export async function readMasterData(configuration: Configuration, directory: string, temporaryDirectory: string): Promise<ReadMasterData> {
  const master = startMasterData(configuration);
  const files: ReadFile[] = [];
  const read = async (kind: 'items' | 'packs' | 'aliases' | 'sites', take: (row: MasterRow, source: FileSourceConfig) => MasterFault | undefined): Promise<void> => {
    const source = configuration[kind];
    if (source !== undefined) files.push(await readFile(kind, source, directory, temporaryDirectory, (row) => take(row, source)));
  };
  await read('sites', (row) => addAlias(master, row, 'site'));
  await read('items', (row, source) => addItem(master, row, numberFormatOf(source)));
  await read('packs', (row, source) => addPack(master, row, numberFormatOf(source)));
  await read('aliases', (row) => addAlias(master, row, 'item'));
  return { master, files };
}

async function readFile(
  kind: SourceKind,
  source: FileSourceConfig,
  directory: string,
  temporaryDirectory: string,
  take: (row: MasterRow) => MasterFault | undefined,
): Promise<ReadFile> {
  const file = await findFile(source.path ?? '', directory);
  const name = source.name ?? kind;
  const rejections: Rejection[] = [];
  let rows = 0;
  const opened = await openSource(kind, source, file, temporaryDirectory);
  const table = await openRows(opened, temporaryDirectory);
  const columns = [...opened.columns];
  for await (const batch of table.batches) {
    for (const raw of batch) {
      rows++;
      const row: Record<string, string | undefined> = { ...source.constants };
      for (const [column, position] of columns) row[column] = raw.values[position] ?? '';
      const fault = raw.fault ? { ...raw.fault, column: opened.header[raw.fault.column] ?? '' } : take(row);
      if (fault) rejections.push({ source: name, file: file.name, row: raw.row, column: opened.header[opened.columns.get(fault.column) ?? -1] ?? fault.column, value: fault.value, reason: fault.reason });
    }
  }
  return { kind, name, system: '', file, rows, rejections };
}
