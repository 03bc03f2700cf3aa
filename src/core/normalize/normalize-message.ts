/**
 * Decides what one row of the message log means: which system sent it, what it does to a key, and in which state it is, or
 * why it cannot be used. Never guesses a sender or a state, and never reads files.
 */
import { MESSAGE_STATES, type MessageState } from '../compare/ledger-evidence.ts';
import type { MessageLine } from '../explain/evidence.ts';
import { type InFlightQuantity, type Role, UNMAPPED } from '../model/balance.ts';
import { BalanceReader } from './balance-reader.ts';
import { resolveItem, resolveSite } from './master-data.ts';
import { type EvidenceOutcome, type EvidenceRow, rejectedRow } from './normalize-posting.ts';
import type { NumberFormat } from './number.ts';
import type { Plan } from './plan.ts';
import type { TimeFormat } from './time.ts';
import { TimeReader } from './time-reader.ts';

/** Shipments and the like lower the balance whichever way a message writes its quantity. */
const OUTWARD = new Set(['shipment', 'transfer-out', 'scrap', 'kit-consume']);

/** On which side the sender of a message stands; undefined where it is named and none of the systems. */
export function senderRole(from: string, to: string, systems: Plan['systems']): Role | undefined {
  const roleOf = (name: string): Role | undefined => systems.find(({ id }) => id === name)?.role;
  if (from !== '') return roleOf(from) ?? (/^(erp|wms)$/i.test(from) ? (from.toLowerCase() as Role) : undefined);
  return (roleOf(to) ?? to.toLowerCase()) === 'wms' ? 'erp' : 'wms';
}

/** Reads the rows of one message log. */
export class MessageReader {
  private readonly numberFormat: NumberFormat;
  private readonly times: TimeReader;
  private readonly file: string;
  private readonly plan: Plan;
  /** By the system that sent. */
  private readonly balances = new Map<string, BalanceReader>();

  constructor(numberFormat: NumberFormat, times: TimeFormat, file: string, plan: Plan) {
    this.numberFormat = numberFormat;
    this.times = new TimeReader(times);
    this.file = file;
    this.plan = plan;
  }

  /** A message whose quantity cannot be read is rejected, and its state still counts: `kept` has it without its quantity. */
  read(row: EvidenceRow, number: number): { outcome: EvidenceOutcome<MessageLine>; kept: MessageLine | undefined } {
    const refuse = (outcome: EvidenceOutcome<never>) => ({ outcome, kept: undefined });
    const sentAt = this.times.read(row['sent_at']?.trim() ?? '');
    if (!sentAt.ok) return refuse(rejectedRow('sent_at', row, sentAt.fault));
    const appliedAt = this.optionalTime(row['applied_at']);
    if (appliedAt && !appliedAt.ok) return refuse(rejectedRow('applied_at', row, appliedAt.fault));
    const receivedAt = this.optionalTime(row['received_at']);
    const state = row['state']?.trim().toLowerCase() as MessageState;
    if (!MESSAGE_STATES.includes(state))
      return refuse(rejected('state', row, `a state of messages was expected: ${MESSAGE_STATES.join(', ')}`));
    const messageId = row['message_id']?.trim() ?? '';
    if (messageId === '') return refuse(rejected('message_id', row, 'message_id missing'));
    const system = this.senderOf(row);
    if (system === undefined) {
      const known = this.plan.systems.map(({ id }) => id).join(', ');
      return refuse(rejected('from_system', row, `one of the systems was expected: ${known}`));
    }
    const placed = this.place(row, system);
    const text = (column: string): string => row[column]?.trim() ?? '';
    const message: MessageLine = {
      messageId,
      sentAt: sentAt.value,
      receivedAt: receivedAt?.ok ? receivedAt.value : undefined,
      appliedAt: appliedAt?.value,
      state,
      interfaceName: text('interface'),
      reference: text('reference'),
      item: row['item'] ? resolveItem(system.id, row['item'], this.plan.master) : '',
      fromRole: system.role,
      placed: placed !== undefined && 'reason' in placed ? undefined : placed,
      error: text('error'),
      type: text('type').toLowerCase(),
      line: text('line'),
      batch: text('batch'),
      source: { file: this.file, row: number },
    };
    return placed !== undefined && 'reason' in placed
      ? { outcome: { kind: 'rejected', ...placed }, kept: message }
      : { outcome: { kind: 'taken', value: message }, kept: message };
  }

  private optionalTime(written: string | undefined) {
    const text = written?.trim() ?? '';
    return text === '' ? undefined : this.times.read(text);
  }

  /**
   * The system whose balance changed first: the sender, else the one that is not the receiver. undefined where a sender is
   * named that is none of the systems: on which side it stands would be a guess.
   */
  private senderOf(row: EvidenceRow): { readonly id: string; readonly role: Role } | undefined {
    const { systems } = this.plan;
    const from = row['from_system']?.trim() ?? '';
    const role = senderRole(from, row['to_system']?.trim() ?? '', systems);
    return systems.find(({ id }) => id === from) ?? (role && this.systemOf(role, row));
  }

  /** The system of a role that answers for a row's site, else the first of the role. */
  private systemOf(role: Role, row: EvidenceRow): { readonly id: string; readonly role: Role } | undefined {
    const { plan } = this;
    const ofRole = plan.systems.filter((system) => system.role === role);
    return (
      ofRole.find(
        ({ id }) => plan.siteScope(id, role, resolveSite(id, row['site'] ?? '', plan.master)) === 'in-scope',
      ) ?? ofRole[0]
    );
  }

  /** What a message does to a key, where it says enough. */
  private place(
    row: EvidenceRow,
    { id, role }: { readonly id: string; readonly role: Role },
  ): InFlightQuantity | { column: string; value: string; reason: string } | undefined {
    if (!row['site'] || !row['item'] || !row['quantity'] || !row['status']) return undefined;
    const outcome = this.balancesOf(id, role).read(row);
    if (outcome.kind === 'rejected')
      return { column: outcome.column, value: outcome.value, reason: outcome.fault.reason };
    if (outcome.kind === 'excluded') return { site: '', item: '', owner: '', lot: '', category: UNMAPPED, quantity: 0 };
    const { site, item, owner, lot, category, quantity } = outcome.balance;
    const isOutward = OUTWARD.has(row['type']?.trim().toLowerCase() ?? '');
    return { site, item, owner, lot, category, quantity: isOutward ? -Math.abs(quantity) : quantity };
  }

  private balancesOf(system: string, role: Role): BalanceReader {
    const known = this.balances.get(system);
    if (known !== undefined) return known;
    const rules = { system, role, numberFormat: this.numberFormat, constants: {} };
    const reader = new BalanceReader(rules, this.plan);
    this.balances.set(system, reader);
    return reader;
  }
}

function rejected(column: string, row: EvidenceRow, reason: string): EvidenceOutcome<never> {
  return { kind: 'rejected', column, value: row[column] ?? '', reason };
}
