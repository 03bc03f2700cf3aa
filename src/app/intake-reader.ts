/**
 * Decides which rows that a system sends can be taken in, by the same rules as rows of files: what the core cannot read is a
 * rejection with its column. Never stores anything.
 */
import { createHash } from 'node:crypto';
import { nearestName } from '../config/nearest-name.ts';
import { CANONICAL_COLUMNS, type Configuration, type FileSourceConfig } from '../contract/configuration.ts';
import type { Role } from '../core/model/balance.ts';
import { formatDecimal } from '../core/model/decimal.ts';
import { Failure } from '../core/model/failure.ts';
import { resolveSite } from '../core/normalize/master-data.ts';
import { MessageReader } from '../core/normalize/normalize-message.ts';
import { type EvidenceOutcome, PostingReader } from '../core/normalize/normalize-posting.ts';
import { type NumberFormat, parseDecimal } from '../core/normalize/number.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { TimeReader } from '../core/normalize/time-reader.ts';
import { parseFlatObject } from '../ingest/json/flat-object.ts';
import { numberFormatOf, timeFormatOf } from '../ingest/open-source.ts';
import type { IntakeKind, NewIntakeRow } from '../store/work/intake.ts';

export type ReadIntake =
  | { readonly ok: true; readonly row: NewIntakeRow }
  | { readonly ok: false; readonly column: string; readonly value: string; readonly reason: string };

type Values = Readonly<Record<string, string>>;

/** 128 bits: one chance in 10^20 that two of a thousand million rows are taken for one. */
const HASH_BYTES = 16;
const SHOWN_MAX = 200;

/** Reads the rows that one system sends of one kind. `system` is '' for messages: each names its sender. */
export class IntakeReader {
  private readonly kind: IntakeKind;
  private readonly system: string;
  private readonly columns: ReadonlySet<string>;
  private readonly plan: Plan;
  private readonly numbers: NumberFormat;
  private readonly times: TimeReader;
  private readonly hasOwnTimes: boolean;
  private readonly readRow: (values: Values) => EvidenceOutcome<NewIntakeRow>;

  /** Throws a Failure where the system is none of the configuration's. */
  constructor(kind: IntakeKind, system: string, configuration: Configuration, plan: Plan) {
    this.kind = kind;
    this.system = system;
    this.plan = plan;
    this.columns = new Set(CANONICAL_COLUMNS[kind]);
    const source = intakeSource(kind, system, configuration);
    const times = timeFormatOf(source);
    this.numbers = numberFormatOf(source);
    this.times = new TimeReader(times);
    this.hasOwnTimes = times.timeZone !== undefined || times.timeFormat !== undefined;
    const { constants = {} } = source;
    if (kind === 'messages') {
      const reader = new MessageReader(this.numbers, times, '', plan);
      this.readRow = (values) => this.readMessage(reader, { ...constants, ...values });
    } else {
      const rules = { system, role: roleOf(system, configuration), numberFormat: this.numbers, constants };
      const reader = new PostingReader(rules, times, '', plan);
      this.readRow = (values) => this.readMovement(reader, { ...constants, ...values });
    }
  }

  /** `text`: one row as a flat JSON object. */
  read(text: string): ReadIntake {
    const parsed = parseFlatObject(text);
    if (!parsed.ok) return parsed;
    const { values } = parsed;
    for (const [column, value] of Object.entries(values)) {
      if (this.columns.has(column)) continue;
      const near = nearestName(column, this.columns);
      const meant = near === undefined ? '' : `; ${near} may be meant`;
      return rejected(column, value, `no column of ${this.kind}${meant}`);
    }
    const outcome = this.readRow(values);
    if (outcome.kind === 'taken') return { ok: true, row: outcome.value };
    if (outcome.kind === 'excluded') throw new Error('rows that are left out are taken in all the same');
    return rejected(outcome.column, outcome.value, outcome.reason);
  }

  /** A row that no comparison counts is a row of the ledger all the same: it is kept. */
  private readMovement(reader: PostingReader, values: Values): EvidenceOutcome<NewIntakeRow> {
    if (textOf(values, 'movement_id') === '')
      return { kind: 'rejected', column: 'movement_id', value: '', reason: 'movement_id missing' };
    const outcome = reader.read(values, 0);
    if (outcome.kind === 'rejected') return outcome;
    const { postedAt: at, item } = outcome.kind === 'taken' ? outcome.value : reader.placeOf(values);
    const site = resolveSite(this.system, values['site'] ?? '', this.plan.master);
    return this.taken(values, { system: this.system, feed: this.system, at, site, item, state: '' });
  }

  private readMessage(reader: MessageReader, values: Values): EvidenceOutcome<NewIntakeRow> {
    const { outcome } = reader.read(values, 0);
    if (outcome.kind !== 'taken') return outcome;
    const { sentAt, item, interfaceName, state, placed } = outcome.value;
    const system = textOf(values, 'from_system');
    const site = placed?.site || resolveSite(system, values['site'] ?? '', this.plan.master);
    return this.taken(values, { system, feed: interfaceName, at: sentAt, site, item, state });
  }

  private taken(
    values: Values,
    facts: Pick<NewIntakeRow, 'system' | 'feed' | 'at' | 'site' | 'item' | 'state'>,
  ): EvidenceOutcome<NewIntakeRow> {
    const document = this.canonical(values);
    const contentHash = createHash('sha256')
      .update(`${this.kind}\n${this.system}\n${document}`)
      .digest()
      .subarray(0, HASH_BYTES)
      .toString('base64url');
    const messageId = textOf(values, 'message_id');
    const reference = textOf(values, 'reference');
    return { kind: 'taken', value: { kind: this.kind, ...facts, contentHash, messageId, reference, document } };
  }

  /**
   * The row's texts in the order of the contract, those that are blank left out: equal rows give equal texts. What is written
   * in the system's own notation is written as everybody reads it.
   */
  private canonical(values: Values): string {
    const row: Record<string, string> = {};
    for (const column of this.columns) {
      const text = textOf(values, column);
      if (text !== '') row[column] = this.plain(column, text);
    }
    return JSON.stringify(row);
  }

  private plain(column: string, text: string): string {
    if (column.endsWith('_at') && this.hasOwnTimes) {
      const time = this.times.read(text);
      return time.ok ? new Date(time.value).toISOString() : text;
    }
    if (column !== 'quantity') return text;
    const number = parseDecimal(text, this.numbers);
    return number.ok ? formatDecimal(number.value) : text;
  }
}

/** The source of a configuration that says how rows of this kind and system are written; its path does not matter here. */
function intakeSource(kind: IntakeKind, system: string, configuration: Configuration): FileSourceConfig {
  const plain: FileSourceConfig = { format: 'jsonl' };
  if (kind === 'messages') return configuration.messages?.find(isIntake) ?? plain;
  return configuration.movements?.find((source) => source.system === system && isIntake(source)) ?? plain;
}

/** Whether a source of movements or messages is what the lake took in. */
function isIntake({ path, connection, query }: FileSourceConfig): boolean {
  return path === undefined && connection === undefined && query === undefined;
}

function roleOf(system: string, configuration: Configuration): Role {
  const found = configuration.systems[system];
  if (found !== undefined) return found.role;
  const known = Object.keys(configuration.systems).join(', ');
  throw new Failure(
    'usage',
    'SYSTEM_UNKNOWN',
    `there is no system ${JSON.stringify(system)}`,
    `Name one of: ${known}.`,
  );
}

function textOf(values: Values, column: string): string {
  return values[column]?.trim() ?? '';
}

function rejected(column: string, value: string, reason: string): ReadIntake {
  return { ok: false, column, value: value.slice(0, SHOWN_MAX), reason };
}
