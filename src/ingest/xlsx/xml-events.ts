/**
 * Decides what of a workbook part's XML is acceptable: well-formed, without DOCTYPE, no piece longer than the limit.
 * Never builds a tree and never resolves anything outside the part.
 */
import { SaxesParser } from 'saxes';
import { Failure } from '../../core/model/failure.ts';
import { damaged, type WorkbookArchive } from './workbook-archive.ts';

/** Called with names without their namespace prefix; text of one element may come in several calls. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** A cell of Excel holds at most 32,767 characters, so a longer piece is an attack on memory. */
const PIECE_CHARS_MAX = 4_000_000;

/** Parses one part and yields once per piece of input, so that the caller can hand over rows and wait. Throws refusals. */
export async function* xmlEvents(archive: WorkbookArchive, part: string, handler: XmlHandler): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false });
  let charsSinceEvent = 0;
  parser.on('opentag', (tag) => {
    charsSinceEvent = 0;
    handler.open(localName(tag.name), tag.attributes);
  });
  parser.on('closetag', (tag) => {
    charsSinceEvent = 0;
    handler.close?.(localName(tag.name));
  });
  const onText = (text: string) => handler.text?.(text);
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('doctype', () => {
    throw new Failure(
      'refused',
      'XML_DOCTYPE',
      `${archive.fileName}: ${part} holds a DOCTYPE, which workbooks never have.`,
      'Save the workbook again with a spreadsheet program.',
    );
  });
  for await (const text of archive.text(part)) {
    charsSinceEvent += text.length;
    write(archive, part, () => parser.write(text));
    if (charsSinceEvent > PIECE_CHARS_MAX) {
      throw new Failure(
        'refused',
        'FIELD_TOO_LONG',
        `${archive.fileName}: ${part} holds a value of more than ${PIECE_CHARS_MAX} characters; a cell holds at most 32767.`,
        'Save the workbook again with a spreadsheet program.',
      );
    }
    yield;
  }
  write(archive, part, () => parser.close());
}

/** Parses one part whole; for small parts. */
export async function readXml(archive: WorkbookArchive, part: string, handler: XmlHandler): Promise<void> {
  for await (const _ of xmlEvents(archive, part, handler));
}

function write(archive: WorkbookArchive, part: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    throw error instanceof Failure
      ? error
      : damaged(
          archive.fileName,
          `${part}: ${error instanceof Error ? error.message.replace(/\.$/, '') : String(error)}`,
        );
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
