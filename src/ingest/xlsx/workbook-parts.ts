/**
 * Decides which sheets, shared texts, number formats and calendar a workbook has.
 * Never reads the sheets' cells.
 */
import { posix } from 'node:path';
import { Failure } from '../../core/model/failure.ts';
import { decodeEscapes } from './cell-text.ts';
import { type NumberFormat, parseNumberFormat } from './number-format.ts';
import { damaged, type WorkbookArchive } from './workbook-archive.ts';
import { readXml } from './xml-events.ts';

export interface WorkbookSheet {
  readonly name: string;
  readonly part: string;
  readonly visible: boolean;
}

export interface Workbook {
  /** Worksheets in the order of their tabs; chart sheets are left out. */
  readonly sheets: readonly WorkbookSheet[];
  readonly date1904: boolean;
  readonly sharedStringsPart: string | undefined;
  readonly stylesPart: string | undefined;
}

interface Relationship {
  readonly type: string;
  readonly target: string;
}

/** These parts are held in memory, so their unpacked size is bounded. A million texts of 100 letters take 120 MB. */
const SHARED_STRINGS_BYTES_MAX = 256 * 1024 ** 2;
const STYLES_BYTES_MAX = 64 * 1024 ** 2;

/** Reads the workbook's table of contents; throws a refusal for macros and for archives that are no .xlsx. */
export async function readWorkbook(archive: WorkbookArchive): Promise<Workbook> {
  await refuseMacros(archive);
  const roots = await readRelationships(archive, '');
  const main = [...roots.values()].find((root) => root.type.endsWith('/officeDocument'))?.target;
  if (main === undefined || !archive.has(main) || !main.endsWith('.xml'))
    throw notWorkbook(archive, 'it has no workbook in it');
  const relationships = await readRelationships(archive, main);
  const sheets: WorkbookSheet[] = [];
  let date1904 = false;
  let root: string | undefined;
  await readXml(archive, main, {
    open(name, attributes) {
      root ??= name;
      if (name === 'workbookPr') date1904 = ['1', 'true', 'on'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
      const target = relationships.get(id);
      if (target === undefined)
        throw damaged(archive.fileName, `sheet ${attributes['name'] ?? ''} refers to the missing relationship ${id}`);
      if (target.type.endsWith('/worksheet')) {
        sheets.push({
          name: attributes['name'] ?? '',
          part: target.target,
          visible: (attributes['state'] ?? 'visible') === 'visible',
        });
      }
    },
  });
  if (root !== 'workbook') throw notWorkbook(archive, `its main part is a ${root ?? 'blank'}`);
  const partOf = (type: string) => [...relationships.values()].find((each) => each.type.endsWith(type))?.target;
  return { sheets, date1904, sharedStringsPart: partOf('/sharedStrings'), stylesPart: partOf('/styles') };
}

/** Chooses the sheet of that name, or the first visible one; throws a refusal that names the sheets. */
export function chooseSheet(workbook: Workbook, wanted: string | undefined, fileName: string): WorkbookSheet {
  const names = workbook.sheets.map((sheet) => `"${sheet.name}"`).join(', ');
  if (workbook.sheets.length === 0) {
    throw new Failure(
      'refused',
      'NO_SHEETS',
      `${fileName}: the workbook has no sheet with cells; expected at least one.`,
      'Export the workbook again.',
    );
  }
  const sheet = workbook.sheets.find((each) => (wanted === undefined ? each.visible : each.name === wanted));
  if (sheet !== undefined) return sheet;
  const found = wanted === undefined ? 'every sheet is hidden' : `there is no sheet "${wanted}"`;
  throw new Failure(
    'refused',
    'NO_SUCH_SHEET',
    `${fileName}: ${found}; its sheets are ${names}.`,
    'Name one of these sheets under sheet.',
  );
}

/** The texts that cells refer to by number, in that order. */
export async function readSharedStrings(
  archive: WorkbookArchive,
  part: string | undefined,
): Promise<readonly string[]> {
  if (part === undefined) return [];
  refuseOversized(archive, part, SHARED_STRINGS_BYTES_MAX);
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let phonetic = false;
  await readXml(archive, part, {
    open(name) {
      if (name === 'si') current = '';
      if (name === 'rPh') phonetic = true;
      inText = name === 't' && !phonetic;
    },
    text(text) {
      if (inText) current += text;
    },
    close(name) {
      inText = false;
      if (name === 'rPh') phonetic = false;
      if (name === 'si') strings.push(decodeEscapes(current));
    },
  });
  return strings;
}

/** The number format of each cell style, by the style's number. */
export async function readNumberFormats(
  archive: WorkbookArchive,
  part: string | undefined,
): Promise<readonly NumberFormat[]> {
  if (part === undefined) return [];
  refuseOversized(archive, part, STYLES_BYTES_MAX);
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let inCellFormats = false;
  await readXml(archive, part, {
    open(name, attributes) {
      if (name === 'cellXfs') inCellFormats = true;
      const id = Number(attributes['numFmtId'] ?? 0);
      // Differential formats (dxfs) repeat numbers of their own, so the first definition counts.
      if (name === 'numFmt' && !codes.has(id)) codes.set(id, attributes['formatCode'] ?? '');
      if (name === 'xf' && inCellFormats) formats.push(parseNumberFormat(id, codes.get(id)));
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return formats;
}

async function refuseMacros(archive: WorkbookArchive): Promise<void> {
  if (!archive.has('[Content_Types].xml'))
    throw notWorkbook(archive, 'it is a zip archive without [Content_Types].xml');
  await readXml(archive, '[Content_Types].xml', {
    open(_name, attributes) {
      const type = attributes['ContentType'] ?? '';
      if (/sheet\.binary/i.test(type)) throw notWorkbook(archive, 'it is an .xlsb');
      if (/macroEnabled|vbaProject/i.test(type)) {
        throw new Failure(
          'refused',
          'XLSX_MACROS',
          `${archive.fileName}: a workbook with macros is not read: it holds ${attributes['PartName'] ?? type}.`,
          'Save it as .xlsx, which holds no macros.',
        );
      }
    },
  });
}

async function readRelationships(archive: WorkbookArchive, source: string): Promise<Map<string, Relationship>> {
  const folder = posix.dirname(source);
  const part = posix.join(folder, '_rels', `${posix.basename(source)}.rels`);
  const found = new Map<string, Relationship>();
  if (!archive.has(part)) return found;
  await readXml(archive, part, {
    open(name, attributes) {
      if (name !== 'Relationship' || attributes['TargetMode'] === 'External') return;
      const target = attributes['Target'] ?? '';
      found.set(attributes['Id'] ?? '', {
        type: attributes['Type'] ?? '',
        target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
      });
    },
  });
  return found;
}

function refuseOversized(archive: WorkbookArchive, part: string, bytesMax: number): void {
  const bytes = archive.sizeBytes(part);
  if (bytes <= bytesMax) return;
  throw new Failure(
    'refused',
    'XLSX_TOO_LARGE',
    `${archive.fileName}: ${part} unpacks to ${Math.round(bytes / 1024 ** 2)} MB; at most ${bytesMax / 1024 ** 2} MB are read.`,
    'Export fewer rows per file, or use csv or parquet.',
  );
}

function notWorkbook(archive: WorkbookArchive, found: string): Failure {
  return new Failure(
    'refused',
    'NOT_XLSX',
    `${archive.fileName}: not an .xlsx workbook: ${found}.`,
    'Declare the format that the file really has, or export it as .xlsx.',
  );
}
