/**
 * Cuts a stream of JSON Lines, or of one JSON array of objects, into the texts of its rows, as they arrive and within bounded
 * memory. Never reads what stands in a row.
 */
import { Failure } from '../../core/model/failure.ts';

export type RowLayout = 'array' | 'lines';

export interface RowText {
  /** The line, or the position in the array, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** A longer row is no row of stock data. */
const ROW_CHARS_MAX = 1_000_000;

/** Blank lines are passed over. Throws a Failure of kind `usage` where rows cannot be told apart any more. */
export async function* rowTexts(stream: AsyncIterable<Uint8Array>, layout: RowLayout): AsyncGenerator<RowText> {
  const cutter = layout === 'lines' ? new LineCutter() : new ArrayCutter();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decoded = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw unreadable('ROWS_NO_UTF8', `after row ${cutter.line} stands text that is not UTF-8`, 'Send UTF-8.');
    }
  };
  for await (const chunk of stream) yield* cutter.cut(decoded(chunk));
  yield* cutter.cut(decoded());
  yield* cutter.end();
}

interface Cutter {
  readonly line: number;
  cut(text: string): Iterable<RowText>;
  end(): Iterable<RowText>;
}

class LineCutter implements Cutter {
  line = 0;
  private rest = '';

  *cut(text: string): Iterable<RowText> {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      yield* this.take(this.rest + text.slice(start, end));
      this.rest = '';
      start = end + 1;
    }
    this.rest += text.slice(start);
    refuseLong(this.rest.length, this.line + 1);
  }

  end(): Iterable<RowText> {
    return this.take(this.rest);
  }

  private *take(text: string): Iterable<RowText> {
    this.line++;
    refuseLong(text.length, this.line);
    if (text.trim() !== '') yield { line: this.line, text };
  }
}

const SPACE = /^[ \t\r\n]$/;

/** Objects are told apart by their braces outside of strings; commas and brackets must stand where they belong. */
class ArrayCutter implements Cutter {
  line = 0;
  private row = '';
  private depth = 0;
  private inString = false;
  private isEscaped = false;
  private expected: '[' | 'row or ]' | 'row' | ', or ]' | 'nothing' = '[';

  *cut(text: string): Iterable<RowText> {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at] as string;
      if (this.depth === 0) {
        if (this.between(character)) start = at;
        continue;
      }
      if (this.within(character)) continue;
      this.line++;
      yield { line: this.line, text: this.row + text.slice(start, at + 1) };
      this.row = '';
      this.expected = ', or ]';
    }
    if (this.depth > 0) this.row += text.slice(start);
    refuseLong(this.row.length, this.line + 1);
  }

  end(): Iterable<RowText> {
    if (this.expected === 'nothing') return [];
    throw unreadable('ROWS_CUT_OFF', `the array ends after ${this.line} rows without its bracket`, 'Send it again.');
  }

  /** Whether a row begins here. */
  private between(character: string): boolean {
    if (SPACE.test(character)) return false;
    const { expected } = this;
    if (character === '{' && (expected === 'row' || expected === 'row or ]')) {
      this.depth = 1;
      return true;
    }
    if (character === '[' && expected === '[') this.expected = 'row or ]';
    else if (character === ',' && expected === ', or ]') this.expected = 'row';
    else if (character === ']' && (expected === ', or ]' || expected === 'row or ]')) this.expected = 'nothing';
    else
      throw unreadable(
        'ROWS_NO_ARRAY',
        `after row ${this.line} stands ${JSON.stringify(character)}; expected ${expected}`,
        'Send one array of flat objects, or JSON Lines as application/x-ndjson.',
      );
    return false;
  }

  /** Whether the row goes on after this character. */
  private within(character: string): boolean {
    if (this.inString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (character === '\\') this.isEscaped = true;
      else if (character === '"') this.inString = false;
    } else if (character === '"') this.inString = true;
    else if (character === '{') this.depth++;
    else if (character === '}') this.depth--;
    return this.depth > 0;
  }
}

function refuseLong(chars: number, line: number): void {
  if (chars > ROW_CHARS_MAX)
    throw unreadable('ROW_TOO_LONG', `row ${line} has more than ${ROW_CHARS_MAX} characters`, 'Send one row per line.');
}

function unreadable(code: string, message: string, action: string): Failure {
  return new Failure('usage', code, message, action);
}
