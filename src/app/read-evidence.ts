/**
 * Reads the movements and messages that can be in flight between the cut-offs, and finds what is.
 * Rows outside the time that matters are counted and passed over; rows that cannot be used are rejections.
 */
import type { Configuration, FileSourceConfig } from '../contract/configuration.ts';
import { findInFlight, type InFlightResult, type Message, type Movement } from '../core/compare/in-flight.ts';
import type { Role } from '../core/model/balance.ts';
import { Failure } from '../core/model/failure.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { MessageReader } from '../core/normalize/normalize-message.ts';
import { type EvidenceOutcome, type EvidenceRow, PostingReader } from '../core/normalize/normalize-posting.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { durationMs } from '../core/normalize/time.ts';
import { cutOffsOf, type Lags, sideTimes } from '../engine/evidence/cut-off-times.ts';
import { EvidenceFile, type SearchElsewhere } from '../engine/evidence/evidence-file.ts';
import type { EvidenceInput } from '../engine/evidence/evidence-input.ts';
import { findRepeats, type Repeats } from '../engine/evidence/find-repeats.ts';
import { hasRow } from '../engine/evidence/row-set.ts';
import { numberFormatOf, openSource, timeFormatOf } from '../ingest/open-source.ts';
import type { RawRow } from '../ingest/raw-table.ts';
import { cancelled } from './cancelled.ts';
import type { FoundCutOffs } from './find-cut-offs.ts';
import { sourceName } from './named-sources.ts';
import type { OnSourceFailure, ReadFile } from './read-master-data.ts';
import type { SourceFiles } from './source-files.ts';

/** A file of movements or messages, and what of it another file of the same ledger holds too. */
export interface ReadEvidenceFile extends ReadFile {
  readonly repeats: Repeats | undefined;
}

export interface Evidence extends InFlightResult {
  readonly files: readonly ReadEvidenceFile[];
  /** Whether movements or messages of a side were given. */
  readonly sides: { readonly erp: boolean; readonly wms: boolean };
  readonly inputs: readonly EvidenceInput[];
  readonly lags: Lags;
  /** When each side's ledger begins, in epoch milliseconds; Infinity where it holds nothing. */
  readonly begins: Readonly<Record<Role, number>>;
  /** When what was given of each side ends; −Infinity where nothing was, Infinity where that is not known. */
  readonly ends: Readonly<Record<Role, number>>;
}

/** `onFailure` is told of a file that cannot be read; without it the first one throws. */
interface EvidenceOptions {
  readonly onFailure?: OnSourceFailure | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Searches the index-th large file in another thread. */
  readonly elsewhere?: ((index: number) => SearchElsewhere | undefined) | undefined;
}

/** Movements this much before the earlier cut-off still matter beside the longest lag: clocks differ. */
const SLACK_MS = 3_600_000;
/** A document leads to a message, that to a movement, and that to its posting: further away nothing is in flight. */
const LINKED_ROUNDS_MAX = 3;

/** Finds what is in flight. Without the cut-offs of both sides there is nothing to align, and the sources are only checked. */
export async function readEvidence(
  configuration: Configuration,
  sourceFiles: SourceFiles,
  temporaryDirectory: string,
  plan: Plan,
  found: FoundCutOffs,
  options: EvidenceOptions = {},
): Promise<Evidence> {
  const opened = await openEvidence(configuration, sourceFiles, temporaryDirectory, options.onFailure);
  const lags = lagsOf(configuration);
  const longest = Math.max(lags.general, ...lags.byInterface.values());
  const earliest = Math.min(found.erp ?? 0, ...found.wms.values()) - longest - SLACK_MS;
  const isCancelled = (): boolean => options.signal?.aborted ?? false;
  const readers = opened.map((input, index) => {
    const file = new EvidenceFile(input, { temporaryDirectory, isCancelled }, options.elsewhere?.(index));
    return new RecentRows(file, earliest, plan);
  });
  await searchAll(readers, plan, options);
  if (isCancelled()) throw cancelled();
  // Whoever reads the files again leaves out the same rows.
  const inputs = readers.map(({ input, repeats }) =>
    repeats === undefined ? input : { ...input, repeated: repeats.rows },
  );
  const sides = { erp: false, wms: false };
  const ends = { erp: Number.NEGATIVE_INFINITY, wms: Number.NEGATIVE_INFINITY };
  for (const { input, endMs } of readers) {
    const side = input.kind === 'messages' ? 'wms' : input.rules.role;
    sides[side] = true;
    ends[side] = Math.max(ends[side], endMs);
  }
  const files = readers.map((reader) => reader.outcome());
  const begins = { erp: beginOf(readers, 'erp'), wms: beginOf(readers, 'wms') };
  const frame = { files, sides, inputs, lags, begins, ends };
  const times = sideTimes(found);
  if (times === undefined) return { quantities: [], unplaced: 0, late: [], ...frame };
  const hasErpMovements = inputs.some(({ kind, rules }) => kind === 'movements' && rules.role === 'erp');
  const result = findInFlight(
    {
      movements: readers.flatMap(({ movements }) => movements),
      messages: readers.flatMap(({ messages }) => messages),
      hasErpMovements,
    },
    cutOffsOf(times, lags, plan),
  );
  return { ...result, quantities: result.quantities.filter((entry) => plan.keeps(entry.site, entry.item)), ...frame };
}

/** A side's ledger is whole from the moment on from which all of its files are. */
function beginOf(readers: readonly RecentRows[], role: Role): number {
  const ledgers = readers.filter(({ input }) => input.kind === 'movements' && input.rules.role === role);
  return ledgers.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ledgers.map(({ firstMs }) => firstMs));
}

/** Messages first, then the ledgers of the warehouses, then the ERP's. */
async function openEvidence(
  configuration: Configuration,
  sourceFiles: SourceFiles,
  temporaryDirectory: string,
  onFailure: OnSourceFailure | undefined,
): Promise<EvidenceInput[]> {
  const inputs: EvidenceInput[] = [];
  const roleOf = (system: string): Role => configuration.systems[system]?.role ?? 'wms';
  const open = async (
    kind: 'movements' | 'messages',
    source: FileSourceConfig & { readonly system?: string },
    name: string,
  ): Promise<void> => {
    try {
      for (const { file, config, isTakenIn = false } of await sourceFiles.findAll(source)) {
        const { header, columns, content } = await openSource(kind, config, file, temporaryDirectory);
        const { system = '', constants = {} } = config;
        const rules = { system, role: roleOf(system), numberFormat: numberFormatOf(config), constants };
        const delimited = content.kind === 'delimited' ? content.delimited : undefined;
        const times = timeFormatOf(config);
        inputs.push({ kind, name, rules, times, config, file, header, columns, delimited, isTakenIn });
      }
    } catch (error) {
      if (onFailure === undefined || !(error instanceof Failure)) throw error;
      onFailure(kind, source, error);
    }
  };
  const { messages = [], movements = [] } = configuration;
  for (const [index, source] of messages.entries())
    await open('messages', source, sourceName('messages', source, index, messages.length));
  for (const source of movements.toSorted((a, b) => roleOf(b.system).localeCompare(roleOf(a.system)))) {
    const twins = movements.filter((other) => other.system === source.system);
    await open('movements', source, sourceName('movements', source, twins.indexOf(source), twins.length));
  }
  return inputs;
}

function lagsOf(configuration: Configuration): Lags {
  const byInterface = Object.entries(configuration.lag?.interfaces ?? {});
  return {
    general: durationMs(configuration.lag?.default ?? '30m'),
    byInterface: new Map(byInterface.map(([name, lag]) => [name, durationMs(lag)])),
  };
}

/** First what is recent, each row in one file, then what the same documents and messages did before. */
async function searchAll(readers: readonly RecentRows[], plan: Plan, options: EvidenceOptions): Promise<void> {
  const guarded = async (reader: RecentRows, search: () => Promise<void>): Promise<void> => {
    try {
      await search();
    } catch (error) {
      if (options.onFailure === undefined || !(error instanceof Failure)) throw error;
      options.onFailure(reader.input.kind, reader.input.config, error);
    }
  };
  await Promise.all(readers.map((reader) => guarded(reader, () => reader.searchRecent())));
  const repeats = await findRepeats(readers, plan);
  for (const [index, reader] of readers.entries()) reader.takeRecent(repeats[index]);
  const known = { message_id: new Set<string>(), reference: new Set<string>() };
  for (let round = 0; round < LINKED_ROUNDS_MAX; round++) {
    const fresh = { message_id: new Set<string>(), reference: new Set<string>() };
    for (const { movements, messages } of readers) {
      for (const { messageId, reference } of [...movements, ...messages]) {
        if (messageId !== '' && !known.message_id.has(messageId)) fresh.message_id.add(messageId);
        if (reference !== '' && !known.reference.has(reference)) fresh.reference.add(reference);
      }
    }
    if (fresh.message_id.size + fresh.reference.size === 0) return;
    for (const id of fresh.message_id) known.message_id.add(id);
    for (const reference of fresh.reference) known.reference.add(reference);
    await Promise.all(
      readers.map((reader) => guarded(reader, () => reader.searchLinked(new Map(Object.entries(fresh))))),
    );
  }
}

/** The rows of one file that matter for what is in flight. */
class RecentRows {
  readonly movements: Movement[] = [];
  readonly messages: Message[] = [];
  readonly input: EvidenceInput;
  readonly file: EvidenceFile;
  private readonly earliest: number;
  private readonly rejections: Rejection[] = [];
  private readonly taken = new Set<number>();
  private readonly take: (row: EvidenceRow, number: number) => EvidenceOutcome<unknown>;
  private recent: readonly RawRow[] = [];
  rows = 0;
  firstMs = Number.POSITIVE_INFINITY;
  lastMs = Number.NEGATIVE_INFINITY;
  repeats: Repeats | undefined;

  constructor(evidence: EvidenceFile, earliest: number, plan: Plan) {
    const { input } = evidence;
    this.file = evidence;
    this.input = input;
    this.earliest = earliest;
    const { rules, times, file } = input;
    if (input.kind === 'messages') {
      const reader = new MessageReader(rules.numberFormat, times, file.name, plan);
      this.take = (row, number) => {
        const { outcome, kept } = reader.read(row, number);
        if (kept !== undefined) this.messages.push(kept);
        return outcome;
      };
    } else {
      const reader = new PostingReader(rules, times, file.name, plan);
      this.take = (row, number) => {
        const outcome = reader.read(row, number);
        if (outcome.kind === 'taken') this.movements.push(outcome.value);
        return outcome;
      };
    }
  }

  async searchRecent(): Promise<void> {
    const columns = this.input.kind === 'messages' ? ['sent_at', 'applied_at'] : ['posted_at'];
    const search = { kind: 'since', columns, fromMs: this.earliest } as const;
    const { rows, found, firstMs, lastMs } = await this.file.search(search);
    this.rows = rows;
    this.firstMs = firstMs;
    this.lastMs = lastMs;
    this.recent = found;
  }

  /** A time that stands in no row is not known. */
  get endMs(): number {
    return this.rows > 0 && this.firstMs > this.lastMs ? Number.POSITIVE_INFINITY : this.lastMs;
  }

  takeRecent(repeats: Repeats | undefined): void {
    this.repeats = repeats;
    this.takeAll(this.recent);
    this.recent = [];
  }

  async searchLinked(texts: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
    this.takeAll((await this.file.search({ kind: 'texts', texts })).found);
  }

  private takeAll(found: readonly RawRow[]): void {
    const { header, columns, name, file } = this.input;
    for (const { row, values, fault } of found) {
      if (this.taken.has(row) || hasRow(this.repeats?.rows, row)) continue;
      this.taken.add(row);
      const outcome: EvidenceOutcome<unknown> = fault
        ? { kind: 'rejected', ...fault, column: header[fault.column] ?? '' }
        : this.take(this.file.rowOf(values), row);
      if (outcome.kind !== 'rejected') continue;
      const { column, value, reason } = outcome;
      const written = header[columns.get(column) ?? -1] ?? column;
      this.rejections.push({ source: name, file: file.name, row, column: written, value, reason });
    }
  }

  outcome(): ReadEvidenceFile {
    const { kind, name, rules, file } = this.input;
    const rejections = this.rejections.sort((a, b) => a.row - b.row);
    return { kind, name, system: rules.system, file, rows: this.rows, rejections, repeats: this.repeats };
  }
}
