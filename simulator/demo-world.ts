/**
 * Decides the small company that `evenstock demo` shows: three sites, some 400 items and a dozen everyday faults.
 * Never leaves a fault to chance: each is planted where it suits and told in words.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Catalogue, COST_SCALE, type Item, UNIT } from './catalogue.ts';
import { describeItem } from './descriptions.ts';
import { type FaultKind, faultSuits, type StockKey } from './faults.ts';
import type { FaultPlan } from './stock-facts.ts';
import { type WorldTruth, writeCompany } from './stock-world.ts';
import { quoteText, type SiteNames } from './world-files.ts';

const SEED = 20261122;
const ITEMS = 400;
/** Share of sites × items that hold stock. */
const PRESENCE = 0.55;
/** Half a currency unit: cheaper items would hide a fault at the end of the list. */
const COST_SHOWN_MIN = 10 ** COST_SCALE / 2;
const SITES: readonly SiteNames[] = [
  { erp: '1000', wms: 'CHICAGO' },
  { erp: '1010', wms: 'DALLAS' },
  { erp: '1020', wms: 'RENO' },
];

interface PlannedFault {
  readonly kind: FaultKind;
  readonly site: number;
  /** Items from this one on are tried until the fault suits. */
  readonly fromItem: number;
  readonly story: string;
}

const FAULTS: readonly PlannedFault[] = [
  {
    kind: 'shipment-not-posted',
    site: 0,
    fromItem: 30,
    story: 'The truck left, the goods issue never reached the ERP.',
  },
  {
    kind: 'shipment-not-posted',
    site: 1,
    fromItem: 210,
    story: 'A shipment confirmation was rejected and nobody resent it.',
  },
  {
    kind: 'receipt-posted-twice',
    site: 0,
    fromItem: 75,
    story: 'The receipt message was sent again after a timeout and booked twice.',
  },
  {
    kind: 'receipt-posted-twice',
    site: 2,
    fromItem: 340,
    story: 'A receipt was keyed by hand and then came through the interface as well.',
  },
  {
    kind: 'receipt-not-posted',
    site: 1,
    fromItem: 120,
    story: 'The WMS received a pallet, the receipt message was lost.',
  },
  {
    kind: 'damage-not-reported',
    site: 0,
    fromItem: 160,
    story: 'The WMS moved damaged goods to hold, the ERP still sells them.',
  },
  { kind: 'damage-not-reported', site: 2, fromItem: 255, story: 'A forklift hit a rack; only the WMS knows.' },
  { kind: 'lot-mix-up', site: 1, fromItem: 48, story: 'One lot was picked and another was scanned.' },
  { kind: 'unit-mismatch', site: 2, fromItem: 95, story: 'The ERP booked cases as pieces.' },
  {
    kind: 'count-not-posted',
    site: 0,
    fromItem: 300,
    story: 'A cycle count corrected the WMS, the adjustment was never approved in the ERP.',
  },
  {
    kind: 'unknown-to-wms',
    site: 1,
    fromItem: 275,
    story: 'Goods were moved to another warehouse, the ERP was not told.',
  },
  { kind: 'unknown-to-erp', site: 2, fromItem: 180, story: 'Customer returns stand in the WMS and wait for the ERP.' },
];

export interface DemoFault {
  readonly kind: FaultKind;
  readonly site: string;
  readonly item: string;
  readonly description: string;
  readonly story: string;
}

export interface DemoWorld extends WorldTruth {
  /** In the order of their items. */
  readonly faults: readonly DemoFault[];
}

/** Writes the demonstration company, the same bytes every time, with truth.csv and faults.csv (what went wrong, in words). */
export async function writeDemoWorld(directory: string): Promise<DemoWorld> {
  const catalogue = new Catalogue(SEED, ITEMS);
  const company = { name: 'Northfield Supply (simulated)', sites: SITES, quoted: false };
  const places = new Map<PlannedFault, number>();
  const { truth } = writeCompany(directory, company, catalogue, {
    seed: SEED,
    presence: PRESENCE,
    plan: plannedFaults(places),
  });
  const faults = [...places].map(([fault, itemIndex]) => ({
    kind: fault.kind,
    site: SITES[fault.site]!.wms,
    item: catalogue.item(itemIndex).code,
    description: describeItem(itemIndex),
    story: fault.story,
  }));
  writeFaults(join(directory, 'faults.csv'), faults);
  return { ...truth, faults };
}

/**
 * Gives each fault the first item that suits it, and the same one when the stock is walked again for the second file.
 * The first walk passes the items in ascending order.
 */
function plannedFaults(places: Map<PlannedFault, number>): FaultPlan {
  return (site, item, keys) => {
    for (const fault of FAULTS) {
      if (fault.site !== site) continue;
      const place = places.get(fault);
      if (place === undefined && item.index >= fault.fromItem && isWorthShowing(fault.kind, keys, item))
        places.set(fault, item.index);
      if (places.get(fault) === item.index) return fault.kind;
    }
    return null;
  };
}

function isWorthShowing(kind: FaultKind, keys: readonly StockKey[], item: Item): boolean {
  const enough = kind === 'unit-mismatch' ? 3 * item.caseFactor * UNIT : 24 * UNIT;
  return faultSuits(kind, keys, item) && item.unitCost >= COST_SHOWN_MIN && keys[0]!.erp >= enough;
}

function writeFaults(path: string, faults: readonly DemoFault[]): void {
  const lines = faults.map(
    (fault) => `${fault.kind},${fault.site},${fault.item},${quoteText(fault.description)},${quoteText(fault.story)}\n`,
  );
  writeFileSync(path, `kind,site,item,description,story\n${lines.join('')}`);
}
