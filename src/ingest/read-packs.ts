/** Reads a packs file, perhaps in a thread of its own: it may hold more rows than all other master data. Rows that cannot be used are rejections. */
import type { FileSourceConfig } from '../contract/configuration.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { addPack, emptyMasterData } from '../core/normalize/master-data.ts';
import type { PackColumns } from '../core/normalize/pack-table.ts';
import type { FoundFile } from './files/find-file.ts';
import { numberFormatOf } from './open-source.ts';
import { readMasterFile } from './read-master-file.ts';

export interface ReadPacks {
  readonly columns: PackColumns;
  readonly rows: number;
  readonly rejections: readonly Rejection[];
}

/** `itemCase` as the run reads item codes. */
export async function readPacks(
  source: FileSourceConfig,
  file: FoundFile,
  temporaryDirectory: string,
  itemCase: 'exact' | 'upper',
): Promise<ReadPacks> {
  const master = emptyMasterData('', itemCase);
  const format = numberFormatOf(source);
  const read = await readMasterFile('packs', source, file, temporaryDirectory, (row, number) =>
    addPack(master, row, format, number),
  );
  return { columns: master.packs.toColumns(), ...read };
}
