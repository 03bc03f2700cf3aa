/**
 * Decides what one row of a movement ledger means: which key it changes, by how much and when, or why it cannot be used.
 * Its balance columns mean what they mean in a snapshot. Never reads files.
 */
import type { Posting } from '../explain/evidence.ts';
import type { Fault } from '../model/rejection.ts';
import { BalanceReader } from './balance-reader.ts';
import { resolveItem } from './master-data.ts';
import type { SourceRules } from './normalize-balance.ts';
import type { Plan } from './plan.ts';
import { normalizeText } from './text.ts';
import type { TimeFormat } from './time.ts';
import { TimeReader } from './time-reader.ts';

export type EvidenceRow = Readonly<Record<string, string | undefined>>;

/** A row of evidence as what it says, as left out on purpose, or as the fault that stopped it. */
export type EvidenceOutcome<T> =
  | { readonly kind: 'taken'; readonly value: T }
  | { readonly kind: 'excluded' }
  | { readonly kind: 'rejected'; readonly column: string; readonly value: string; readonly reason: string };

export function rejectedRow(column: string, row: EvidenceRow, fault: Fault): EvidenceOutcome<never> {
  return { kind: 'rejected', column, value: row[column] ?? '', reason: fault.reason };
}

/** Reads the rows of one ledger file. */
export class PostingReader {
  private readonly rules: SourceRules;
  private readonly times: TimeReader;
  private readonly file: string;
  private readonly plan: Plan;
  private readonly texts: Map<string, string>;
  private readonly balances: BalanceReader;

  /** `texts`: texts that come again and again, to be kept once; shared with readers of the same run. */
  constructor(rules: SourceRules, times: TimeFormat, file: string, plan: Plan, texts = new Map<string, string>()) {
    this.texts = texts;
    this.rules = rules;
    this.times = new TimeReader(times);
    this.file = file;
    this.plan = plan;
    this.balances = new BalanceReader(rules, plan);
  }

  /** Faults are looked for in the times first, then as normalizeBalance does. `number` is the row's number in the file. */
  read(row: EvidenceRow, number: number): EvidenceOutcome<Posting> {
    const postedAt = this.times.read(row['posted_at']?.trim() ?? '');
    if (!postedAt.ok) return rejectedRow('posted_at', row, postedAt.fault);
    const eventText = row['event_at']?.trim() ?? '';
    const eventAt = eventText === '' ? undefined : this.times.read(eventText);
    if (eventAt && !eventAt.ok) return rejectedRow('event_at', row, eventAt.fault);
    const outcome = this.balances.read(row);
    if (outcome.kind === 'rejected')
      return { kind: 'rejected', column: outcome.column, value: outcome.value, reason: outcome.fault.reason };
    if (outcome.kind === 'excluded') return { kind: 'excluded' };
    const { role, system, site, item, owner, lot, status, category, quantity } = outcome.balance;
    return {
      kind: 'taken',
      value: {
        role,
        system,
        site: this.same(site),
        item: this.same(item),
        owner: this.same(owner),
        lot,
        status: this.same(status),
        category,
        quantity,
        postedAt: postedAt.value,
        eventAt: eventAt?.value,
        movementId: trimmed(row['movement_id']),
        messageId: trimmed(row['message_id']),
        reference: trimmed(row['reference']),
        type: this.same(normalizeText(row['type'] ?? '').toLowerCase()),
        line: this.same(trimmed(row['line'])),
        reason: this.same(trimmed(row['reason'])),
        user: this.same(trimmed(row['user'])),
        batch: this.same(trimmed(row['batch'])),
        source: { file: this.file, row: number },
      },
    };
  }

  /** When a row that is left out was posted, and of which item. */
  placeOf(row: EvidenceRow): { readonly postedAt: number; readonly item: string } {
    const time = this.times.read(row['posted_at']?.trim() ?? '');
    const item = resolveItem(this.rules.system, row['item'] ?? '', this.plan.master);
    return { postedAt: time.ok ? time.value : Number.NaN, item };
  }

  /** One text for all that are equal. */
  private same(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }
}

function trimmed(text: string | undefined): string {
  return text?.trim() ?? '';
}
