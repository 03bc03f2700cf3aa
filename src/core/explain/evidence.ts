/**
 * What is known of one item when its variances are explained: balances, openings, both ledgers and the messages.
 * Never judges it. Quantities are safe integers in base units scaled by 10^quantity_decimals; times are epoch milliseconds.
 */
import type { CutOffs, Message, Movement } from '../compare/ledger-evidence.ts';
import type { Role } from '../model/balance.ts';

/** The file and the record in it that a piece of evidence comes from; the header is row 1. */
export interface RowSource {
  readonly file: string;
  readonly row: number;
}

/** One row of a movement ledger. Text columns that the source lacks are ''. `status` is the native stock status. */
export interface Posting extends Movement {
  readonly movementId: string;
  readonly status: string;
  /** Of the contract's list (receipt, shipment, count, …), in lower case, or what the source says. */
  readonly type: string;
  readonly line: string;
  readonly reason: string;
  readonly user: string;
  readonly batch: string;
  readonly source: RowSource;
}

/** One line of an interface message. */
export interface MessageLine extends Message {
  readonly receivedAt: number | undefined;
  readonly error: string;
  readonly type: string;
  readonly line: string;
  readonly batch: string;
  readonly source: RowSource;
}

/** Units of one native stock status that a key is made of. */
export interface StatusBalance {
  readonly role: Role;
  readonly status: string;
  readonly quantity: number;
}

export interface KeyName {
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  /** Index into the categories of the run. */
  readonly category: number;
}

/** One text for each key. */
export function keyText({ site, item, owner, lot, category }: KeyName): string {
  return `${site}\u0000${item}\u0000${owner}\u0000${lot}\u0000${category}`;
}

/** One key whose variance is not 0. variance = wms − erp; `inFlight` is part of it and settled before anything is explained. */
export interface KeyFacts extends KeyName {
  readonly erp: number;
  readonly wms: number;
  readonly inFlight: number;
  readonly erpPresent: boolean;
  readonly wmsPresent: boolean;
  /** What both sides held at the opening snapshots; undefined where there are none. A side that held nothing is 0. */
  readonly opening: { readonly erp: number; readonly wms: number } | undefined;
  /** Since when earlier runs know the key with this variance or another one that is not 0; undefined where no history is kept. */
  readonly history: readonly { readonly at: number; readonly variance: number }[];
  /** By native status, both sides; empty where it was not read. */
  readonly statuses: readonly StatusBalance[];
}

/** Everything about one item, at all sites and of all owners. */
export interface ItemEvidence {
  readonly item: string;
  /** By site, owner, lot, category. */
  readonly keys: readonly KeyFacts[];
  /** Both ledgers of the item: by time, then file and row. Postings behind their side's cut-off are among them. */
  readonly postings: readonly Posting[];
  /** Messages that name the item, and those of its documents that name none. By time. */
  readonly messages: readonly MessageLine[];
  /** Base units in one pack of each kind, above 1. As in the packs file, scaled like quantities. */
  readonly packFactors: readonly number[];
  readonly family: string;
  /** Whether quantities of the item are weighed, so that they need not agree to the last decimal. */
  readonly isWeighed: boolean;
}

/** What holds for the whole run. */
export interface ExplainSettings {
  readonly cutOffs: CutOffs;
  /** Moment of the opening snapshots; undefined where there are none. Movements after it lead to the balances. */
  readonly openingAt: { readonly erp: number; wmsOf(site: string): number } | undefined;
  /** Which evidence was given at all: its absence says nothing where it was not. */
  readonly given: { readonly erpLedger: boolean; readonly wmsLedger: boolean; readonly messages: boolean };
  readonly categories: readonly string[];
  readonly quantityDecimals: number;
}
