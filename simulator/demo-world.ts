/**
 * Decides the small company that `evenstock demo` shows: three sites, some 400 items, a dozen everyday faults, and two
 * movements that are only in flight between the cut-offs.
 * Never leaves a fault to chance: each is planted where it suits and told in words.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Catalogue, COST_SCALE, type Item, UNIT } from './catalogue.ts';
import { type BookedItem, type Booking, writeLedgers } from './demo-ledgers.ts';
import { describeItem } from './descriptions.ts';
import { type FaultKind, faultSuits, type StockKey } from './faults.ts';
import type { FaultPlan } from './stock-facts.ts';
import { sumsOfTruth, type WorldTruth, writeCompany } from './stock-world.ts';
import { writeTruth } from './truth.ts';
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
  /** What the WMS wrote of it, where its ledger and the message log are to tell the tale. */
  readonly booking?: Booking;
}

/** The WMS counts 20 minutes later than the ERP: what it booked in between is no discrepancy. */
const WMS_AS_OF = '2026-11-23T00:20:00-06:00';

/** Differences that the next minutes settle. They look like faults of these kinds until movements and messages are read. */
const IN_FLIGHT: readonly PlannedFault[] = [
  {
    kind: 'shipment-not-posted',
    site: 0,
    fromItem: 225,
    story: 'The shipment confirmation was sent 14 minutes before the ERP closed its day and is not booked yet.',
    booking: { postedAt: '2026-11-22T23:46:10-06:00', message: { interface: '945', state: 'sent', error: '' } },
  },
  {
    kind: 'receipt-not-posted',
    site: 1,
    fromItem: 330,
    story: 'The pallet was received between the cut-offs: the WMS counted it, the ERP could not yet.',
    booking: { postedAt: '2026-11-23T00:07:41-06:00' },
  },
];

const FAULTS: readonly PlannedFault[] = [
  {
    kind: 'shipment-not-posted',
    site: 0,
    fromItem: 30,
    story: 'The truck left, the goods issue never reached the ERP.',
    booking: { postedAt: '2026-11-19T14:12:05-06:00', message: { interface: '945', state: 'sent', error: '' } },
  },
  {
    kind: 'shipment-not-posted',
    site: 1,
    fromItem: 210,
    story: 'A shipment confirmation was rejected and nobody resent it.',
    booking: {
      postedAt: '2026-11-21T09:31:47-06:00',
      message: { interface: '945', state: 'rejected', error: 'item blocked for goods issue' },
    },
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
  /** Keys that differ only by what is in flight: no discrepancies. */
  readonly inFlight: readonly DemoFault[];
}

/**
 * Writes the demonstration company, the same bytes every time, with truth.csv (the discrepancies), and faults.csv and
 * in_flight.csv (what happened, in words).
 */
export async function writeDemoWorld(directory: string): Promise<DemoWorld> {
  const catalogue = new Catalogue(SEED, ITEMS);
  const company = { name: 'Northfield Supply (simulated)', sites: SITES, quoted: false };
  const places = new Map<PlannedFault, number>();
  const booked = new Map<PlannedFault, Omit<BookedItem, keyof Booking>>();
  const stock = { seed: SEED, presence: PRESENCE, plan: plannedFaults(places) };
  const { truth, lines } = writeCompany(directory, company, catalogue, stock, (site, { item, keys }) => {
    const fault = [...places].find(([planned, index]) => planned.site === site && index === item.index)?.[0];
    const [key] = keys;
    if (!fault?.booking || !key) return;
    booked.set(fault, { site: SITES[site]!.wms, item, lot: key.lot, quantity: key.wms - key.erp });
  });
  const told = (fault: PlannedFault, itemIndex: number): DemoFault => ({
    kind: fault.kind,
    site: SITES[fault.site]!.wms,
    item: catalogue.item(itemIndex).code,
    description: describeItem(itemIndex),
    story: fault.story,
  });
  const isInFlight = (fault: PlannedFault): boolean => IN_FLIGHT.includes(fault);
  const faults = [...places].filter(([fault]) => !isInFlight(fault)).map(([fault, index]) => told(fault, index));
  const inFlight = [...places].filter(([fault]) => isInFlight(fault)).map(([fault, index]) => told(fault, index));
  writeFaults(join(directory, 'faults.csv'), faults);
  writeFaults(join(directory, 'in_flight.csv'), inFlight);
  writeLedgers(
    directory,
    [...booked].map(([fault, entry]) => ({ ...fault.booking!, ...entry })),
  );
  addLedgersTo(truth.configuration);
  const settled = new Set(inFlight.map(({ site, item }) => `${site} ${item}`));
  const discrepancies = lines.filter(({ site, item }) => !settled.has(`${site} ${item}`));
  writeTruth(join(directory, 'truth.csv'), discrepancies);
  return { ...truth, ...sumsOfTruth(discrepancies), faults, inFlight };
}

/** The WMS's later cut-off, its ledger and the message log. */
function addLedgersTo(configuration: string): void {
  const written = readFileSync(configuration, 'utf8');
  const later = written.replace(/(path: wms_stock\.csv, as_of: )\S+/, `$1${WMS_AS_OF}`);
  if (later === written) throw new Error('the configuration names no cut-off of the WMS');
  writeFileSync(
    configuration,
    `${later}movements:
  - { system: wms1, format: csv, path: wms_movements.csv }
messages:
  - { format: csv, path: messages.csv }
lag: { default: 30m }              # younger messages are in flight, older ones are lost
`,
  );
}

/**
 * Gives each fault the first item that suits it, and the same one when the stock is walked again for the second file.
 * The first walk passes the items in ascending order.
 */
function plannedFaults(places: Map<PlannedFault, number>): FaultPlan {
  return (site, item, keys) => {
    for (const fault of [...IN_FLIGHT, ...FAULTS]) {
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
