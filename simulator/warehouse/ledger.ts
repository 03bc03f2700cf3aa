/** What the two ledgers and the interface between them hold, before it is written. Never how. */
import type { Item } from '../catalogue.ts';
import type { DocumentKind } from './habits.ts';

/** The contract's words for what a movement is. */
export type MovementType =
  | 'receipt'
  | 'shipment'
  | 'adjustment'
  | 'count'
  | 'status-change'
  | 'lot-change'
  | 'transfer-out'
  | 'transfer-in'
  | 'return'
  | 'scrap'
  | 'kit-consume'
  | 'kit-produce'
  | 'reversal';

/** A piece of stock that has a balance of its own. `status` is the native one of its system. */
export interface Place {
  readonly site: number;
  readonly item: Item;
  readonly owner: string;
  readonly lot: string;
  readonly status: string;
}

/** One change of one balance: thousandths of the base unit, signed. */
export interface Leg extends Place {
  readonly quantity: number;
}

/** One entry of a ledger; a status move has two legs. */
export interface Posting {
  readonly at: number;
  /** When the goods moved. */
  eventAt: number;
  readonly type: MovementType;
  readonly reference: string;
  readonly line: number;
  reason: string;
  readonly user: string;
  message: Message | undefined;
  readonly legs: readonly Leg[];
  /** A change that no ledger tells of. */
  readonly isHidden: boolean;
  /** The ERP's document header was lost: no reference, no message, no file. */
  isBare: boolean;
  /** Given when it is written. */
  id: string;
}

export type MessageState =
  | 'created'
  | 'sent'
  | 'received'
  | 'final'
  | 'partial'
  | 'rejected'
  | 'failed'
  | 'abandoned'
  | 'superseded';

export interface Message {
  readonly id: string;
  readonly interfaceName: string;
  readonly batch: string;
  readonly sentAt: number;
  receivedAt: number | undefined;
  appliedAt: number | undefined;
  state: MessageState;
  error: string;
  readonly type: MovementType;
  readonly reference: string;
  readonly lines: readonly DeliveryLine[];
  /** It says what the stock is, not by how much it changed. */
  isAbsolute: boolean;
}

/** One line of what the WMS tells of, with the changes of its own balances. */
export interface DeliveryLine {
  readonly number: number;
  readonly type: MovementType;
  readonly legs: readonly Leg[];
  /** What the order asked for, where it asked for more than there was; else what was done. Unsigned. */
  readonly ordered: number;
}

/** A document of the WMS, or an hour's summary of them, and what became of it. A fault spoils one delivery. */
export interface Delivery {
  readonly kind: DocumentKind;
  readonly type: MovementType;
  readonly site: number;
  readonly reference: string;
  /** When the WMS was through with it. */
  readonly at: number;
  readonly lines: readonly DeliveryLine[];
  wms: Posting[];
  messages: Message[];
  erp: Posting[];
  fault: Fault | undefined;
  /** Out of sync for a while, but right in the end: from when to when. */
  healed: { readonly from: number; readonly to: number } | undefined;
}

/** Whose books are wrong; `map`: the configuration. */
export type FaultSide = 'erp' | 'wms' | 'map' | 'count' | 'none';

export interface Fault {
  id: string;
  readonly cause: string;
  readonly side: FaultSide;
  readonly at: number;
  readonly systemicId: string;
  /** References, and postings that have none. */
  readonly documents: readonly (string | Posting)[];
  readonly story: string;
}
