/**
 * Teaches a column the codes of the items file ahead of the rows: learning 200,000 of them one by one as they appear takes
 * ten times as long. Codes that only rows name are learned as they appear.
 */
import { hashBytes, TAIL_BYTES } from '../../ingest/delimited/record-scanner.ts';
import type { CodeColumn } from './code-column.ts';
import type { ItemTable } from './worker-names.ts';

/** Between codes; no code holds it, since files with NUL bytes are refused. */
const SEPARATOR = '\u0000';

/** The known items' codes as bytes, made once for all columns of a worker. */
export class ItemCodes {
  private readonly items: ItemTable;
  private readonly view: DataView;
  /** Where each code starts, and where the one behind the last would. */
  private readonly starts: Int32Array;
  /** A column that knows the items' codes and no others yet: copying it takes a twentieth of the time of teaching one more. */
  private taught: CodeColumn | undefined;
  private taughtSize = 0;

  constructor(items: ItemTable) {
    this.items = items;
    const bytes = new TextEncoder().encode(
      items.names.slice(0, items.known).join(SEPARATOR) + SEPARATOR.repeat(TAIL_BYTES),
    );
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.starts = new Int32Array(items.known + 1);
    let item = 1;
    for (let at = 0; item <= items.known; at++) if (bytes[at] === 0) this.starts[item++] = at + 1;
  }

  /** `aliases`: codes that mean another item in the system of the column. */
  teach(column: CodeColumn, aliases: ReadonlyMap<string, string> | undefined): void {
    const { items, view, starts, taught } = this;
    const isEveryItem = ![...(aliases?.keys() ?? [])].some((alias) => items.isKnown(alias));
    if (isEveryItem && taught !== undefined && taught.size === this.taughtSize)
      return column.takeCodes(taught.copyCodes());
    column.expect(items.known);
    for (let item = 0; item < items.known; item++) {
      if (aliases?.has(items.names[item] as string)) continue;
      const start = starts[item] as number;
      const end = (starts[item + 1] as number) - 1;
      column.learn(view, start, end, hashBytes(view, start, end), item);
    }
    if (!isEveryItem) return;
    this.taught = column;
    this.taughtSize = column.size;
  }
}
