/**
 * Decides the small company that `evenstock demo` shows: three sites, five days of work, two of them with ordinary faults, one
 * outage of an interface, and a few movements that are only in flight between the cut-offs.
 * Never leaves a fault to chance: the same bytes every time, and every fault told in words.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Catalogue } from './catalogue.ts';
import { describeItem } from './descriptions.ts';
import type { EarlierCutOff } from './warehouse/earlier-snapshots.ts';
import type { Fault } from './warehouse/ledger.ts';
import { USUAL_SCHEME } from './warehouse/stock-scheme.ts';
import type { TrueKey } from './warehouse/truth-book.ts';
import type { WarehouseOptions } from './warehouse/world-options.ts';
import { writeWarehouseWorld } from './warehouse/write-warehouse-world.ts';
import { quoteText, type SiteNames } from './world-files.ts';

const SEED = 33;
const ITEMS = 140;
const SITES: readonly SiteNames[] = [
  { erp: '1000', wms: 'CHICAGO' },
  { erp: '1010', wms: 'DALLAS' },
  { erp: '1020', wms: 'RENO' },
];

/** One of each, beside the outage. */
const FAULTS = [
  ...[
    'message-rejected',
    'posted-twice',
    'unit-mismatch',
    'status-move-missing',
    'receipt-not-posted',
    'count-not-sent',
  ],
  ...[
    'lot-swapped',
    'item-cross-posted',
    'pick-short',
    'return-not-posted',
    'manual-erp-adjustment',
    'opening-difference',
  ],
];

const OPTIONS: WarehouseOptions = {
  seed: SEED,
  items: ITEMS,
  siteNames: SITES,
  days: 5,
  company: 'Northfield Supply (simulated)',
  cutOffTime: '23:59:59',
  // The WMS counts 20 minutes later than the ERP: what it booked in between is no discrepancy.
  cutOffSkewMinutes: 20,
  faultDays: 2,
  faults: `${FAULTS.map((cause) => `${cause}:1`).join(',')},outage:1`,
  habits: {
    scheme: USUAL_SCHEME,
    interfaces: { inbound: '944', outbound: '945', stock: '947', returns: '944', work: '947' },
    numbers: { documents: 'dashed', erp: '4900', wms: 'T', messages: 'M' },
    erpUsers: ['RFCWMS'],
    owners: [''],
    ownedPartly: 0,
    erpRows: { messageId: true, eventAt: true, batch: true, line: true, types: 'plain', cases: false },
    wmsRows: { messageId: true, eventAt: true, line: true },
    logsPicks: false,
    messageRows: { isSigned: true, namesStock: true, finalState: 'applied' },
    fileMinutes: 15,
    latencySeconds: 90,
    lagMinutes: 60,
    writesBareCodes: false,
    putawayKeepsNumber: false,
    receiptsByOrder: false,
  },
};

/** Noon and midnight of the five days, from the first noon on. */
const EARLIER_HOURS_MAX = 108;
const EARLIER_STEP_HOURS = 12;
const MASTER_DATA = ['items.csv', 'packs.csv', 'aliases.csv', 'demand.csv', 'promotions.csv'] as const;

/** A fault, or goods on their way, told by one of the keys that show it. */
export interface DemoFault {
  readonly cause: string;
  readonly site: string;
  readonly item: string;
  readonly description: string;
  readonly story: string;
}

export interface DemoWorld {
  readonly directory: string;
  readonly configuration: string;
  /** In the order of their items; a fault of many documents is one. */
  readonly faults: readonly DemoFault[];
  /** Folders of what the company sent before, the oldest first. */
  readonly earlier: readonly string[];
  /** Keys that differ only by what is in flight: no discrepancies. */
  readonly inFlight: readonly DemoFault[];
}

/**
 * Writes the demonstration company, the same bytes every time, with its truth (see `evenstock simulate`), and faults.csv and
 * in_flight.csv: what happened, in words. `earlierDirectory`: there, what the company sent twice a day until then.
 */
export function writeDemoWorld(directory: string, earlierDirectory?: string): DemoWorld {
  const teller = new FaultTeller();
  const earlier: EarlierCutOff[] = [];
  if (earlierDirectory !== undefined)
    for (let hours = EARLIER_HOURS_MAX; hours > 0; hours -= EARLIER_STEP_HOURS)
      earlier.push({ directory: join(earlierDirectory, `${hours}-hours-before`), hours });
  const { configuration } = writeWarehouseWorld(directory, OPTIONS, (keys) => teller.hear(keys), earlier);
  for (const { directory: folder } of earlier)
    for (const name of MASTER_DATA) copyFileSync(join(directory, name), join(folder, name));
  const { faults, inFlight } = teller;
  writeFaults(join(directory, 'faults.csv'), faults);
  writeFaults(join(directory, 'in_flight.csv'), inFlight);
  return { directory, configuration, faults, inFlight, earlier: earlier.map((each) => each.directory) };
}

class FaultTeller {
  readonly faults: DemoFault[] = [];
  readonly inFlight: DemoFault[] = [];
  private readonly told = new Set<string>();
  private readonly descriptions = new Map<string, string>();

  constructor() {
    const catalogue = new Catalogue(SEED, ITEMS);
    for (let index = 0; index < ITEMS; index++) this.descriptions.set(catalogue.item(index).code, describeItem(index));
  }

  hear(keys: readonly TrueKey[]): void {
    for (const key of keys) {
      const open = key.contributions.filter(({ quantity }) => quantity !== 0);
      for (const { fault } of open) if (fault !== undefined) this.tell(key, fault);
      if (open.every(({ fault }) => fault === undefined))
        this.inFlight.push(
          this.line(
            key,
            'in-flight',
            'The goods moved shortly before or between the cut-offs; the other side will follow.',
          ),
        );
    }
  }

  private tell(key: TrueKey, fault: Fault): void {
    const name = fault.systemicId === '' ? fault.id : fault.systemicId;
    if (this.told.has(name)) return;
    this.told.add(name);
    const more = fault.systemicId === '' ? '' : ' So were all documents of its interface during the outage.';
    this.faults.push(this.line(key, fault.cause, fault.story + more));
  }

  private line({ site, itemCode }: TrueKey, cause: string, story: string): DemoFault {
    return { cause, site: SITES[site]!.wms, item: itemCode, description: this.descriptions.get(itemCode) ?? '', story };
  }
}

function writeFaults(path: string, faults: readonly DemoFault[]): void {
  const lines = faults.map(
    ({ cause, site, item, description, story }) =>
      `${cause},${site},${item},${quoteText(description)},${quoteText(story)}\n`,
  );
  writeFileSync(path, `cause,site,item,description,story\n${lines.join('')}`);
}
