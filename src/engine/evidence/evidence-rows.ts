/** Gives the values of one file's records their canonical names. Never reads what they say. */
import type { EvidenceRow } from '../../core/normalize/normalize-posting.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import type { EvidenceInput } from './evidence-input.ts';

/** All columns that movements, messages and openings may have. */
const NAMES = [
  'movement_id',
  'message_id',
  'posted_at',
  'sent_at',
  'event_at',
  'received_at',
  'applied_at',
  'site',
  'item',
  'owner',
  'lot',
  'status',
  'location',
  'quantity',
  'uom',
  'type',
  'reference',
  'line',
  'reason',
  'user',
  'batch',
  'state',
  'interface',
  'from_system',
  'to_system',
  'error',
] as const;
type Name = (typeof NAMES)[number];

export class EvidenceRows {
  /** −1 where the file lacks a column. */
  private readonly positions: Readonly<Record<Name, number>>;
  /** Of a column that the file lacks: its constant, or undefined. */
  private readonly constants: Readonly<Record<Name, string | undefined>>;

  constructor({ columns, config }: EvidenceInput) {
    this.positions = Object.fromEntries(NAMES.map((name) => [name, columns.get(name) ?? -1])) as Record<Name, number>;
    const { constants = {} } = config;
    this.constants = Object.fromEntries(NAMES.map((name) => [name, constants[name]])) as Record<
      Name,
      string | undefined
    >;
  }

  /** A column that the file lacks is its constant, or undefined. All rows have one shape: made name by name they took twice the time. */
  of(values: RawRow['values']): EvidenceRow {
    const { positions: at, constants } = this;
    const text = (constant: string | undefined, position: number): string | undefined =>
      position < 0 ? constant : (values[position] ?? '');
    return {
      movement_id: text(constants.movement_id, at.movement_id),
      message_id: text(constants.message_id, at.message_id),
      posted_at: text(constants.posted_at, at.posted_at),
      sent_at: text(constants.sent_at, at.sent_at),
      event_at: text(constants.event_at, at.event_at),
      received_at: text(constants.received_at, at.received_at),
      applied_at: text(constants.applied_at, at.applied_at),
      site: text(constants.site, at.site),
      item: text(constants.item, at.item),
      owner: text(constants.owner, at.owner),
      lot: text(constants.lot, at.lot),
      status: text(constants.status, at.status),
      location: text(constants.location, at.location),
      quantity: text(constants.quantity, at.quantity),
      uom: text(constants.uom, at.uom),
      type: text(constants.type, at.type),
      reference: text(constants.reference, at.reference),
      line: text(constants.line, at.line),
      reason: text(constants.reason, at.reason),
      user: text(constants.user, at.user),
      batch: text(constants.batch, at.batch),
      state: text(constants.state, at.state),
      interface: text(constants.interface, at.interface),
      from_system: text(constants.from_system, at.from_system),
      to_system: text(constants.to_system, at.to_system),
      error: text(constants.error, at.error),
    };
  }
}
