/**
 * Decides what one row of a movement ledger means: which key it changes, by how much and when, or why it cannot be used.
 * Its balance columns mean what they mean in a snapshot. Never reads files.
 */
import type { Posting } from '../explain/evidence.ts';
import type { Fault } from '../model/rejection.ts';
import { normalizeBalance, type SourceRules } from './normalize-balance.ts';
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

  constructor(rules: SourceRules, times: TimeFormat, file: string, plan: Plan) {
    this.rules = rules;
    this.times = new TimeReader(times);
    this.file = file;
    this.plan = plan;
  }

  /** Faults are looked for in the times first, then as normalizeBalance does. `number` is the row's number in the file. */
  read(row: EvidenceRow, number: number): EvidenceOutcome<Posting> {
    const postedAt = this.times.read(row['posted_at']?.trim() ?? '');
    if (!postedAt.ok) return rejectedRow('posted_at', row, postedAt.fault);
    const eventText = row['event_at']?.trim() ?? '';
    const eventAt = eventText === '' ? undefined : this.times.read(eventText);
    if (eventAt && !eventAt.ok) return rejectedRow('event_at', row, eventAt.fault);
    const outcome = normalizeBalance(row, this.rules, this.plan);
    if (outcome.kind === 'rejected')
      return { kind: 'rejected', column: outcome.column, value: outcome.value, reason: outcome.fault.reason };
    if (outcome.kind === 'excluded') return { kind: 'excluded' };
    const text = (column: string): string => row[column]?.trim() ?? '';
    return {
      kind: 'taken',
      value: {
        ...outcome.balance,
        postedAt: postedAt.value,
        eventAt: eventAt?.value,
        movementId: text('movement_id'),
        messageId: text('message_id'),
        reference: text('reference'),
        type: normalizeText(row['type'] ?? '').toLowerCase(),
        line: text('line'),
        reason: text('reason'),
        user: text('user'),
        batch: text('batch'),
        source: { file: this.file, row: number },
      },
    };
  }
}
