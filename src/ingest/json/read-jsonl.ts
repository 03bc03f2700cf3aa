/**
 * Decides that a .jsonl file is one flat object per line.
 * Never joins lines: a line that stops inside its object refuses the file.
 */
import type { RawTable, ReadOptions } from '../raw-table.ts';
import { readJsonTable } from './json-rows.ts';

/** As readJson, but with one object per line; blank lines are left out and `row` is the line's number, from 1. */
export function readJsonl(path: string, options: ReadOptions): Promise<RawTable> {
  return readJsonTable(path, options.encoding, 'lines');
}
