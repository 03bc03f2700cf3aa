/**
 * Decides how the demonstration company's WMS ledger and message log are written.
 * Never decides what happened: it is told.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatScaled } from '../src/core/model/decimal.ts';
import { type Item, QUANTITY_SCALE } from './catalogue.ts';

/** When the WMS booked something, and what it told the ERP of it at that moment, if anything. */
export interface Booking {
  readonly postedAt: string;
  readonly message?: { readonly interface: string; readonly state: string; readonly error: string };
}

/** A booking of one item. `quantity` in thousandths of base units, signed as it changed the WMS's balance. */
export interface BookedItem extends Booking {
  readonly site: string;
  readonly item: Item;
  readonly lot: string;
  readonly quantity: number;
}

const MOVEMENTS = 'movement_id,posted_at,site,item,lot,status,quantity,uom,type,reference,message_id\n';
const MESSAGES = 'message_id,interface,from_system,to_system,sent_at,state,error,type,reference,item\n';

/** Writes wms_movements.csv and messages.csv in the order of time. */
export function writeLedgers(directory: string, bookings: readonly BookedItem[]): void {
  const inOrder = [...bookings].sort((a, b) => (a.postedAt < b.postedAt ? -1 : 1));
  let movements = MOVEMENTS;
  let messages = MESSAGES;
  for (const [index, { postedAt, message, site, item, lot, quantity }] of inOrder.entries()) {
    const type = quantity < 0 ? 'shipment' : 'receipt';
    const reference = `${quantity < 0 ? 'SO' : 'PO'}-${7001 + index}`;
    const messageId = message ? `M${5001 + index}` : '';
    const amount = formatScaled(quantity, QUANTITY_SCALE);
    movements += `T${9001 + index},${postedAt},${site},${item.wmsCode},${lot},AVAILABLE,${amount},${item.baseUom},${type},${reference},${messageId}\n`;
    if (message)
      messages += `${messageId},${message.interface},wms1,sap,${postedAt},${message.state},${message.error},${type},${reference},${item.wmsCode}\n`;
  }
  writeFileSync(join(directory, 'wms_movements.csv'), movements);
  writeFileSync(join(directory, 'messages.csv'), messages);
}
