/**
 * Decides what a run keeps of one item, so that it can be shown later without the files: balances, both ledgers, messages
 * and the explanation of every key that is off. Never reads or writes it.
 */
import type { PriorityTerm, RunFinding } from '../contract/item-view.ts';
import type { DiscrepancyLine } from '../contract/run.ts';
import type { MessageLine, Posting } from '../core/explain/evidence.ts';
import type { KeyExplanation } from '../core/explain/explanation.ts';
import type { Role } from '../core/model/balance.ts';

/** Units of one native status at one place; owner and lot are '' where the grain has none. `category` may be UNMAPPED. */
export interface KeptBalance {
  readonly role: Role;
  readonly system: string;
  readonly status: string;
  readonly site: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: number;
  readonly quantity: number;
}

/** A discrepancy or a key that is out of step by what is in flight only: the latter has no rank. */
export interface KeptKey {
  readonly line: DiscrepancyLine;
  readonly explanation: KeyExplanation;
  /** The finding of each contribution, in their order; '' for none. */
  readonly findingIds: readonly string[];
  readonly terms: readonly PriorityTerm[];
}

/** Moments of snapshots as ISO 8601 with offset, which is the clock that times are shown in. */
export interface KeptMoments {
  readonly erp: string;
  /** By site. */
  readonly wms: Readonly<Record<string, string>>;
}

/** What a run keeps of one item, at all sites. Quantities scaled by 10^quantityDecimals. */
export interface KeptItem {
  readonly item: string;
  readonly description: string;
  readonly uom: string;
  /** '' where none is known. */
  readonly unitCost: string;
  readonly quantityDecimals: number;
  /** Of the run; keys, balances and postings name them by index. */
  readonly categories: readonly string[];
  readonly keys: readonly KeptKey[];
  /** By native status, both sides, of all keys of the item: in sync too. */
  readonly balances: readonly KeptBalance[];
  readonly postings: readonly Posting[];
  readonly messages: readonly MessageLine[];
  readonly findings: readonly Pick<RunFinding, 'id' | 'cause' | 'title' | 'action'>[];
  readonly cutOffs: KeptMoments;
  /** undefined where no opening snapshots were given. Their balances need no status. */
  readonly openings: { readonly at: KeptMoments; readonly balances: readonly KeptBalance[] } | undefined;
  readonly given: { readonly erpLedger: boolean; readonly wmsLedger: boolean; readonly messages: boolean };
}

/** Where the item is: one site, of one owner and in one lot where the grain tells them apart. */
export interface PlaceName {
  readonly site: string;
  readonly owner: string;
  readonly lot: string;
}

/** Adds what the lines of an item say of it. An item without a line, which is in sync everywhere, has neither unit nor cost here. */
export function describeItem(details: Omit<KeptItem, 'description' | 'uom' | 'unitCost'>): KeptItem {
  const line = details.keys[0]?.line;
  const { description = '', uom = '', unit_cost = '' } = line ?? {};
  return { ...details, description, uom, unitCost: unit_cost };
}

/** Names of the places where a side holds the item, in order. */
export function placesOf(kept: Pick<KeptItem, 'keys' | 'balances'>): PlaceName[] {
  const places = new Map<string, PlaceName>();
  for (const { site, owner, lot } of [...kept.keys.map(({ line }) => line), ...kept.balances])
    places.set(JSON.stringify([site, owner, lot]), { site, owner, lot });
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

export function isAt(place: PlaceName, row: PlaceName): boolean {
  return row.site === place.site && row.owner === place.owner && row.lot === place.lot;
}

/** The offset of the clock that a site's times are shown in: its cut-off's, else that of the ERP's. */
export function clockOf(kept: Pick<KeptItem, 'cutOffs'>, site: string): string {
  const text = kept.cutOffs.wms[site] ?? kept.cutOffs.erp;
  return /(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1] ?? 'Z';
}

/** A moment as ISO 8601 on a clock: "2026-11-21T09:14:00-06:00". */
export function isoAt(epochMs: number, clock: string): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(clock) ?? [];
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  return new Date(epochMs + offset * 60_000).toISOString().slice(0, 19) + clock;
}
