/**
 * Decides that a .json file is one document with one array of flat objects.
 * Never parses a number: its digits go on as they are written.
 */
import type { RawTable, ReadOptions } from '../raw-table.ts';
import { readJsonTable } from './json-rows.ts';

/**
 * Reads an array of flat objects, or an object with exactly one such array directly in it (`{"rows": […]}`).
 * The header is the union of the keys in the order in which they first appear; `row` is the object's index, the first is 1.
 * Booleans become `true` and `false`; absent keys and null become null; a nested value is a fault of its row.
 * Reads UTF-8, UTF-16 with a byte order mark, or `options.encoding`; the other options do not apply.
 * Throws Failure before the first row: `refused` for files that are damaged or of another shape, `unreachable` for files that cannot be opened.
 */
export function readJson(path: string, options: ReadOptions): Promise<RawTable> {
  return readJsonTable(path, options.encoding, 'document');
}
