/**
 * Keeps one document of JSON per item in a file, to be found by the item: each is deflated by itself, and an index with their
 * places ends the file. A database would sort and buffer what is never read but one item at a time.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Item, offset and length of its document. */
type Entry = readonly [item: string, offset: number, length: number];

/** Offset and length of the index, as doubles, and these letters. */
const FOOTER_BYTES = 20;
const MAGIC = 'EVDO';
/** Twice as fast as the default, and a tenth larger. */
const LEVEL = 1;
const BUFFER_BYTES = 1 << 20;

/** Writes a file that must not exist yet. */
export class ItemDocumentsWriter {
  private readonly file: number;
  private readonly index: Entry[] = [];
  private offset = 0;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;

  constructor(path: string) {
    this.file = openSync(path, 'wx', 0o600);
  }

  add(document: { readonly item: string }): void {
    const bytes = deflateRawSync(JSON.stringify(document), { level: LEVEL });
    this.index.push([document.item, this.offset, bytes.length]);
    this.write(bytes);
  }

  close(): void {
    const index = deflateRawSync(JSON.stringify(this.index), { level: LEVEL });
    const footer = Buffer.alloc(FOOTER_BYTES);
    footer.writeDoubleLE(this.offset, 0);
    footer.writeDoubleLE(index.length, 8);
    footer.write(MAGIC, 16, 'latin1');
    this.write(index);
    this.write(footer);
    this.flush();
    closeSync(this.file);
  }

  private write(bytes: Uint8Array): void {
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    this.offset += bytes.length;
    if (this.pendingBytes > BUFFER_BYTES) this.flush();
  }

  private flush(): void {
    const bytes = Buffer.concat(this.pending);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
    this.pending = [];
    this.pendingBytes = 0;
  }
}

/** The documents of some items in a file, in no order. Throws where the file is damaged. */
export async function readItemDocuments<T>(path: string, items: ReadonlySet<string>): Promise<T[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const footer = await readBytes(file, size - FOOTER_BYTES, FOOTER_BYTES);
    if (footer.toString('latin1', 16) !== MAGIC) throw new Error('it does not end as a file of documents does');
    const index = await readDocument<Entry[]>(file, footer.readDoubleLE(0), footer.readDoubleLE(8));
    const found: T[] = [];
    for (const [item, offset, length] of index)
      if (items.has(item)) found.push(await readDocument<T>(file, offset, length));
    return found;
  } finally {
    await file.close();
  }
}

async function readDocument<T>(file: FileHandle, offset: number, length: number): Promise<T> {
  return JSON.parse(inflateRawSync(await readBytes(file, offset, length)).toString('utf8')) as T;
}

async function readBytes(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  if (!(offset >= 0)) throw new Error('it is too short');
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead < length) throw new Error('it ends too early');
  return bytes;
}
