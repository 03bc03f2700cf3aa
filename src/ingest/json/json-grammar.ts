/**
 * Decides whether tokens form JSON, and which objects among them are rows.
 * Never keeps a row and never converts a value.
 */
import { Failure } from '../../core/model/failure.ts';
import type { TokenKind, TokenVisitor } from './json-tokens.ts';

/**
 * `document`: the rows are the objects of the outermost array, or of an array that stands directly in the outermost object.
 * `lines`: each line is one row.
 */
export type JsonLayout = 'document' | 'lines';

/** Receives the rows. `list` is the key of the array that holds the row, undefined in the outermost array and in lines. */
export interface RowVisitor {
  /** An array that may hold rows begins. */
  list(list: string | undefined): void;
  /** Something that is no object stands among the rows. */
  otherElement(list: string | undefined): void;
  rowStart(list: string | undefined, line: number): void;
  member(key: string, text: string | null): void;
  nested(key: string, shown: string): void;
  rowEnd(): void;
}

interface Frame {
  readonly closing: '}' | ']';
  readonly keys: Set<string>;
  readonly isRow: boolean;
  key: string;
}

const DEPTH_MAX = 64;
const TEXT_CHARS_MAX = 1_000_000;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing';
const EXPECTED_TEXT: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  key: 'a key in double quotes',
  'key or }': 'a key in double quotes or }',
  ':': 'a colon',
  ', or end': 'a comma or the end of the object or array',
  nothing: 'nothing more',
};

/** Checks the order of tokens, repeated keys, depth and shape; throws Failure of kind `refused` with the place. */
export class JsonGrammar implements TokenVisitor {
  readonly #fileName: string;
  readonly #layout: JsonLayout;
  readonly #rows: RowVisitor;
  readonly #stack: Frame[] = [];
  #expected: Expected = 'value';
  #line = 1;
  #offset = 0;

  constructor(fileName: string, layout: JsonLayout, rows: RowVisitor) {
    this.#fileName = fileName;
    this.#layout = layout;
    this.#rows = rows;
  }

  token(kind: TokenKind, text: string, offset: number): void {
    this.#offset = offset;
    if (kind === 'string' && (this.#expected === 'key' || this.#expected === 'key or }')) this.#key(text);
    else if (kind === ':') this.#colon();
    else if (kind === ',') this.#comma();
    else if (kind === '}' || kind === ']') this.#close(kind);
    else if (this.#expected !== 'value' && this.#expected !== 'value or ]') throw this.#unexpected(kind, text);
    else if (kind === '{' || kind === '[') this.#open(kind);
    else this.#scalar(kind, text);
  }

  lineEnd(): void {
    if (this.#layout === 'lines') this.#endDocument(false);
    this.#line += 1;
  }

  end(insideToken: boolean): void {
    if (this.#layout === 'lines') this.#endDocument(insideToken);
    else if (insideToken || this.#stack.length > 0 || this.#expected !== 'nothing') throw this.#truncated(insideToken);
  }

  place(offset: number): string {
    return this.#layout === 'lines' ? `line ${this.#line} (byte ${offset})` : `byte ${offset}`;
  }

  #endDocument(insideToken: boolean): void {
    if (insideToken || this.#stack.length > 0) throw this.#truncated(insideToken);
    this.#expected = 'value';
  }

  #key(text: string): void {
    const frame = this.#stack[this.#stack.length - 1] as Frame;
    if (frame.keys.has(text)) {
      throw this.#refuse(
        'JSON_DUPLICATE_KEY',
        `the key ${JSON.stringify(text)} stands twice in one object; it may stand once`,
        'Correct the export: one of the two values would be lost.',
      );
    }
    this.#checkText(text);
    frame.keys.add(text);
    frame.key = text;
    this.#expected = ':';
  }

  #colon(): void {
    if (this.#expected !== ':') throw this.#unexpected(':', ':');
    this.#expected = 'value';
  }

  #comma(): void {
    const frame = this.#stack[this.#stack.length - 1];
    if (this.#expected !== ', or end' || frame === undefined) throw this.#unexpected(',', ',');
    this.#expected = frame.closing === '}' ? 'key' : 'value';
  }

  #open(kind: '{' | '['): void {
    const depth = this.#stack.length;
    if (depth >= DEPTH_MAX)
      throw this.#refuse('JSON_TOO_DEEP', `values nested more than ${DEPTH_MAX} deep`, 'Export flat objects.');
    const parent = this.#stack[depth - 1];
    const isRow = kind === '{' && this.#holdsRows();
    if (isRow) this.#rows.rowStart(this.#listKey(), this.#line);
    else if (parent?.isRow) this.#rows.nested(parent.key, kind === '{' ? '{…}' : '[…]');
    else this.#otherValue();
    this.#stack.push({ closing: kind === '{' ? '}' : ']', keys: new Set(), isRow, key: '' });
    if (kind === '[' && this.#holdsRows()) this.#rows.list(this.#listKey());
    this.#expected = kind === '{' ? 'key or }' : 'value or ]';
  }

  #close(kind: '}' | ']'): void {
    const frame = this.#stack[this.#stack.length - 1];
    const mayClose = this.#expected === ', or end' || this.#expected === (kind === '}' ? 'key or }' : 'value or ]');
    if (frame === undefined || frame.closing !== kind || !mayClose) throw this.#unexpected(kind, kind);
    this.#stack.pop();
    if (frame.isRow) this.#rows.rowEnd();
    this.#afterValue();
  }

  #scalar(kind: TokenKind, text: string): void {
    const parent = this.#stack[this.#stack.length - 1];
    if (kind === 'string' || kind === 'number') this.#checkText(text);
    if (parent?.isRow) this.#rows.member(parent.key, kind === 'null' ? null : text);
    else this.#otherValue();
    this.#afterValue();
  }

  #afterValue(): void {
    this.#expected = this.#stack.length === 0 ? 'nothing' : ', or end';
  }

  /** Whether an object that began here would be a row. */
  #holdsRows(): boolean {
    const [outer, inner] = this.#stack;
    const depth = this.#stack.length;
    if (this.#layout === 'lines') return depth === 0;
    return (depth === 1 && outer?.closing === ']') || (depth === 2 && outer?.closing === '}' && inner?.closing === ']');
  }

  #listKey(): string | undefined {
    return this.#stack.length === 2 ? this.#stack[0]?.key : undefined;
  }

  /** A value outside of rows: fine beside them, not in their place. */
  #otherValue(): void {
    if (this.#layout === 'lines' && this.#stack.length === 0) {
      throw this.#refuse(
        'JSON_SHAPE',
        'a line that is no object; expected one object per line',
        'Export one flat object per line, or declare format: json for one document.',
      );
    }
    if (this.#holdsRows()) this.#rows.otherElement(this.#listKey());
  }

  #checkText(text: string): void {
    if (text.length > TEXT_CHARS_MAX) {
      throw this.#refuse(
        'FIELD_TOO_LONG',
        `a text of ${text.length} characters; at most ${TEXT_CHARS_MAX} are read`,
        'Leave this field out of the export.',
      );
    }
    if (text.includes('\0'))
      throw this.#refuse(
        'NUL_CHARACTER',
        'a text with a NUL character',
        'Correct the export: no stock data holds NUL characters.',
      );
  }

  #unexpected(kind: TokenKind, text: string): Failure {
    const shown = kind === 'string' ? JSON.stringify(text.slice(0, 40)) : text.slice(0, 40);
    if (this.#expected === 'nothing') {
      const end = this.#layout === 'lines' ? 'the object of this line' : 'the end of the document';
      return this.#refuse(
        'JSON_TRAILING',
        `found ${shown} after ${end}; expected nothing more`,
        this.#layout === 'lines'
          ? 'Put one object on each line.'
          : 'Export one document per file, or declare format: jsonl for one object per line.',
      );
    }
    return this.#refuse(
      'JSON_SYNTAX',
      `found ${shown}; expected ${EXPECTED_TEXT[this.#expected]}`,
      'Export the file again as JSON (RFC 8259).',
    );
  }

  #truncated(insideToken: boolean): Failure {
    const open = insideToken
      ? 'inside a value'
      : this.#stack.length === 0
        ? 'before any value'
        : `with ${this.#stack.length} objects or arrays still open`;
    const stops = this.#layout === 'lines' ? `line ${this.#line} stops` : 'the file stops';
    return new Failure(
      'refused',
      'JSON_TRUNCATED',
      `${this.#fileName}: ${stops} ${open}; the last complete token stands at byte ${this.#offset}.`,
      'The file is cut off: transfer or export it again.',
    );
  }

  #refuse(code: string, found: string, action: string): Failure {
    return new Failure('refused', code, `${this.#fileName}: ${this.place(this.#offset)}: ${found}.`, action);
  }
}
