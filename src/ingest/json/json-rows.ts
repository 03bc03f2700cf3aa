/**
 * Decides which columns a JSON file has and puts each object's values under them.
 * Never invents a value: an absent key is null like an explicit null, a nested value is a fault of its row.
 */
import { basename } from 'node:path';
import { Failure } from '../../core/model/failure.ts';
import type { RawRow, RawTable } from '../raw-table.ts';
import { JsonGrammar, type JsonLayout, type RowVisitor } from './json-grammar.ts';
import { jsonTokens } from './json-tokens.ts';

const COLUMNS_MAX = 10_000;
const BATCH_ROWS_MIN = 1000;

/** What the first pass finds about one array. */
interface ListSummary {
  readonly columns: Map<string, number>;
  rows: number;
  otherElements: number;
}

/**
 * Reads the file twice: the keys may first appear in the last object, and the header must be known before the first row.
 * The first pass also proves the whole file sound, so nothing of a damaged file is ever handed over. It keeps only keys.
 */
export async function readJsonTable(path: string, encoding: string | undefined, layout: JsonLayout): Promise<RawTable> {
  const fileName = basename(path);
  const survey = new Survey(fileName);
  for await (const _ of jsonTokens(path, encoding, new JsonGrammar(fileName, layout, survey)));
  const { columns } = chooseList(survey.lists, fileName, layout);
  return { header: [...columns.keys()], batches: readBatches(path, encoding, layout, columns) };
}

async function* readBatches(
  path: string,
  encoding: string | undefined,
  layout: JsonLayout,
  columns: ReadonlyMap<string, number>,
): AsyncGenerator<readonly RawRow[]> {
  const fileName = basename(path);
  const collector = new RowCollector(fileName, layout, columns);
  for await (const _ of jsonTokens(path, encoding, new JsonGrammar(fileName, layout, collector))) {
    if (collector.rows.length >= BATCH_ROWS_MIN) yield collector.takeRows();
  }
  if (collector.rows.length > 0) yield collector.takeRows();
}

function chooseList(
  lists: ReadonlyMap<string | undefined, ListSummary>,
  fileName: string,
  layout: JsonLayout,
): ListSummary {
  const withRows = [...lists].filter(([, summary]) => summary.rows > 0);
  const [first, second] = withRows;
  if (first === undefined) {
    if ([...lists.values()].some((summary) => summary.otherElements === 0))
      throw empty(fileName, 'the array holds no object');
    if (layout === 'lines') throw empty(fileName, 'no line holds an object');
    throw shape(fileName, 'no array of objects was found');
  }
  if (second !== undefined)
    throw shape(
      fileName,
      `several arrays of objects were found (${withRows.map(([key]) => JSON.stringify(key)).join(', ')})`,
    );
  const { otherElements } = first[1];
  if (otherElements > 0) throw shape(fileName, `${otherElements} elements between the rows are no objects`);
  return first[1];
}

function empty(fileName: string, found: string): Failure {
  return new Failure(
    'refused',
    'EMPTY',
    `${fileName}: ${found}; an empty file is never zero stock.`,
    'Export the file again.',
  );
}

function shape(fileName: string, found: string): Failure {
  return new Failure(
    'refused',
    'JSON_SHAPE',
    `${fileName}: ${found}; expected an array of flat objects, or an object with exactly one such array in it.`,
    'Export the rows as one array of flat objects.',
  );
}

class Survey implements RowVisitor {
  readonly lists = new Map<string | undefined, ListSummary>();
  readonly #fileName: string;
  #current: ListSummary | undefined;

  constructor(fileName: string) {
    this.#fileName = fileName;
  }

  list(list: string | undefined): void {
    this.#summary(list);
  }

  otherElement(list: string | undefined): void {
    this.#summary(list).otherElements += 1;
  }

  rowStart(list: string | undefined): void {
    this.#current = this.#summary(list);
    this.#current.rows += 1;
  }

  member(key: string): void {
    const columns = this.#current?.columns;
    if (columns === undefined || columns.has(key)) return;
    if (columns.size >= COLUMNS_MAX) {
      throw new Failure(
        'refused',
        'TOO_MANY_COLUMNS',
        `${this.#fileName}: the objects have more than ${COLUMNS_MAX} different keys.`,
        'Export flat objects whose keys are the names of columns.',
      );
    }
    columns.set(key, columns.size);
  }

  nested(key: string): void {
    this.member(key);
  }

  rowEnd(): void {
    this.#current = undefined;
  }

  #summary(list: string | undefined): ListSummary {
    let summary = this.lists.get(list);
    if (summary === undefined) {
      summary = { columns: new Map(), rows: 0, otherElements: 0 };
      this.lists.set(list, summary);
    }
    return summary;
  }
}

class RowCollector implements RowVisitor {
  rows: RawRow[] = [];
  readonly #fileName: string;
  readonly #layout: JsonLayout;
  readonly #columns: ReadonlyMap<string, number>;
  #count = 0;
  #row = 0;
  #values: (string | null)[] | undefined;
  #fault: RawRow['fault'];

  constructor(fileName: string, layout: JsonLayout, columns: ReadonlyMap<string, number>) {
    this.#fileName = fileName;
    this.#layout = layout;
    this.#columns = columns;
  }

  takeRows(): readonly RawRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  list(): void {}

  otherElement(): void {}

  rowStart(_list: string | undefined, line: number): void {
    this.#count += 1;
    this.#row = this.#layout === 'lines' ? line : this.#count;
    this.#values = new Array<string | null>(this.#columns.size).fill(null);
    this.#fault = undefined;
  }

  member(key: string, text: string | null): void {
    if (this.#values === undefined) return;
    const column = this.#column(key);
    // Half of a surrogate pair is no character: written out it would turn into U+FFFD.
    if (text !== null && /\p{Surrogate}/u.test(text)) {
      this.#fault ??= { column, value: JSON.stringify(text), reason: 'a text with half of a surrogate pair' };
    } else this.#values[column] = text;
  }

  nested(key: string, shown: string): void {
    if (this.#values === undefined) return;
    this.#fault ??= {
      column: this.#column(key),
      value: shown,
      reason: 'a nested value; expected a text, a number, a boolean or null',
    };
  }

  rowEnd(): void {
    if (this.#values === undefined) return;
    const fault = this.#fault;
    this.rows.push(
      fault === undefined ? { row: this.#row, values: this.#values } : { row: this.#row, values: this.#values, fault },
    );
    this.#values = undefined;
  }

  #column(key: string): number {
    const column = this.#columns.get(key);
    if (column !== undefined) return column;
    throw new Failure(
      'refused',
      'FILE_CHANGED',
      `${this.#fileName}: the file changed while it was read.`,
      'Run again once the export has ended.',
    );
  }
}
