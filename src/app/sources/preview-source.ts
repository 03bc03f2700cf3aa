/**
 * Shows how a file would be read by some settings, and proposes those that are not given. Nothing is saved, and what is
 * proposed holds only once a person has put it into the configuration.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  CANONICAL_COLUMNS,
  type Configuration,
  type FileSourceConfig,
  type SourceKind,
} from '../../contract/configuration.ts';
import { Failure } from '../../core/model/failure.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { type OpenedSource, openRows, openSource, REQUIRED_COLUMNS } from '../../ingest/open-source.ts';
import { type GuessedValues, guessColumns, guessNumbers, guessTimes } from './guess-columns.ts';
import { guessFormat, headCell } from './guess-format.ts';
import { NO_ROWS, type ShownProblem, type ShownRows, showRows } from './show-rows.ts';

export interface PreviewRequest {
  readonly kind: SourceKind;
  /** Empty where the source is not of one system. */
  readonly system: string;
  readonly fileName: string;
  readonly content: Buffer;
  /** The content is the beginning of a longer file: what follows its last line end is left out. */
  readonly isCut: boolean;
  /** What the caller has decided; the rest is proposed. */
  readonly settings: Partial<FileSourceConfig>;
}

export interface SourcePreview extends ShownRows {
  readonly settings: Record<string, unknown>;
  /** What nothing in the file tells, such as the time zone. */
  readonly questions: readonly { readonly setting: string; readonly question: string }[];
  readonly header: readonly string[];
  readonly columns: readonly { readonly canonical: string; readonly column: string; readonly isProposed: boolean }[];
  readonly unknownColumns: readonly string[];
  /** Why it cannot be read by these settings. */
  readonly problem: ShownProblem | null;
}

const SAMPLE_ROWS = 500;
const NUMBERS = [
  'quantity',
  'unit_cost',
  'factor',
  'daily_demand',
  'open_order_quantity',
  'reorder_point',
  'uplift',
  'margin',
];
const TIMES = ['as_of', 'posted_at', 'event_at', 'sent_at', 'received_at', 'applied_at', 'starts_on', 'ends_on'];

/**
 * Reads a sample as the settings say, proposes what they leave open, and judges its first rows. What cannot be read is a problem
 * of the answer; throws only where the sample cannot be kept for reading.
 */
export async function previewSource(
  request: PreviewRequest,
  configuration: Configuration,
  plan: Plan,
): Promise<SourcePreview> {
  const work = await mkdtemp(join(tmpdir(), 'evenstock-preview-'));
  const file = { path: join(work, 'sample'), name: basename(request.fileName), bytes: 0, modifiedMs: 0 };
  const { content } = request;
  const end = request.isCut ? content.lastIndexOf(0x0a) + 1 : 0;
  await writeFile(file.path, end > 0 ? content.subarray(0, end) : content, { mode: 0o600 });
  const preview = new Preview(request, { ...file, bytes: content.length }, work);
  try {
    return await preview.make(configuration, plan);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, action } = error;
    // The reader calls the file by the name it has here.
    const problem = { code, message: message.replaceAll(/\bsample\b/g, file.name), action };
    return { ...preview.soFar, ...NO_ROWS, problem };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type File = Parameters<typeof openSource>[2];

class Preview {
  private readonly request: PreviewRequest;
  private readonly file: File;
  private readonly work: string;
  private settings: Record<string, unknown> = {};
  private header: readonly string[] = [];
  private questions: SourcePreview['questions'] = [];
  private columns: SourcePreview['columns'] = [];
  private unknownColumns: readonly string[] = [];

  constructor(request: PreviewRequest, file: File, work: string) {
    this.request = request;
    this.file = file;
    this.work = work;
  }

  get soFar(): Omit<SourcePreview, keyof ShownRows | 'problem'> {
    const { settings, questions, header, columns, unknownColumns } = this;
    return { settings, questions, header, columns, unknownColumns };
  }

  async make(configuration: Configuration, plan: Plan): Promise<SourcePreview> {
    const { kind, system, settings: given } = this.request;
    const format = given.format === undefined ? guessFormat(this.request.content) : {};
    this.settings = { ...format, ...given };
    const samples = await this.sample();
    const columns = given.columns ?? guessColumns(kind, this.header);
    if (Object.keys(columns).length > 0) this.settings = { ...this.settings, columns };
    this.propose(samples, columns, given);
    const config = this.settings as unknown as FileSourceConfig;
    const opened = await this.open(config);
    this.columns = [...opened.columns].map(([canonical, position]) => ({
      ...{ canonical, column: this.header[position] ?? '' },
      isProposed: given.columns?.[canonical] === undefined && columns[canonical] !== undefined,
    }));
    this.unknownColumns = opened.unknownColumns.filter((column) => column !== '');
    const shown = await showRows(opened, { kind, config, system }, { configuration, plan, work: this.work });
    return { ...this.soFar, ...shown, problem: null };
  }

  /** In a folder of its own: what a reader writes aside has one name. */
  private async open(config: FileSourceConfig): Promise<OpenedSource> {
    return openSource(this.request.kind, config, this.file, await mkdtemp(join(this.work, 'open-')));
  }

  /** Names and first rows, whatever they mean. */
  private async sample(): Promise<(string | null)[][]> {
    const { kind } = this.request;
    const anything = Object.fromEntries(CANONICAL_COLUMNS[kind].map((name) => [name, '']));
    const { columns: _, ...plain } = this.settings;
    const { format, delimiter = format === 'tsv' ? '\t' : ',', skip_rows } = plain as Partial<FileSourceConfig>;
    const cell = headCell(this.request.content, { delimiter, skip_rows });
    const isDelimited = (format === 'csv' || format === 'tsv') && plain['header'] !== false && cell !== undefined;
    // A reader takes for the header what holds a name that it knows.
    const known = isDelimited ? { columns: { [CANONICAL_COLUMNS[kind][0]]: cell } } : {};
    const config = { ...plain, ...known, constants: anything } as unknown as FileSourceConfig;
    const opened = await this.open(config);
    this.header = opened.header;
    const rows: (string | null)[][] = [];
    for await (const batch of (await openRows(opened, this.work)).batches) {
      for (const { values } of batch) rows.push([...values]);
      if (rows.length >= SAMPLE_ROWS) break;
    }
    return rows.slice(0, SAMPLE_ROWS);
  }

  private propose(
    samples: readonly (string | null)[][],
    columns: Readonly<Record<string, string>>,
    given: Partial<FileSourceConfig>,
  ): void {
    const valuesOf = (names: readonly string[]): string[] =>
      names.flatMap((name) => {
        if (!(CANONICAL_COLUMNS[this.request.kind] as readonly string[]).includes(name)) return [];
        const column = (columns[name] ?? name).toLowerCase();
        const at = this.header.findIndex((each) => each.toLowerCase() === column);
        return at < 0 ? [] : samples.map((row) => row[at] ?? '');
      });
    const isTyped = this.settings['format'] === 'parquet' || this.settings['format'] === 'xlsx';
    const numbers: GuessedValues = isTyped ? {} : guessNumbers(valuesOf(NUMBERS));
    const { lacksZone, ...times } = guessTimes(valuesOf(TIMES));
    const saysNumbers = given.decimal !== undefined || given.thousands !== undefined || given.negative !== undefined;
    this.settings = { ...(saysNumbers ? {} : numbers), ...times, ...this.settings };
    if (lacksZone === true && given.time_zone === undefined && !hasOnlyDays(this.request.kind))
      this.questions = [{ setting: 'time_zone', question: 'In which time zone are the times of this file?' }];
  }
}

/** A day of a promotion is a day everywhere. */
function hasOnlyDays(kind: SourceKind): boolean {
  return kind === 'promotions';
}

/** Columns that a source of a kind may have, and those that it must have. */
export function knownColumns(kind: SourceKind): { known: string[]; required: string[] } {
  return { known: [...CANONICAL_COLUMNS[kind]], required: [...(REQUIRED_COLUMNS[kind] ?? [])] };
}
