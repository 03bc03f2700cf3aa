/** Reads a file of master data row by row. Rows that cannot be used are rejections, never errors. */
import type { FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { Rejection } from '../core/model/rejection.ts';
import type { MasterFault, MasterRow } from '../core/normalize/master-data.ts';
import type { FoundFile } from './files/find-file.ts';
import { openRows, openSource } from './open-source.ts';

/** `take` gets each row by canonical column names, in an object that is used again, and its number; it returns the fault that stopped the row, if any. */
export async function readMasterFile(
  kind: SourceKind,
  source: FileSourceConfig,
  file: FoundFile,
  temporaryDirectory: string,
  take: (row: MasterRow, number: number) => MasterFault | undefined,
  signal?: AbortSignal,
): Promise<{ readonly rows: number; readonly rejections: readonly Rejection[] }> {
  const name = source.name ?? kind;
  const rejections: Rejection[] = [];
  let rows = 0;
  const opened = await openSource(kind, source, file, temporaryDirectory);
  const reject = (row: number, fault: MasterFault): void => {
    const column = opened.header[opened.columns.get(fault.column) ?? -1] ?? fault.column;
    const { value, reason } = fault;
    rejections.push({ source: name, file: file.name, row, column, value, reason });
  };
  const columns = [...opened.columns];
  // One object for all rows: `take` keeps texts, never the row.
  const row: Record<string, string | undefined> = { ...source.constants };
  const { content } = opened;
  if (content.kind === 'delimited') {
    const { eachRecord } = await import('./delimited/read-delimited.ts');
    const names = columns.map(([column]) => column);
    const positions = columns.map(([, position]) => position);
    const parts = eachRecord(content.delimited, positions, (texts, number) => {
      rows++;
      for (let at = 0; at < names.length; at++) row[names[at] as string] = texts[at];
      const fault = take(row, number);
      if (fault !== undefined) reject(number, fault);
    });
    for await (const _ of parts) refuseCancelled(signal);
    return { rows, rejections };
  }
  const table = await openRows(opened, temporaryDirectory);
  for await (const batch of table.batches) {
    refuseCancelled(signal);
    for (const raw of batch) {
      rows++;
      for (const [column, position] of columns) row[column] = raw.values[position] ?? '';
      const fault = raw.fault ? { ...raw.fault, column: opened.header[raw.fault.column] ?? '' } : take(row, raw.row);
      if (fault !== undefined) reject(raw.row, fault);
    }
  }
  return { rows, rejections };
}

function refuseCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Failure('cancelled', 'CANCELLED', 'The run was cancelled; nothing was written.');
}
