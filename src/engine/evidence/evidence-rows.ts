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
  private readonly constants: Readonly<Record<string, string>>;

  constructor({ columns, config }: EvidenceInput) {
    this.positions = Object.fromEntries(NAMES.map((name) => [name, columns.get(name) ?? -1])) as Record<Name, number>;
    this.constants = config.constants ?? {};
  }

  /** A column that the file lacks is its constant, or undefined. All rows have one shape: made name by name they took twice the time. */
  of(values: RawRow['values']): EvidenceRow {
    const { positions: at, constants } = this;
    const text = (name: Name, position: number): string | undefined =>
      position < 0 ? constants[name] : (values[position] ?? '');
    return {
      movement_id: text('movement_id', at.movement_id),
      message_id: text('message_id', at.message_id),
      posted_at: text('posted_at', at.posted_at),
      sent_at: text('sent_at', at.sent_at),
      event_at: text('event_at', at.event_at),
      received_at: text('received_at', at.received_at),
      applied_at: text('applied_at', at.applied_at),
      site: text('site', at.site),
      item: text('item', at.item),
      owner: text('owner', at.owner),
      lot: text('lot', at.lot),
      status: text('status', at.status),
      location: text('location', at.location),
      quantity: text('quantity', at.quantity),
      uom: text('uom', at.uom),
      type: text('type', at.type),
      reference: text('reference', at.reference),
      line: text('line', at.line),
      reason: text('reason', at.reason),
      user: text('user', at.user),
      batch: text('batch', at.batch),
      state: text('state', at.state),
      interface: text('interface', at.interface),
      from_system: text('from_system', at.from_system),
      to_system: text('to_system', at.to_system),
      error: text('error', at.error),
    };
  }
}
