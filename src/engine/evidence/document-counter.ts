/**
 * Counts the documents of whole ledgers and logs by what they have in common, so that the share of failures can be told.
 * Looks at every row, also of items that agree; never keeps one.
 */
import type { FactorCounts, Population } from '../../core/explain/systemic/factor-counts.ts';
import { resolveItem, resolveSite } from '../../core/normalize/master-data.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { TimeReader } from '../../core/normalize/time-reader.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import { CodeColumn } from '../pass/code-column.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { plainTime } from './plain-time.ts';

/** Columns of few values: each distinct text is read once. */
const CODED = ['interface', 'user', 'type', 'status', 'site', 'item', 'batch'] as const;
type Coded = (typeof CODED)[number];
/** Columns of as many values as rows: the first that is not blank names the document. */
const NAMES = ['reference', 'message_id', 'movement_id'] as const;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads a column as the core compares it. */
class TextColumn {
  readonly texts: string[] = [];
  readonly column: CodeColumn | undefined;
  readonly read: (raw: string) => string;
  private readonly constant: string;

  constructor(position: number | undefined, columns: number, constant: string, read: (raw: string) => string) {
    this.read = read;
    this.constant = read(constant);
    if (position !== undefined)
      this.column = new CodeColumn(position, columns, (raw) => this.texts.push(read(raw)) - 1, normalizeText);
  }

  of(record: number): string {
    return this.column === undefined ? this.constant : (this.texts[this.column.values[record] as number] as string);
  }
}

/** Counts the rows of one input, every `stripes`-th of them from `stripe` on: other threads count the others. */
export class DocumentCounter {
  private readonly input: EvidenceInput;
  private readonly counts: FactorCounts;
  private readonly plan: Plan;
  private readonly population: Population;
  private readonly columns: Readonly<Record<Coded, TextColumn>>;
  private readonly names: readonly number[];
  private readonly time: number;
  private readonly times: TimeReader;
  private readonly width: number;

  constructor(input: EvidenceInput, counts: FactorCounts, plan: Plan) {
    this.input = input;
    this.counts = counts;
    this.plan = plan;
    this.population = input.kind === 'messages' ? 'messages' : input.rules.role;
    this.width = input.header.length;
    this.times = new TimeReader(input.times);
    this.time = input.columns.get(input.kind === 'messages' ? 'sent_at' : 'posted_at') ?? -1;
    this.names = NAMES.flatMap((name) => input.columns.get(name) ?? []);
    const { system } = input.rules;
    const readers: Readonly<Record<Coded, (raw: string) => string>> = {
      interface: trimmed,
      user: trimmed,
      batch: trimmed,
      type: (raw) => normalizeText(raw).toLowerCase(),
      status: normalizeText,
      site: (raw) => resolveSite(system, raw, plan.master),
      item: (raw) => resolveItem(system, raw, plan.master),
    };
    this.columns = Object.fromEntries(
      CODED.map((name) => [
        name,
        new TextColumn(input.columns.get(name), this.width, input.config.constants?.[name] ?? '', readers[name]),
      ]),
    ) as Record<Coded, TextColumn>;
  }

  countRecords(scanner: RecordScanner, count: number): void {
    for (const name of CODED) this.columns[name].column?.read(scanner, 0, count);
    for (let record = 0; record < count; record++) {
      const at = this.timeOf(scanner, record);
      if (!Number.isNaN(at)) this.count(this.nameOf(scanner, record), at, (name) => this.columns[name].of(record));
    }
  }

  countRow({ values }: RawRow): void {
    const { input, columns } = this;
    const text = (position: number): string => values[position] ?? '';
    const time = this.times.read(text(this.time).trim());
    if (!time.ok) return;
    const document = this.names.map(text).find((name) => name !== '') ?? '';
    this.count(document, time.value, (name) => {
      const position = input.columns.get(name);
      return columns[name].read(position === undefined ? (input.config.constants?.[name] ?? '') : text(position));
    });
  }

  private count(document: string, at: number, textOf: (name: Coded) => string): void {
    const item = textOf('item');
    const [site, type, status] = [textOf('site'), textOf('type'), textOf('status')];
    const [user, batch] = [textOf('user'), textOf('batch')];
    const family = this.plan.master.items.get(item)?.family ?? '';
    const file = this.input.file.name;
    const shared = { site, type, status, user, batch, family, file, interface: textOf('interface') };
    this.counts.countDocument(this.population, { ...shared, document, item, at });
  }

  private timeOf(scanner: RecordScanner, record: number): number {
    const field = record * this.width + this.time;
    const [start, end] = [scanner.starts[field] as number, scanner.ends[field] as number];
    const plain = plainTime(scanner.bytes, start, end);
    if (!Number.isNaN(plain)) return plain;
    const time = this.times.read(decoder.decode(scanner.bytes.subarray(start, end)).trim());
    return time.ok ? time.value : Number.NaN;
  }

  private nameOf(scanner: RecordScanner, record: number): string {
    for (const position of this.names) {
      const field = record * this.width + position;
      const [start, end] = [scanner.starts[field] as number, scanner.ends[field] as number];
      if (end > start) return (scanner.bytes as Buffer).toString('latin1', start, end);
    }
    return '';
  }
}

function trimmed(raw: string): string {
  return raw.trim();
}
