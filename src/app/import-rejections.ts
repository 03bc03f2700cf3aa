/**
 * Says which rows of a file that was brought in a run would reject, and why; and writes them as they stand there, so that they
 * can be corrected and sent again. Judged by the configuration of now: what it has learned to read is no rejection any more.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import type { Configuration } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { openSource } from '../ingest/open-source.ts';
import type { ImportRow } from '../store/work/imports.ts';
import { type JudgedRow, judgeRows } from './judge-rows.ts';
import { listNamedSources, type NamedSource } from './named-sources.ts';

export interface RejectionContext {
  readonly dataDirectory: string;
  readonly configuration: Configuration;
  readonly plan: Plan;
}

/** How the source of a file reads text: a download in any other notation could not be sent again. */
interface Notation {
  readonly delimiter: string;
  readonly quote: string;
  readonly encoding: string;
  readonly rowsBefore: number;
  readonly hasHeader: boolean;
}

export interface RejectedRows {
  readonly header: readonly string[];
  readonly notation: Notation;
  readonly batches: AsyncGenerator<readonly JudgedRow[]>;
}

/** Rejected rows in the order of the file. Throws a Failure where the file is not kept, or cannot be read any more. */
export async function rejectedRows(row: ImportRow, context: RejectionContext): Promise<RejectedRows> {
  const { dataDirectory, configuration, plan } = context;
  const source = listNamedSources(configuration).find(({ part, name }) => part === row.kind && name === row.source);
  if (source === undefined) {
    const message = `the configuration has no source ${row.source} any more that says how the file is read`;
    throw new Failure('conflict', 'SOURCE_UNKNOWN', message);
  }
  if (row.path === null) {
    const why = row.state === 'refused' ? 'was refused as a whole' : 'was removed';
    throw new Failure('conflict', 'IMPORT_NOT_KEPT', `the file ${why}: ${row.failure ?? 'it is not kept any more'}`);
  }
  const file = {
    path: join(dataDirectory, row.path),
    name: row.file_name,
    bytes: row.bytes,
    modifiedMs: row.received_at,
  };
  const work = await mkdtemp(join(tmpdir(), 'evenstock-rejections-'));
  const remove = (): Promise<void> => rm(work, { recursive: true, force: true });
  try {
    const opened = await openSource(source.kind, source.config, file, work);
    const batches = rejectedOf(judgeRows(opened, source, configuration, plan, work), remove);
    return { header: opened.header, notation: notationOf(source.config), batches };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Of what is no delimited text the rejections are plain CSV, to be looked at. */
function notationOf({ format, ...said }: NamedSource['config']): Notation {
  const isDelimited = format === 'csv' || format === 'tsv';
  const { delimiter, quote, encoding, skip_rows, header }: Partial<typeof said> = isDelimited ? said : {};
  return {
    delimiter: delimiter ?? (format === 'tsv' ? '\t' : ','),
    quote: quote ?? '"',
    encoding: encoding ?? 'utf-8',
    rowsBefore: skip_rows ?? 0,
    hasHeader: header !== false,
  };
}

async function* rejectedOf(
  all: AsyncGenerator<readonly JudgedRow[]>,
  remove: () => Promise<void>,
): AsyncGenerator<readonly JudgedRow[]> {
  try {
    for await (const batch of all) yield batch.filter(({ outcome }) => outcome === 'rejected');
  } finally {
    await remove();
  }
}

/** At most `limit` rejections of the rows behind `after`. */
export async function rejectionsBehind(
  { batches }: RejectedRows,
  after: number,
  limit: number,
): Promise<readonly JudgedRow[]> {
  const found: JudgedRow[] = [];
  for await (const batch of batches) {
    for (const row of batch) if (row.row > after) found.push(row);
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** Behind the columns of the file; they have no meaning there, so that the file can be sent again as it is. */
const WHY = ['rejected_row', 'rejected_column', 'rejected_reason'] as const;
/** Numbers stay numbers; other texts that a spreadsheet would run as a formula get an apostrophe. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?[\d.,' ]+-?$/;

/** Bytes in the encoding of the source. */
export function rejectionsCsv({ header, notation, batches }: RejectedRows): Readable {
  const { delimiter, quote, encoding, rowsBefore, hasHeader } = notation;
  async function* parts(): AsyncGenerator<string> {
    // What stands above the header is skipped by its number of rows, whatever it says.
    yield '-\n'.repeat(rowsBefore);
    if (hasHeader) yield `${[...header, ...WHY].map((name) => field(name, delimiter, quote)).join(delimiter)}\n`;
    for await (const batch of batches)
      for (const { row, cells, column, reason } of batch) {
        const values = [...header.map((_, at) => cells[at] ?? ''), String(row), column, reason];
        yield `${values.map((value) => field(value, delimiter, quote)).join(delimiter)}\n`;
      }
  }
  async function* bytes(): AsyncGenerator<Buffer> {
    const { default: iconv } = await import('iconv-lite');
    for await (const part of parts()) if (part !== '') yield iconv.encode(part, encoding);
  }
  return Readable.from(bytes(), { objectMode: false });
}

function field(value: string, delimiter: string, quote: string): string {
  const safe = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  if (!safe.includes(delimiter) && !safe.includes(quote) && !/[\n\r]/.test(safe)) return safe;
  // Without quotes only our own words can hold a delimiter.
  if (quote === 'none') return safe.replaceAll(delimiter, ' ').replaceAll(/[\n\r]/g, ' ');
  return `${quote}${safe.replaceAll(quote, quote + quote)}${quote}`;
}

export function rejectionsName({ file_name: name }: ImportRow): string {
  const plain = basename(name)
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^\w.-]+/g, '-');
  return `${plain === '' ? 'import' : plain}-rejections.csv`;
}
