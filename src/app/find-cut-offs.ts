/** Finds the cut-off of each side before the comparison, also where it stands in the rows. Never judges it. */
import { parseTime } from '../core/normalize/time.ts';
import { openRows } from '../ingest/open-source.ts';
import type { BalanceSource } from './balance-sources.ts';

/** Epoch milliseconds: the ERP's latest cut-off, and the latest of each WMS. */
export interface FoundCutOffs {
  readonly erp: number | undefined;
  readonly wms: ReadonlyMap<string, number>;
}

/** Where the rows carry the cut-off, the first row of the file is read for it. A side without any is left out. */
export async function findCutOffs(
  sources: readonly BalanceSource[],
  temporaryDirectory: string,
): Promise<FoundCutOffs> {
  let erp: number | undefined;
  const wms = new Map<string, number>();
  for (const source of sources) {
    const asOf =
      source.asOf?.epochMs ??
      (source.input.asOfColumn === undefined
        ? undefined
        : await firstCutOff(source, source.input.asOfColumn, temporaryDirectory));
    if (asOf === undefined) continue;
    const { system, role } = source.input.rules;
    if (role === 'erp') erp = Math.max(asOf, erp ?? asOf);
    else wms.set(system, Math.max(asOf, wms.get(system) ?? asOf));
  }
  return { erp, wms };
}

/** The cut-off of the first row. The quality gate refuses a file whose rows differ by more than max_skew. */
async function firstCutOff(
  source: BalanceSource,
  column: number,
  temporaryDirectory: string,
): Promise<number | undefined> {
  const table = await openRows({ ...source.input, file: source.file, unknownColumns: [] }, temporaryDirectory);
  for await (const [row] of table.batches) {
    if (row === undefined) continue;
    const time = parseTime(row.values[column]?.trim() ?? '', source.input.timeFormat);
    return time.ok ? time.value.epochMs : undefined;
  }
  return undefined;
}
