/**
 * Decides how discrepancies become JSON: one array of objects with the contract's column names.
 * Never turns a decimal into a JSON number: every value is a string, '' where there is nothing to say.
 */
import type { DiscrepancyLine } from '../contract/run.ts';
import { DISCREPANCY_COLUMNS } from '../contract/run.ts';
import { writePieces } from './file-sink.ts';

const COLUMNS: string[] = [...DISCREPANCY_COLUMNS];

function* jsonPieces(lines: Iterable<DiscrepancyLine>): Generator<string> {
  let first = true;
  for (const line of lines) {
    // The list of names picks and orders the columns, whatever else the line carries.
    yield `${first ? '[\n' : ',\n'}${JSON.stringify(line, COLUMNS)}`;
    first = false;
  }
  yield first ? '[]\n' : '\n]\n';
}

/** Writes a JSON array, one object a line, in the order given. Lines are pulled one by one and never held. */
export async function writeJson(path: string, lines: Iterable<DiscrepancyLine>): Promise<void> {
  await writePieces(path, jsonPieces(lines));
}
