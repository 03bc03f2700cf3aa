/**
 * Gathers everything that is known of some items: their movements in both ledgers, the messages about them, what they held at
 * the opening. Reads each file once and keeps nothing of other items. Never judges what it finds.
 */

import { append } from '../../core/compare/ledger-evidence.ts';
import type { ItemEvidence, KeyFacts, KeyName, MessageLine, Posting } from '../../core/explain/evidence.ts';
import type { Role } from '../../core/model/balance.ts';
import { powerOfTen } from '../../core/model/decimal.ts';
import type { Rejection } from '../../core/model/rejection.ts';
import { normalizeBalance } from '../../core/normalize/normalize-balance.ts';
import { MessageReader } from '../../core/normalize/normalize-message.ts';
import { type EvidenceOutcome, type EvidenceRow, PostingReader } from '../../core/normalize/normalize-posting.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { isMeasured } from '../../core/normalize/unit-code.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import type { EvidenceInput } from './evidence-input.ts';
import { EvidenceRows } from './evidence-rows.ts';
import { ItemShares, NOBODY } from './item-shares.ts';
import { EVERY_ROW, ItemMatcher, type RowMatcher } from './row-matcher.ts';
import { type RowWitness, type SelectOptions, selectRows } from './select-rows.ts';

/** What became of an input: all its rows, those that were kept, and those that cannot be used. */
export interface CollectedInput {
  readonly rows: number;
  readonly kept: number;
  readonly rejections: readonly Rejection[];
}

/** What became of parts of an input. A row that several of them had to see is rejected once. */
export function sumCollected(parts: readonly CollectedInput[]): CollectedInput {
  const rejections = new Map(parts.flatMap((part) => part.rejections.map((each) => [each.row, each] as const)));
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    kept: parts.reduce((sum, { kept }) => sum + kept, 0),
    rejections: [...rejections.values()].sort((a, b) => a.row - b.row),
  };
}

/** What one item is explained from, before its keys join it. */
interface Gathered {
  readonly postings: Posting[];
  readonly messages: MessageLine[];
  /** By key: what both sides held at the opening. */
  readonly opening: Map<string, Record<Role, number>>;
}

type Take = (row: EvidenceRow, number: number) => EvidenceOutcome<unknown>;

export class EvidenceCollector {
  private readonly plan: Plan;
  private readonly items = new Map<string, Gathered>();
  /** Messages that name no item, and so speak of a whole document: by message number and by reference. */
  private readonly itemless = new Map<string, MessageLine[]>();
  /** Message numbers and references of the postings; made when the first message without an item is met. */
  private documents: Set<string> | undefined;
  /** One text for all that are equal: a ledger says the same few words a million times. */
  private readonly texts = new Map<string, string>();
  private kept = 0;

  constructor(plan: Plan, items: Iterable<string>) {
    this.plan = plan;
    for (const item of items) this.items.set(item, { postings: [], messages: [], opening: new Map() });
  }

  /** The ledgers are read before the messages: of messages without an item only those of their documents are kept. */
  async read(input: EvidenceInput, options: SelectOptions, witness?: RowWitness): Promise<CollectedInput> {
    const rejections: Rejection[] = [];
    const { header, columns, name, file } = input;
    const take = this.taker(input);
    const named = new EvidenceRows(input);
    this.kept = 0;
    const rows = await selectRows(
      input,
      this.matcher(input),
      ({ row, values, fault }: RawRow) => {
        // Rows that the reader itself cannot read belong to no item; they were reported when the file was searched first.
        if (fault) return;
        const outcome = take(named.of(values), row);
        if (outcome.kind !== 'rejected') return;
        const { column, value, reason } = outcome;
        const written = header[columns.get(column) ?? -1] ?? column;
        rejections.push({ source: name, file: file.name, row, column: written, value, reason });
      },
      options,
      witness,
    );
    return { rows, kept: this.kept, rejections };
  }

  /** Everything of an item; its keys are given the opening that was read. Forgets it afterwards. */
  take(item: string, keys: readonly KeyFacts[], hasOpening: boolean): ItemEvidence {
    const { postings, messages, opening } = this.items.get(item) as Gathered;
    this.items.delete(item);
    const record = this.plan.master.items.get(item);
    const baseUom = record?.baseUom || this.plan.master.packs.baseUomOf(item) || this.plan.master.baseUom;
    const withOpening = (key: KeyFacts): KeyFacts =>
      hasOpening ? { ...key, opening: opening.get(keyText(key)) ?? { erp: 0, wms: 0 } } : key;
    return {
      item,
      keys: keys.map(withOpening),
      postings: postings.sort(byTime),
      messages: [...messages, ...this.ofDocuments(postings)].sort(bySending),
      // Packs say nothing where nobody booked anything.
      packFactors: postings.length + messages.length === 0 ? [] : this.packFactors(item),
      family: record?.family ?? '',
      isWeighed: isMeasured(baseUom),
    };
  }

  private matcher(input: EvidenceInput): RowMatcher {
    const position = input.columns.get('item');
    if (position === undefined || input.rowColumn !== undefined) return EVERY_ROW;
    const shares = new ItemShares(this.plan, new Map([...this.items.keys()].map((item) => [item, 0])));
    return new ItemMatcher(position, input.header.length, (code) => shares.ofCode(input, code) !== NOBODY);
  }

  private taker(input: EvidenceInput): Take {
    const { rules, times, file } = input;
    if (input.kind === 'messages') {
      const reader = new MessageReader(rules.numberFormat, times, file.name, this.plan);
      return (row, number) => {
        const { outcome, kept } = reader.read(row, number);
        if (kept !== undefined) this.addMessage(kept);
        return outcome;
      };
    }
    if (input.kind === 'balances') return (row) => this.addOpening(row, input);
    const reader = new PostingReader(rules, times, file.name, this.plan, this.texts);
    return (row, number) => {
      const outcome = reader.read(row, number);
      if (outcome.kind === 'taken') this.addPosting(outcome.value);
      return outcome;
    };
  }

  private addMessage(message: MessageLine): void {
    if (message.item !== '') {
      const gathered = this.items.get(message.item);
      if (gathered === undefined) return;
      gathered.messages.push(message);
      this.kept++;
      return;
    }
    this.documents ??= new Set([...this.items.values()].flatMap(({ postings }) => postings.flatMap(documentNames)));
    for (const name of documentNames(message)) {
      if (!this.documents.has(name)) continue;
      append(this.itemless, name, message);
      this.kept++;
    }
  }

  private addPosting(posting: Posting): void {
    const gathered = this.items.get(posting.item);
    if (gathered === undefined) return;
    this.kept++;
    gathered.postings.push(posting);
  }

  private addOpening(row: EvidenceRow, input: EvidenceInput): EvidenceOutcome<unknown> {
    const outcome = normalizeBalance(row, input.rules, this.plan);
    if (outcome.kind === 'rejected')
      return { kind: 'rejected', column: outcome.column, value: outcome.value, reason: outcome.fault.reason };
    if (outcome.kind === 'excluded') return outcome;
    const { balance } = outcome;
    const opening = this.items.get(balance.item)?.opening;
    if (opening === undefined) return { kind: 'excluded' };
    this.kept++;
    const name = keyText(balance);
    const sides = opening.get(name) ?? { erp: 0, wms: 0 };
    sides[balance.role] += balance.quantity;
    opening.set(name, sides);
    return { kind: 'taken', value: balance };
  }

  /** Messages without an item that carry a document, or a message number, of these postings. */
  private ofDocuments(postings: readonly Posting[]): Set<MessageLine> {
    const found = new Set<MessageLine>();
    if (this.itemless.size === 0) return found;
    for (const posting of postings)
      for (const name of documentNames(posting))
        for (const message of this.itemless.get(name) ?? []) found.add(message);
    return found;
  }

  private packFactors(item: string): number[] {
    const { master, quantityDecimals } = this.plan;
    const scale = powerOfTen(quantityDecimals);
    const factors = [...(master.packs.get(item)?.factors.values() ?? [])].map(({ coefficient, scale: decimals }) =>
      Number((coefficient * scale) / powerOfTen(decimals)),
    );
    return [...new Set(factors)].filter((factor) => factor > Number(scale)).sort((a, b) => a - b);
  }
}

function documentNames({ messageId, reference }: { readonly messageId: string; readonly reference: string }): string[] {
  const names: string[] = [];
  if (messageId !== '') names.push(`message ${messageId}`);
  if (reference !== '') names.push(`reference ${reference}`);
  return names;
}

function keyText({ site, owner, lot, category }: KeyName): string {
  return `${site}\u0000${owner}\u0000${lot}\u0000${category}`;
}

function byTime(a: Posting, b: Posting): number {
  return a.postedAt - b.postedAt || byPlace(a, b);
}

function bySending(a: MessageLine, b: MessageLine): number {
  return a.sentAt - b.sentAt || byPlace(a, b);
}

/** Rows of one moment stand as they do in their files, whichever way they came. */
function byPlace({ source: a }: Pick<Posting, 'source'>, { source: b }: Pick<Posting, 'source'>): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.row - b.row;
}
