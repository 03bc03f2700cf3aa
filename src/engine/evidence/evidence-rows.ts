/** Gives the values of one file's records their canonical names. Never reads what they say. */
import type { EvidenceRow } from '../../core/normalize/normalize-posting.ts';
import type { RawRow } from '../../ingest/raw-table.ts';
import type { EvidenceInput } from './evidence-input.ts';

export class EvidenceRows {
  private readonly columns: ReadonlyMap<string, number>;
  private readonly constants: Readonly<Record<string, string>>;

  constructor({ columns, config }: EvidenceInput) {
    this.columns = columns;
    this.constants = config.constants ?? {};
  }

  /** A column that the file lacks is its constant, or undefined. All rows have one shape: made name by name they took twice the time. */
  of(values: RawRow['values']): EvidenceRow {
    return {
      movement_id: this.text('movement_id', values),
      message_id: this.text('message_id', values),
      posted_at: this.text('posted_at', values),
      sent_at: this.text('sent_at', values),
      event_at: this.text('event_at', values),
      received_at: this.text('received_at', values),
      applied_at: this.text('applied_at', values),
      site: this.text('site', values),
      item: this.text('item', values),
      owner: this.text('owner', values),
      lot: this.text('lot', values),
      status: this.text('status', values),
      location: this.text('location', values),
      quantity: this.text('quantity', values),
      uom: this.text('uom', values),
      type: this.text('type', values),
      reference: this.text('reference', values),
      line: this.text('line', values),
      reason: this.text('reason', values),
      user: this.text('user', values),
      batch: this.text('batch', values),
      state: this.text('state', values),
      interface: this.text('interface', values),
      from_system: this.text('from_system', values),
      to_system: this.text('to_system', values),
      error: this.text('error', values),
    };
  }

  private text(name: string, values: RawRow['values']): string | undefined {
    const position = this.columns.get(name);
    return position === undefined ? this.constants[name] : (values[position] ?? '');
  }
}
