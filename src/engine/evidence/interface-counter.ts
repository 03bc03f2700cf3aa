/**
 * Reads from every row of a message log what became of its message, so that interfaces can be measured. Looks at all messages,
 * also of items that agree; rows that MessageReader rejects are passed over.
 */
import { MESSAGE_STATES, type MessageState } from '../../core/compare/ledger-evidence.ts';
import type { MessageCounts } from '../../core/measure/count-messages.ts';
import type { Role } from '../../core/model/balance.ts';
import { resolveItem, resolveSite } from '../../core/normalize/master-data.ts';
import { senderRole } from '../../core/normalize/normalize-message.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { TimeReader } from '../../core/normalize/time-reader.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import { CodeColumn } from '../pass/code-column.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { plainTime } from './plain-time.ts';
import type { RowWitness } from './select-rows.ts';

/** Columns of few values. */
const CODED = ['interface', 'from_system', 'to_system', 'state', 'site', 'item', 'line'] as const;
type Coded = (typeof CODED)[number];
const SPACE = 32;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Texts by number, each one once. */
class Names {
  readonly texts: string[] = [];
  private readonly ids = new Map<string, number>();

  idOf(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.texts.push(text) - 1;
    this.ids.set(text, id);
    return id;
  }
}

/** Counts the messages of one input. */
export class InterfaceCounter implements RowWitness {
  private readonly input: EvidenceInput;
  private readonly counts: MessageCounts;
  private readonly plan: Plan;
  private readonly times: TimeReader;
  private readonly names = new Names();
  private readonly columns: ReadonlyMap<Coded, CodeColumn>;
  /** Of the row that is looked at: numbers of its coded texts. */
  private readonly codes: Record<Coded, number>;
  private readonly constants: Readonly<Record<string, string>>;

  constructor(input: EvidenceInput, counts: MessageCounts, plan: Plan) {
    this.input = input;
    this.counts = counts;
    this.plan = plan;
    this.times = new TimeReader(input.times);
    this.constants = input.config.constants ?? {};
    const codeOf = (name: Coded, raw: string): number => this.names.idOf(this.read(name, raw));
    this.codes = Object.fromEntries(CODED.map((name) => [name, codeOf(name, this.constants[name] ?? '')])) as Record<
      Coded,
      number
    >;
    const columnOf = (name: Coded, position: number): [Coded, CodeColumn] => [
      name,
      new CodeColumn(position, input.header.length, (raw) => codeOf(name, raw), normalizeText),
    ];
    this.columns = new Map(
      CODED.flatMap((name) => {
        const position = input.columns.get(name);
        return position === undefined ? [] : [columnOf(name, position)];
      }),
    );
  }

  countRecords(scanner: RecordScanner, count: number, leftOut?: Uint8Array): void {
    const { columns, codes, input } = this;
    for (const column of columns.values()) column.read(scanner, 0, count);
    const id = input.columns.get('message_id') ?? -1;
    for (let record = 0; record < count; record++) {
      if (leftOut?.[record] === 1) continue;
      for (const [name, column] of columns) codes[name] = column.values[record] as number;
      const first = record * input.header.length;
      let start = scanner.starts[first + id] as number;
      let end = scanner.ends[first + id] as number;
      while (start < end && (scanner.bytes[start] as number) <= SPACE) start++;
      while (start < end && (scanner.bytes[end - 1] as number) <= SPACE) end--;
      if (id < 0 || start === end) continue;
      this.add(
        scanner.bytes,
        start,
        end,
        this.timeOf(scanner, first, 'sent_at'),
        this.timeOf(scanner, first, 'applied_at'),
      );
    }
  }

  countRow({ values }: RawRow): void {
    const { input, codes, constants } = this;
    const text = (name: string): string => {
      const position = input.columns.get(name);
      return (position === undefined ? constants[name] : values[position])?.trim() ?? '';
    };
    for (const name of this.columns.keys()) codes[name] = this.names.idOf(this.read(name, text(name)));
    const id = encoder.encode(text('message_id'));
    if (id.length > 0) this.add(id, 0, id.length, this.readTime(text('sent_at')), this.readTime(text('applied_at')));
  }

  /** A code as MessageReader has it. */
  private read(name: Coded, raw: string): string {
    const [system] = this.plan.systems;
    if (name === 'state') return raw.trim().toLowerCase();
    if (name === 'item') return raw.trim() === '' ? '' : resolveItem(system?.id ?? '', raw, this.plan.master);
    if (name === 'site') return resolveSite(system?.id ?? '', raw, this.plan.master);
    return raw.trim();
  }

  private timeOf(scanner: RecordScanner, first: number, name: string): number | undefined {
    const position = this.input.columns.get(name);
    if (position === undefined) return this.readTime(this.constants[name] ?? '');
    const start = scanner.starts[first + position] as number;
    const end = scanner.ends[first + position] as number;
    const plain = plainTime(scanner.bytes, start, end);
    return Number.isNaN(plain) ? this.readTime(decoder.decode(scanner.bytes.subarray(start, end)).trim()) : plain;
  }

  /** undefined where there is none, NaN where it cannot be read. */
  private readTime(text: string): number | undefined {
    if (text === '') return undefined;
    const time = this.times.read(text);
    return time.ok ? time.value : Number.NaN;
  }

  private add(bytes: Uint8Array, start: number, end: number, sentAt?: number, appliedAt?: number): void {
    const { codes, names } = this;
    const text = (name: Coded): string => names.texts[codes[name]] as string;
    const state = text('state') as MessageState;
    const fromRole = this.roleOf(codes.from_system, codes.to_system);
    if (fromRole === undefined || sentAt === undefined || Number.isNaN(sentAt) || Number.isNaN(appliedAt)) return;
    if (!MESSAGE_STATES.includes(state)) return;
    const interfaceName = text('interface');
    const parts = [codes.interface, fromRole === 'erp' ? 1 : 0, codes.item, codes.line];
    const message = messageNumber(bytes, start, end, parts);
    this.counts.add({ message, interfaceName, fromRole, site: text('site'), state, sentAt, appliedAt });
  }

  private readonly roles = new Map<number, Role | undefined>();

  private roleOf(from: number, to: number): Role | undefined {
    const pair = from * 0x1000000 + to;
    if (!this.roles.has(pair)) {
      const { texts } = this.names;
      this.roles.set(pair, senderRole(texts[from] as string, texts[to] as string, this.plan.systems));
    }
    return this.roles.get(pair);
  }
}

/** 53 bits of all that tells a message from others: among ten million, two are taken for one in one log of a hundred. */
function messageNumber(bytes: Uint8Array, start: number, end: number, parts: readonly number[]): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  const add = (value: number): void => {
    low = Math.imul(low ^ value, 0x01000193);
    high = Math.imul(high ^ value, 0x85ebca6b);
    high ^= high >>> 13;
  };
  for (let at = start; at < end; at++) add(bytes[at] as number);
  for (const part of parts) add(part);
  return 1 + (low >>> 0) + (high >>> 11) * 0x100000000;
}
