/**
 * Keeps one document of JSON per item in a file, to be found by the item: some are deflated together, and an index of these blocks
 * ends the file. A database would sort and buffer what is never read but one item at a time.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { fromColumns, isColumnTable, toColumns } from './column-table.ts';

/** A block of documents, one a line: their items in this order, its offset and length. */
type Block = readonly [items: readonly string[], offset: number, length: number];

/** Offset and length of the index, as doubles, and these letters. */
const FOOTER_BYTES = 20;
const MAGIC = 'EVD2';
/** Twice as fast as the default, and a tenth larger. */
const LEVEL = 1;
/** Characters of a block: what a million small documents cost each by itself is shared by some hundred, and one is still read at once. */
const BLOCK_LENGTH = 1 << 18;

/** Writes a file that must not exist yet. */
export class ItemDocumentsWriter {
  private readonly file: number;
  private readonly index: Block[] = [];
  private offset = 0;
  private items: string[] = [];
  private pending = '';

  constructor(path: string) {
    this.file = openSync(path, 'wx', 0o600);
  }

  /**
   * True where a block was written. `tables`: those of its lists whose many rows have one shape; they come back as the lists
   * that they are.
   */
  add<T extends { readonly item: string }>(document: T, tables: readonly (keyof T & string)[] = []): boolean {
    const told: Record<string, unknown> = { ...document };
    for (const name of tables) told[name] = toColumns(document[name] as readonly object[]);
    this.items.push(document.item);
    this.pending += `${JSON.stringify(told)}\n`;
    if (this.pending.length < BLOCK_LENGTH) return false;
    this.writeBlock();
    return true;
  }

  close(): void {
    if (this.items.length > 0) this.writeBlock();
    const index = deflateRawSync(JSON.stringify(this.index), { level: LEVEL });
    const footer = Buffer.alloc(FOOTER_BYTES);
    footer.writeDoubleLE(this.offset, 0);
    footer.writeDoubleLE(index.length, 8);
    footer.write(MAGIC, 16, 'latin1');
    this.write(index);
    this.write(footer);
    closeSync(this.file);
  }

  private writeBlock(): void {
    const bytes = deflateRawSync(this.pending, { level: LEVEL });
    this.index.push([this.items, this.offset, bytes.length]);
    this.write(bytes);
    this.items = [];
    this.pending = '';
  }

  private write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
    this.offset += bytes.length;
  }
}

/** The documents of some items in a file, in no order. Throws where the file is damaged. */
export async function readItemDocuments<T>(path: string, items: ReadonlySet<string>): Promise<T[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const footer = await readBytes(file, size - FOOTER_BYTES, FOOTER_BYTES);
    if (footer.toString('latin1', 16) !== MAGIC) throw new Error('it does not end as a file of documents does');
    const index = JSON.parse(await inflated(file, footer.readDoubleLE(0), footer.readDoubleLE(8))) as Block[];
    const found: T[] = [];
    for (const [held, offset, length] of index) {
      if (!held.some((item) => items.has(item))) continue;
      const documents = (await inflated(file, offset, length)).split('\n');
      for (const [position, item] of held.entries())
        if (items.has(item)) found.push(withRows(JSON.parse(documents[position] as string) as T & object));
    }
    return found;
  } finally {
    await file.close();
  }
}

function withRows<T extends object>(document: T): T {
  for (const [name, value] of Object.entries(document))
    if (isColumnTable(value)) Object.assign(document, { [name]: fromColumns(value) });
  return document;
}

async function inflated(file: FileHandle, offset: number, length: number): Promise<string> {
  return inflateRawSync(await readBytes(file, offset, length)).toString('utf8');
}

async function readBytes(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  if (!(offset >= 0)) throw new Error('it is too short');
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead < length) throw new Error('it ends too early');
  return bytes;
}
