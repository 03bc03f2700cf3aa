/**
 * Counts the documents of whole ledgers and logs by what they have in common, so that the share of failures can be told.
 * Looks at every row, also of items that agree; never keeps one.
 */
import type { FactorCounts, Population } from '../../core/explain/systemic/factor-counts.ts';
import type { Attribute } from '../../core/explain/systemic/population-counts.ts';
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
/** Rows of one document that agree in these are one line of it. */
const TELLING = ['item', 'batch', 'status', 'type'] as const satisfies readonly Coded[];
const LISTED = ['interface', 'user', 'type', 'status', 'site', 'batch'] as const satisfies readonly Coded[];
/** Lines of which it is remembered that they were counted; a power of two. */
const RECENT = 1 << 16;
/** Columns of as many values as rows: the first that is not blank names the document. */
const NAMES = ['reference', 'message_id', 'movement_id'] as const;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads a column as the core compares it. */
class TextColumn {
  readonly texts: string[] = [];
  /** By code, what the population calls its text; undefined until a line of it is counted. */
  readonly ids: (number | undefined)[] = [];
  readonly column: CodeColumn | undefined;
  readonly read: (raw: string) => string;
  private readonly constant: string;

  constructor(position: number | undefined, columns: number, constant: string, read: (raw: string) => string) {
    this.read = read;
    this.constant = read(constant);
    if (position !== undefined)
      this.column = new CodeColumn(position, columns, (raw) => this.texts.push(read(raw)) - 1, normalizeText);
  }

  codeOf(record: number): number {
    return this.column === undefined ? 0 : (this.column.values[record] as number);
  }

  textOf(code: number): string {
    return this.column === undefined ? this.constant : (this.texts[code] as string);
  }
}

/** Counts the rows of one input. */
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
  /** The line that is being counted, as texts or as their numbers: ten million of them make no garbage. */
  private readonly line: Record<Attribute, string>;
  private readonly ids: Record<Attribute, number>;
  private readonly recent = new Int32Array(RECENT);
  /** By the code of the item. */
  private readonly familyIds: (number | undefined)[] = [];

  constructor(input: EvidenceInput, counts: FactorCounts, plan: Plan) {
    this.input = input;
    this.counts = counts;
    this.plan = plan;
    this.population = input.kind === 'messages' ? 'messages' : input.rules.role;
    this.width = input.header.length;
    this.line = {
      ...{ interface: '', user: '', family: '', type: '', status: '', site: '', batch: '' },
      file: input.file.name,
    };
    this.ids = { interface: 0, user: 0, family: 0, type: 0, status: 0, site: 0, batch: 0, file: 0 };
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

  countRecords(scanner: RecordScanner, count: number, leftOut?: Uint8Array): void {
    const { columns, ids, width } = this;
    const population = this.counts.populations[this.population];
    for (const name of CODED) columns[name].column?.read(scanner, 0, count);
    for (let record = 0; record < count; record++) {
      if (leftOut?.[record] === 1) continue;
      const name = this.nameOf(scanner.starts, scanner.ends, record * width);
      let hash = name < 0 ? 0 : (scanner.hashes[name] as number);
      for (const coded of TELLING) hash = Math.imul(hash ^ columns[coded].codeOf(record), 0x9e3779b1);
      if (this.isRecent(hash)) continue;
      const at = this.timeOf(scanner, record);
      if (Number.isNaN(at)) continue;
      for (const coded of LISTED) {
        const column = columns[coded];
        const code = column.codeOf(record);
        ids[coded] = column.ids[code] ??= population.idOf(coded, column.textOf(code));
      }
      ids.family = this.familyIdOf(columns.item.codeOf(record));
      ids.file ||= population.idOf('file', this.line.file);
      population.addByIds(ids, at);
    }
  }

  countRow({ values }: RawRow): void {
    const { input, columns, line } = this;
    const text = (position: number): string => values[position] ?? '';
    const read = (coded: Coded): string => {
      const position = input.columns.get(coded);
      return columns[coded].read(position === undefined ? (input.config.constants?.[coded] ?? '') : text(position));
    };
    const time = this.times.read(text(this.time).trim());
    if (!time.ok) return;
    const name = this.names.map(text).find((each) => each !== '') ?? '';
    if (this.isRecent(textHash([name, ...TELLING.map(read)].join('\u0000')))) return;
    for (const coded of LISTED) line[coded] = read(coded);
    line.family = this.familyOf(read('item'));
    this.counts.populations[this.population].add(line, time.value);
  }

  /** Rows that repeat a document and item soon after, such as the picks of one order line, are one line of it. */
  private isRecent(hash: number): boolean {
    const mixed = (hash ^ (hash >>> 15)) | 1;
    const slot = (mixed >>> 1) & (RECENT - 1);
    if (this.recent[slot] === mixed) return true;
    this.recent[slot] = mixed;
    return false;
  }

  private familyIdOf(code: number): number {
    const known = this.familyIds[code];
    if (known !== undefined) return known;
    const family = this.familyOf(this.columns.item.textOf(code));
    const id = this.counts.populations[this.population].idOf('family', family);
    this.familyIds[code] = id;
    return id;
  }

  private familyOf(item: string): string {
    return this.plan.master.items.get(item)?.family ?? '';
  }

  private timeOf(scanner: RecordScanner, record: number): number {
    const field = record * this.width + this.time;
    const [start, end] = [scanner.starts[field] as number, scanner.ends[field] as number];
    const plain = plainTime(scanner.bytes, start, end);
    if (!Number.isNaN(plain)) return plain;
    const time = this.times.read(decoder.decode(scanner.bytes.subarray(start, end)).trim());
    return time.ok ? time.value : Number.NaN;
  }

  /** The field that names the document; −1 where none does. */
  private nameOf(starts: Int32Array, ends: Int32Array, first: number): number {
    for (const position of this.names)
      if ((ends[first + position] as number) > (starts[first + position] as number)) return first + position;
    return -1;
  }
}

function trimmed(raw: string): string {
  return raw.trim();
}

function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
