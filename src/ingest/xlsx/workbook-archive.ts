/**
 * Decides whether a file is a workbook that is safe to unpack, and hands out the text of its parts.
 * Never holds a whole part in memory and never interprets one.
 */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { Failure } from '../../core/model/failure.ts';

const ENTRIES_MAX = 10_000;
const UNPACKED_BYTES_MAX = 2 * 1024 ** 3;
/** Below this size a high ratio is harmless: sheets of repeated rows shrink to a hundredth. */
const RATIO_CHECKED_FROM_BYTES = 200 * 1024 ** 2;
const RATIO_MAX = 200;

const ZIP_SIGNATURE = '504b0304';
const OLE_SIGNATURE = 'd0cf11e0a1b11ae1';
const ARCHIVE_NAME = /\.(zip|7z|rar|gz|tgz|tar|bz2|xz|zst|jar|xls|xlsx|xlsm|xlsb|xltx|docx|docm|pptx|ods)$/i;
const MACRO_NAME = /(^|\/)vba(project|data)[^/]*$/i;

/** An open workbook. Part names are matched without regard to case, as Excel does. `close` must be called. */
export interface WorkbookArchive {
  readonly fileName: string;
  has(part: string): boolean;
  /** Unpacked size in bytes as the archive declares it; reading stops where it proves false. 0 for an absent part. */
  sizeBytes(part: string): number;
  /** The part's text in pieces; throws a refusal where size, checksum or encoding prove it damaged. */
  text(part: string): AsyncGenerator<string>;
  close(): void;
}

/**
 * Opens a workbook after checking signature, encryption, macros, nested archives and declared sizes.
 * Throws Failure: `refused` for what must not be read, `unreachable` where the file cannot be opened.
 */
export async function openWorkbookArchive(path: string): Promise<WorkbookArchive> {
  const fileName = basename(path);
  await checkSignature(path, fileName);
  if (/\.(xlsm|xltm|xlam)$/i.test(fileName)) throw macros(fileName, 'its name says so');
  const { openPromise } = (await import('yauzl')).default;
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw damaged(fileName, reasonOf(error));
  });
  try {
    const entries = await checkedEntries(zip, fileName);
    return archiveOf(zip, entries, fileName);
  } catch (error) {
    zip.close();
    throw error instanceof Failure ? error : damaged(fileName, reasonOf(error));
  }
}

/** The refusal of a workbook whose bytes contradict themselves. */
export function damaged(fileName: string, found: string): Failure {
  return new Failure(
    'refused',
    'XLSX_DAMAGED',
    `${fileName}: the workbook is damaged or cut off: ${found}.`,
    'Transfer or export the file again; open it in a spreadsheet program and save it as .xlsx if it was made by another tool.',
  );
}

async function checkSignature(path: string, fileName: string): Promise<void> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      'unreachable',
      'FILE_UNREADABLE',
      `${fileName}: cannot be opened (${error.code ?? error.message}).`,
      'Check the path and the permissions.',
    );
  });
  try {
    const head = Buffer.alloc(512);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead === 0)
      throw new Failure(
        'refused',
        'EMPTY',
        `${fileName}: the file has 0 bytes; an empty file is never zero stock.`,
        'Export the file again.',
      );
    const signature = head.toString('hex', 0, 8);
    if (signature.startsWith(ZIP_SIGNATURE)) return;
    if (signature === OLE_SIGNATURE) {
      // The directory of an OLE file starts at this sector; sector 0 follows the header.
      const sectorBytes = 2 ** Math.min(head.readUInt16LE(30), 16);
      const directory = Buffer.alloc(4096);
      await file.read(directory, 0, directory.length, (head.readUInt32LE(48) + 1) * sectorBytes);
      throw oleRefusal(fileName, directory);
    }
    const shown = JSON.stringify(head.toString('latin1', 0, Math.min(bytesRead, 12)));
    throw new Failure(
      'refused',
      'NOT_XLSX',
      `${fileName}: not an .xlsx workbook: it begins with ${shown}, an .xlsx begins with "PK".`,
      'Declare the format that the file really has, or export it as .xlsx.',
    );
  } finally {
    await file.close();
  }
}

function oleRefusal(fileName: string, directory: Buffer): Failure {
  const holds = (name: string) => directory.includes(Buffer.from(`${name}\0`, 'utf16le'));
  if (holds('Workbook') || holds('Book')) {
    return new Failure(
      'refused',
      'OLD_XLS',
      `${fileName}: an old .xls workbook (OLE compound file); expected .xlsx.`,
      'Save it as .xlsx.',
    );
  }
  return encrypted(fileName, 'an OLE compound file, as workbooks protected by a password are');
}

function encrypted(fileName: string, found: string): Failure {
  return new Failure(
    'refused',
    'XLSX_ENCRYPTED',
    `${fileName}: the workbook is encrypted: ${found}.`,
    'Save it without a password.',
  );
}

function macros(fileName: string, found: string): Failure {
  return new Failure(
    'refused',
    'XLSX_MACROS',
    `${fileName}: a workbook with macros is not read: ${found}.`,
    'Save it as .xlsx, which holds no macros.',
  );
}

function bomb(fileName: string, found: string, expected: string): Failure {
  return new Failure(
    'refused',
    'ZIP_BOMB',
    `${fileName}: ${found}; expected at most ${expected}.`,
    'Export fewer sheets or rows per file, or use csv; do not open the file if you do not know its sender.',
  );
}

async function checkedEntries(zip: ZipFile, fileName: string): Promise<Map<string, Entry>> {
  if (zip.entryCount > ENTRIES_MAX)
    throw bomb(fileName, `${zip.entryCount} entries in the archive`, String(ENTRIES_MAX));
  const entries = new Map<string, Entry>();
  let unpackedBytes = 0;
  let packedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    unpackedBytes += entry.uncompressedSize;
    packedBytes += entry.compressedSize;
    if (entry.isEncrypted()) throw encrypted(fileName, `entry ${entry.fileName} is protected by a password`);
    if (MACRO_NAME.test(entry.fileName)) throw macros(fileName, `it holds ${entry.fileName}`);
    if (ARCHIVE_NAME.test(entry.fileName)) {
      throw new Failure(
        'refused',
        'NESTED_ARCHIVE',
        `${fileName}: holds another archive, ${entry.fileName}.`,
        'Unpack the file and give the workbook itself, without embedded files.',
      );
    }
    const name = entry.fileName.toLowerCase();
    if (entries.has(name)) throw damaged(fileName, `two entries are named ${entry.fileName}`);
    entries.set(name, entry);
  }
  if (unpackedBytes > UNPACKED_BYTES_MAX) throw bomb(fileName, `unpacks to ${sizeText(unpackedBytes)}`, '2048 MB');
  const ratio = unpackedBytes / Math.max(packedBytes, 1);
  if (unpackedBytes > RATIO_CHECKED_FROM_BYTES && ratio > RATIO_MAX) {
    throw bomb(
      fileName,
      `unpacks from ${sizeText(packedBytes)} to ${sizeText(unpackedBytes)}, ${Math.round(ratio)} times its size`,
      `${RATIO_MAX} times`,
    );
  }
  return entries;
}

function archiveOf(zip: ZipFile, entries: ReadonlyMap<string, Entry>, fileName: string): WorkbookArchive {
  return {
    fileName,
    has: (part) => entries.has(part.toLowerCase()),
    sizeBytes: (part) => entries.get(part.toLowerCase())?.uncompressedSize ?? 0,
    text: (part) => {
      const entry = entries.get(part.toLowerCase());
      if (entry === undefined) throw damaged(fileName, `${part} is missing`);
      return partText(zip, entry, fileName);
    },
    close: () => zip.close(),
  };
}

async function* partText(zip: ZipFile, entry: Entry, fileName: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let checksum = 0;
  try {
    const stream: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry);
    for await (const bytes of stream) {
      checksum = crc32(bytes, checksum);
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw error instanceof Failure ? error : damaged(fileName, `${entry.fileName}: ${reasonOf(error)}`);
  }
  // Inflating notices most flipped bits, but not all of them, and none in stored entries.
  if (checksum !== entry.crc32) throw damaged(fileName, `the checksum of ${entry.fileName} does not fit its bytes`);
}

function sizeText(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KB` : `${Math.round(bytes / 1024 ** 2)} MB`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
