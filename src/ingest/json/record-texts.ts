/**
 * Finds the text of single records in a JSON file, as it stands there. Decides nothing about which objects are records: the
 * grammar does. Never holds more of the file than these records.
 */
import { basename } from 'node:path';
import { JsonGrammar, type JsonLayout, type RowVisitor } from './json-grammar.ts';
import { jsonTokens, type TokenKind, type TokenVisitor, utf8Pieces } from './json-tokens.ts';

export interface RecordRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Texts by row, counted as readJson and readJsonl do. Of a longer record the first `bytesMax` bytes. Throws the Failure of a
 * file that is damaged before the last of these records.
 */
export async function recordTexts(
  path: string,
  encoding: string | undefined,
  layout: JsonLayout,
  { first, last }: RecordRange,
  bytesMax: number,
): Promise<ReadonlyMap<number, string>> {
  const spans = new RecordSpans(basename(path), layout, { first, last });
  for await (const _ of jsonTokens(path, encoding, spans)) if (spans.isPast) break;
  return textsOf(path, encoding, spans.found, bytesMax);
}

interface Span {
  readonly row: number;
  /** Bytes of the file's text as UTF-8; `to` is the first that does not belong to it. */
  readonly from: number;
  readonly to: number;
}

class RecordSpans implements TokenVisitor, RowVisitor {
  readonly found: Span[] = [];
  isPast = false;
  private readonly grammar: JsonGrammar;
  private readonly layout: JsonLayout;
  private readonly range: RecordRange;
  private count = 0;
  private row = 0;
  private from = 0;
  private offset = 0;

  constructor(fileName: string, layout: JsonLayout, range: RecordRange) {
    this.grammar = new JsonGrammar(fileName, layout, this);
    this.layout = layout;
    this.range = range;
  }

  token(kind: TokenKind, text: string, offset: number): void {
    this.offset = offset;
    this.grammar.token(kind, text, offset);
  }

  lineEnd(): void {
    this.grammar.lineEnd();
  }

  end(insideToken: boolean): void {
    this.grammar.end(insideToken);
  }

  place(offset: number): string {
    return this.grammar.place(offset);
  }

  rowStart(_list: string | undefined, line: number): void {
    this.count += 1;
    this.row = this.layout === 'lines' ? line : this.count;
    this.from = this.offset;
  }

  rowEnd(): void {
    const { first, last } = this.range;
    if (this.row >= first && this.row <= last) this.found.push({ row: this.row, from: this.from, to: this.offset + 1 });
    if (this.row >= last) this.isPast = true;
  }

  list(): void {}

  otherElement(): void {}

  member(): void {}

  nested(): void {}
}

async function textsOf(
  path: string,
  encoding: string | undefined,
  spans: readonly Span[],
  bytesMax: number,
): Promise<ReadonlyMap<number, string>> {
  const parts = new Map<number, Buffer[]>(spans.map(({ row }) => [row, []]));
  const end = spans.at(-1)?.to ?? 0;
  let offset = 0;
  if (end > 0) {
    for await (const piece of utf8Pieces(path, encoding)) {
      for (const { row, from, to } of spans) {
        const stop = Math.min(to, from + bytesMax) - offset;
        // A copy: the memory of a piece is used again.
        if (from < offset + piece.length && stop > 0)
          parts.get(row)?.push(Buffer.from(piece.subarray(Math.max(0, from - offset), stop)));
      }
      offset += piece.length;
      if (offset >= end) break;
    }
  }
  // What was cut off in the middle of a character is left out.
  const decode = (bytes: Buffer): string =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
  return new Map([...parts].map(([row, found]) => [row, decode(Buffer.concat(found))]));
}
