/**
 * Writes what the rows of message logs say as Parquet, one file for each log, so that they can be counted and searched by
 * statements whatever format they came in. Never decides what became of a message.
 */
import type { DuckDBAppender, DuckDBValue } from '@duckdb/node-api';
import { CANONICAL_COLUMNS, type FileSourceConfig } from '../../contract/configuration.ts';
import type { MessageLine } from '../../core/explain/evidence.ts';
import { resolveSite } from '../../core/normalize/master-data.ts';
import { MessageReader } from '../../core/normalize/normalize-message.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { type DuckDb, duckDbDriver, sqlText } from '../../duckdb/open-duckdb.ts';
import { numberFormatOf, openRows, openSource, timeFormatOf } from '../../ingest/open-source.ts';

/** A message log of a run, or a part of what was taken in. */
export interface MessageFile {
  readonly path: string;
  readonly name: string;
  /** Empty: it was taken in row by row. */
  readonly source: string;
  readonly config: FileSourceConfig;
  /** Changes with its content. */
  readonly mark: string;
}

/** A row that was taken in and is in no file yet. */
export interface JournalMessage {
  readonly batch: number;
  readonly line: number;
  readonly receivedAt: number;
  readonly row: Readonly<Record<string, string>>;
}

const TEXTS = [
  'place',
  'source',
  'file',
  'site',
  'item_code',
  'from_role',
  ...CANONICAL_COLUMNS.messages.map((name) => `c_${name}` as const),
] as const;
const NUMBERS = ['row', 'batch', 'line', 'taken_in_at', 'sent_at', 'applied_at'] as const;

/** Columns of an index. Those of the row itself, as the log has them, begin with `c_`; moments are epoch milliseconds. */
const INDEX_COLUMNS: readonly string[] = [...TEXTS, ...NUMBERS];

const INTAKE_COLUMNS = ['intake_batch', 'intake_line', 'intake_received_at'] as const;
/** Rows in memory before they are written. */
const FLUSH_ROWS = 200_000;
const CHUNK_ROWS = 2_048;

interface IndexedRow {
  readonly row: number;
  readonly batch: number | undefined;
  readonly line: number | undefined;
  readonly takenInAt: number | undefined;
  readonly texts: Readonly<Record<string, string>>;
}

/** Writes the index of one file, in parts below `folder`, and returns their paths. Rows that say no time or state are left out. */
export async function indexMessageFile(
  duckDb: DuckDb,
  file: MessageFile,
  plan: Plan,
  folder: string,
): Promise<{ paths: string[]; unreadable: number }> {
  const found = { path: file.path, name: file.name, bytes: -1, modifiedMs: 0 };
  const opened = await openSource('messages', file.config, found, folder);
  const intake = INTAKE_COLUMNS.map((name) => (file.source === '' ? opened.header.indexOf(name) : -1));
  const table = await IndexTable.make(duckDb, folder);
  const { constants = {} } = file.config;
  const reader = new IndexReader(file, plan);
  for await (const batch of (await openRows(opened, folder)).batches) {
    for (const { row, values, fault } of batch) {
      if (fault !== undefined) reader.unreadable++;
      else {
        const texts: Record<string, string> = { ...constants };
        for (const [name, position] of opened.columns) texts[name] = values[position] ?? '';
        const numberAt = (at: number): number | undefined =>
          at < 0 ? undefined : Number(values[at] as string | null) || 0;
        const [batchNumber, line, takenInAt] = intake.map(numberAt);
        const indexed = reader.read({ row, batch: batchNumber, line, takenInAt, texts });
        if (indexed !== undefined) table.add(indexed);
      }
    }
    if (table.isFull) await table.flush();
  }
  return { paths: await table.end(), unreadable: reader.unreadable };
}

/** The same for rows of the journal. */
export async function indexJournal(
  duckDb: DuckDb,
  rows: readonly JournalMessage[],
  plan: Plan,
  folder: string,
): Promise<string[]> {
  const table = await IndexTable.make(duckDb, folder);
  const reader = new IndexReader({ name: '', source: '', config: {} as FileSourceConfig }, plan);
  for (const { batch, line, receivedAt, row } of rows) {
    const indexed = reader.read({ row: 0, batch, line, takenInAt: receivedAt, texts: row });
    if (indexed !== undefined) table.add(indexed);
  }
  return table.end();
}

type Cells = readonly (string | number | undefined)[];

class IndexReader {
  unreadable = 0;
  private readonly file: Pick<MessageFile, 'name' | 'source'>;
  private readonly reader: MessageReader;
  private readonly plan: Plan;

  constructor(file: Pick<MessageFile, 'name' | 'source' | 'config'>, plan: Plan) {
    this.file = file;
    this.plan = plan;
    this.reader = new MessageReader(numberFormatOf(file.config), timeFormatOf(file.config), file.name, plan);
  }

  /** In the order of INDEX_COLUMNS; undefined where the row says no message, time or state. */
  read({ row, batch, line, takenInAt, texts }: IndexedRow): Cells | undefined {
    const { kept } = this.reader.read(texts, row);
    if (kept === undefined) {
      this.unreadable++;
      return undefined;
    }
    const { name, source } = this.file;
    const place = batch === undefined ? `${source}\n${name}\n${padded(row)}` : `~${padded(batch)}.${padded(line ?? 0)}`;
    return [
      ...[place, source, name, this.siteOf(kept, texts), kept.item, kept.fromRole],
      ...CANONICAL_COLUMNS.messages.map((column) => texts[column]?.trim() ?? ''),
      ...[row, batch, line, takenInAt, kept.sentAt, kept.appliedAt],
    ];
  }

  /** By its common name; '' where the row names none. */
  private siteOf({ fromRole }: MessageLine, texts: Readonly<Record<string, string>>): string {
    const { systems, master } = this.plan;
    const from = texts['from_system']?.trim() ?? '';
    const system = systems.find(({ id }) => id === from) ?? systems.find(({ role }) => role === fromRole);
    return resolveSite(system?.id ?? '', texts['site'] ?? '', master);
  }
}

/** Texts in the order of numbers. */
function padded(number: number): string {
  return String(number).padStart(12, '0');
}

/** Rows on their way into files. */
class IndexTable {
  private readonly duckDb: DuckDb;
  private readonly folder: string;
  private readonly name: string;
  private readonly paths: string[] = [];
  private columns: DuckDBValue[][] = [];
  private rows = 0;
  private appender: DuckDBAppender | undefined;
  private static count = 0;

  private constructor(duckDb: DuckDb, folder: string) {
    this.duckDb = duckDb;
    this.folder = folder;
    this.name = `part_${++IndexTable.count}`;
  }

  static async make(duckDb: DuckDb, folder: string): Promise<IndexTable> {
    const table = new IndexTable(duckDb, folder);
    await table.begin();
    return table;
  }

  get isFull(): boolean {
    return this.rows >= FLUSH_ROWS;
  }

  add(cells: Cells): void {
    for (const [index, cell] of cells.entries()) {
      const column = this.columns[index] as DuckDBValue[];
      column.push(cell === undefined ? null : typeof cell === 'number' ? BigInt(Math.floor(cell)) : cell);
    }
    this.rows++;
    if (this.rows % CHUNK_ROWS === 0) this.append();
  }

  async flush(): Promise<void> {
    await this.write();
    await this.begin();
  }

  async end(): Promise<string[]> {
    await this.write();
    return this.paths;
  }

  private async begin(): Promise<void> {
    const columns = [...TEXTS.map((name) => `"${name}" VARCHAR`), ...NUMBERS.map((name) => `"${name}" BIGINT`)];
    await this.duckDb.run(`CREATE OR REPLACE TABLE ${this.name} (${columns.join(', ')})`);
    this.appender = await this.duckDb.connection.createAppender(this.name);
    this.rows = 0;
    this.columns = INDEX_COLUMNS.map(() => []);
    const { BIGINT, DuckDBDataChunk, VARCHAR } = duckDbDriver();
    const types = [...TEXTS.map(() => VARCHAR), ...NUMBERS.map(() => BIGINT)];
    this.makeChunk = () => DuckDBDataChunk.create(types);
  }

  private makeChunk: () => { setColumns(columns: readonly (readonly DuckDBValue[])[]): void } = () => {
    throw new Error('Invariant broken: a chunk before its table');
  };

  private append(): void {
    if (this.columns[0]?.length === 0) return;
    const chunk = this.makeChunk();
    chunk.setColumns(this.columns);
    this.appender?.appendDataChunk(chunk as never);
    this.columns = INDEX_COLUMNS.map(() => []);
  }

  private async write(): Promise<void> {
    this.append();
    this.appender?.closeSync();
    this.appender = undefined;
    if (this.rows > 0) {
      const path = `${this.folder}/${this.name}-${this.paths.length}.parquet`;
      await this.duckDb.run(`COPY ${this.name} TO ${sqlText(path)} (FORMAT parquet)`);
      this.paths.push(path);
    }
    await this.duckDb.run(`DROP TABLE ${this.name}`);
  }
}
