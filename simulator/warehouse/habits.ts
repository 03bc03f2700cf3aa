/**
 * Decides how the two systems of a world write things: users, numbers of documents, interfaces, files, what their rows carry.
 * Never the same in all worlds, so that nothing is explained by a habit of the simulator.
 */
import type { Item } from '../catalogue.ts';
import { mixSeed, type RandomStream } from '../random.ts';
import { between } from './dice.ts';
import { drawScheme, type StockScheme } from './stock-scheme.ts';

/** What a document is about, finer than the type of its movements. */
export type DocumentKind =
  | 'receipt'
  | 'putaway'
  | 'shipment'
  | 'return'
  | 'count'
  | 'adjustment'
  | 'status'
  | 'kit'
  | 'transfer'
  | 'scrap'
  | 'relabel';

/** Which of the interfaces carries a document. */
type Channel = 'inbound' | 'outbound' | 'stock' | 'returns' | 'work';

const CHANNEL_OF: Readonly<Record<DocumentKind, Channel>> = {
  receipt: 'inbound',
  putaway: 'stock',
  shipment: 'outbound',
  return: 'returns',
  count: 'stock',
  adjustment: 'stock',
  status: 'stock',
  kit: 'work',
  transfer: 'outbound',
  scrap: 'stock',
  relabel: 'stock',
};

/** How the numbers of documents, movements and messages look. */
interface NumberStyle {
  /** SO-0031882, 800031882 or SO26031882. */
  readonly documents: 'dashed' | 'plain' | 'yearly';
  readonly erp: string;
  readonly wms: string;
  readonly messages: string;
}

const INTERFACES: readonly Readonly<Record<Channel, string>>[] = [
  { inbound: '944', outbound: '945', stock: '947', returns: '944', work: '947' },
  { inbound: 'MBGMCR', outbound: 'SHPCON', stock: 'WMMBXY', returns: 'MBGMCR', work: 'WMMBXY' },
  { inbound: 'RECEIPT_CONF', outbound: 'SHIP_CONF', stock: 'INV_ADJ', returns: 'RETURN_CONF', work: 'WORK_ORDER' },
  { inbound: 'RECADV', outbound: 'DESADV', stock: 'INVRPT', returns: 'RECADV', work: 'INVRPT' },
];

export interface Habits {
  readonly scheme: StockScheme;
  readonly erpUsers: readonly string[];
  readonly erpPeople: readonly string[];
  readonly wmsUsers: readonly string[];
  readonly owners: readonly string[];
  /** ERP rows carry, beside what is always there: */
  readonly erpRows: {
    readonly messageId: boolean;
    readonly eventAt: boolean;
    readonly batch: boolean;
    readonly line: boolean;
    readonly types: 'plain' | 'native' | 'none';
    /** Whole cases of items that messages count so. */
    readonly cases: boolean;
  };
  readonly wmsRows: { readonly messageId: boolean; readonly eventAt: boolean; readonly line: boolean };
  /** Moves within the category of sellable goods (picks and unpicks) stand in the WMS's ledger. */
  readonly logsPicks: boolean;
  readonly messageRows: {
    readonly isSigned: boolean;
    readonly namesStock: boolean;
    readonly finalState: 'applied' | 'acknowledged';
  };
  /** The WMS writes items without leading zeros, else under an old number of its own where there is one. */
  readonly writesBareCodes: boolean;
  /** A file is sent every so many minutes; 0: each message by itself. */
  readonly fileMinutes: number;
  readonly latencySeconds: number;
  readonly lagMinutes: number;
  /** A putaway goes by the receipt's number; receipts go by the purchase order's. */
  readonly putawayKeepsNumber: boolean;
  readonly receiptsByOrder: boolean;
  readonly ownedPartly: number;
  readonly interfaces: Readonly<Record<Channel, string>>;
  readonly numbers: NumberStyle;
  /** Whether messages count whole cases of an item as cases. */
  tellsInCases(item: Item): boolean;
}

const LAGS = [30, 60, 120, 240, 480] as const;

interface HabitOptions {
  readonly seed: number;
  readonly hourlySummary: boolean;
  /** A snapshot without picked stock shows only in a ledger with picks. */
  readonly snapshot: string;
}

export function drawHabits(random: RandomStream, options: HabitOptions): Habits {
  const caseShare = random.pick([0.4, 0.6, 0.8]);
  const fileMinutes = random.pick([5, 15, 15, 30, 30, 60]);
  const latencySeconds = random.pick([40, 90, 180, 300, 900]);
  // An hour's summary is sent when the hour is over.
  const slowest = (fileMinutes * 60 + worstLatency(latencySeconds) + (options.hourlySummary ? 3600 : 0)) / 60;
  const owners = random.chance(0.25) ? ['ACME', 'BRAVO'] : [''];
  return {
    scheme: drawScheme(random),
    erpUsers: random.pick([['RFCWMS'], ['EDI_IN'], ['WMIF01'], ['ALEREMOTE'], ['SVC_WMS', 'SVC_EDI'], ['int-wms']]),
    erpPeople: ['MKELLER', 'JSMITH', 'CORTEZA', 'PATELR', 'LINDQVIST', 'AOKAFOR'],
    wmsUsers: Array.from({ length: 12 }, (_, index) => `${random.pick(['u', 'u', 'rf'])}${1040 + index * 7}`),
    owners,
    ownedPartly: owners.length > 1 ? 0.04 : 0,
    erpRows: {
      messageId: random.chance(0.6),
      eventAt: random.chance(0.5),
      batch: random.chance(0.7),
      line: random.chance(0.5),
      types: random.pick(['plain', 'plain', 'plain', 'native', 'none']),
      cases: random.chance(0.2),
    },
    wmsRows: { messageId: random.chance(0.7), eventAt: random.chance(0.8), line: random.chance(0.7) },
    logsPicks: options.snapshot === 'scope' || random.chance(0.3),
    messageRows: {
      isSigned: random.chance(0.7),
      namesStock: random.chance(0.85),
      finalState: random.pick(['applied', 'applied', 'acknowledged']),
    },
    writesBareCodes: random.chance(0.3),
    fileMinutes,
    latencySeconds,
    lagMinutes: LAGS.find((minutes) => minutes >= 1.3 * slowest)!,
    putawayKeepsNumber: random.chance(0.25),
    receiptsByOrder: random.chance(0.3),
    interfaces: random.pick(INTERFACES),
    numbers: {
      documents: random.pick(['dashed', 'plain', 'yearly']),
      erp: random.pick(['4900', 'MD', 'ILE-', '50']),
      wms: random.pick(['T', 'TRN', '', 'W-']),
      messages: random.pick(['M', 'MSG', '', 'IDOC-']),
    },
    tellsInCases: ({ index, caseFactor }) =>
      caseFactor > 1 && mixSeed(options.seed, 31, index) < caseShare * 4294967296,
  };
}

/** The interface that carries a kind of document. */
export function interfaceOf({ interfaces }: Habits, kind: DocumentKind): string {
  return interfaces[CHANNEL_OF[kind]];
}

/** No sound message takes longer from the end of its file to the posting, in seconds. */
export function worstLatency(latencySeconds: number): number {
  return Math.max(600, 6 * latencySeconds);
}

const PREFIXES: Readonly<Record<DocumentKind, string>> = {
  receipt: 'RC',
  putaway: 'PA',
  shipment: 'SO',
  return: 'RMA',
  count: 'CC',
  adjustment: 'ADJ',
  status: 'ST',
  kit: 'WO',
  transfer: 'TO',
  scrap: 'SCR',
  relabel: 'LC',
};
const RANGES: Readonly<Record<DocumentKind, number>> = {
  receipt: 180,
  putaway: 290,
  shipment: 80,
  return: 60,
  count: 100,
  adjustment: 490,
  status: 430,
  kit: 700,
  transfer: 450,
  scrap: 551,
  relabel: 309,
};

/** Gives documents, movements and messages their numbers, each kind in a row of its own. */
export class Numbering {
  private readonly starts = new Map<string, number>();
  private readonly random: RandomStream;
  private readonly style: NumberStyle;

  constructor(random: RandomStream, style: NumberStyle) {
    this.random = random;
    this.style = style;
  }

  document(kind: DocumentKind): string {
    const number = this.next(kind);
    if (this.style.documents === 'dashed') return `${PREFIXES[kind]}-${String(number).padStart(7, '0')}`;
    if (this.style.documents === 'plain') return `${RANGES[kind]}${String(number).padStart(7, '0')}`;
    return `${PREFIXES[kind]}26${String(number).padStart(6, '0')}`;
  }

  purchaseOrder(): string {
    return `${this.style.documents === 'plain' ? '45' : 'PO-'}${String(this.next('purchase order')).padStart(7, '0')}`;
  }

  erpMovement(): string {
    return `${this.style.erp}${String(this.next('erp')).padStart(8, '0')}`;
  }

  wmsMovement(): string {
    return `${this.style.wms}${this.next('wms')}`;
  }

  message(): string {
    return `${this.style.messages}${String(this.next('message')).padStart(9, '0')}`;
  }

  /** Goes on from here by itself: whoever writes the ledgers again gets the same numbers. */
  copy(): Numbering {
    const copy = new Numbering(this.random, this.style);
    // Drawn here in the order of writing, so that both go on from the same.
    for (const row of ['wms', 'erp']) this.startOf(row);
    for (const [row, number] of this.starts) copy.starts.set(row, number);
    return copy;
  }

  private startOf(row: string): number {
    const number = this.starts.get(row) ?? between(this.random, 1000, 99_999);
    this.starts.set(row, number);
    return number;
  }

  private next(row: string): number {
    const number = this.startOf(row);
    this.starts.set(row, number + 1);
    return number;
  }
}
