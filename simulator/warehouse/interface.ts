/**
 * Decides how documents of the WMS travel to the ERP when nothing goes wrong: message, file, delay, posting.
 * Never decides what goes wrong: healing and faults spoil what is made here.
 */
import type { RandomStream } from '../random.ts';
import { HOUR, type Moments, timeText } from './calendar.ts';
import { between, delay } from './dice.ts';
import { sumByPlace, type WarehouseDocument } from './floor.ts';
import { type DocumentKind, type Habits, interfaceOf, type Numbering, worstLatency } from './habits.ts';
import type { Delivery, DeliveryLine, Leg, Message, Posting } from './ledger.ts';
import { categoryOfStatus, erpStatusOf } from './stock-scheme.ts';

/** What an hourly summary puts together; work orders and transfers keep their documents. */
const SUMMARISED: ReadonlySet<DocumentKind> = new Set([
  'receipt',
  'putaway',
  'shipment',
  'return',
  'count',
  'adjustment',
  'status',
  'scrap',
]);

export class Interface {
  private readonly random: RandomStream;
  private readonly habits: Habits;
  private readonly numbering: Numbering;

  constructor(random: RandomStream, habits: Habits, numbering: Numbering) {
    this.random = random;
    this.habits = habits;
    this.numbering = numbering;
  }

  /** In the order in which the WMS was through with them. What changes nothing for the ERP is not told. */
  deliverAll(documents: readonly WarehouseDocument[], isHourly: boolean): Delivery[] {
    const told = isHourly ? this.summaries(documents) : documents;
    return told.flatMap((document) => this.deliver(document, isHourly) ?? []);
  }

  private deliver(document: WarehouseDocument, isHourly: boolean): Delivery | undefined {
    const { kind, type, site, reference, lines, postings } = document;
    const posted = lines.flatMap((line) => {
      const legs = this.erpLegs(line.legs);
      return legs.length === 0 ? [] : [{ line, legs }];
    });
    if (posted.length === 0) return undefined;
    const waits = isHourly && SUMMARISED.has(kind) ? HOUR - (document.at % HOUR) : 0;
    const message = this.message(document, document.at + waits);
    const appliedAt = message.appliedAt!;
    const erp = posted.map(({ line, legs }, index) =>
      this.erpPosting(document, line, legs, appliedAt + Math.min(index, 20), message),
    );
    for (const posting of postings) posting.message = message;
    const { at } = document;
    return {
      kind,
      type,
      site,
      reference,
      at,
      lines,
      wms: [...postings],
      messages: [message],
      erp,
      fault: undefined,
      healed: undefined,
    };
  }

  /** The ERP's view of changes in the WMS; what nets to nothing is left out. */
  erpLegs(legs: readonly Leg[]): Leg[] {
    const { scheme } = this.habits;
    return sumByPlace(legs.map((leg) => ({ ...leg, status: erpStatusOf(scheme, leg.status) })));
  }

  /** A sound message about a document, sent at a moment. */
  message(
    { kind, type, reference, lines }: Pick<WarehouseDocument, 'kind' | 'type' | 'reference' | 'lines'>,
    from: number,
  ): Message {
    const { random, habits } = this;
    const interfaceName = interfaceOf(habits, kind);
    const sentAt = from + between(random, 2, 40);
    const slot = habits.fileMinutes * 60;
    const closedAt = Math.ceil(sentAt / slot) * slot;
    const receivedAt = closedAt + between(random, 3, 45);
    const appliedAt = receivedAt + delay(random, habits.latencySeconds, 0.6, worstLatency(habits.latencySeconds));
    return {
      id: this.numbering.message(),
      interfaceName,
      batch: fileName(interfaceName, closedAt),
      sentAt,
      receivedAt,
      appliedAt,
      state: 'final',
      error: '',
      type,
      reference,
      lines,
      isAbsolute: false,
    };
  }

  /** What the interface's user posts of one line. */
  erpPosting(
    { kind, reference, at }: Pick<WarehouseDocument, 'kind' | 'reference' | 'at'>,
    line: DeliveryLine,
    legs: readonly Leg[],
    postedAt: number,
    message: Message | undefined,
  ): Posting {
    const { erpUsers } = this.habits;
    const user = erpUsers[kind === 'shipment' ? 0 : erpUsers.length - 1]!;
    return {
      at: postedAt,
      eventAt: at,
      type: line.type,
      reference,
      line: line.number,
      reason: '',
      user,
      message,
      legs,
      isHidden: false,
      isBare: false,
      id: '',
    };
  }

  /** One document per hour, site and kind, its lines added up by stock. */
  private summaries(documents: readonly WarehouseDocument[]): WarehouseDocument[] {
    const groups = new Map<string, WarehouseDocument[]>();
    const told: WarehouseDocument[][] = [];
    for (const document of documents) {
      if (!SUMMARISED.has(document.kind)) {
        told.push([document]);
        continue;
      }
      const name = `${document.kind} ${document.site} ${Math.floor(document.at / HOUR)}`;
      const group = groups.get(name);
      if (group !== undefined) group.push(document);
      else {
        const begun = [document];
        groups.set(name, begun);
        told.push(begun);
      }
    }
    return told.map((group) => (SUMMARISED.has(group[0]!.kind) ? this.summary(group) : group[0]!));
  }

  private summary(group: readonly WarehouseDocument[]): WarehouseDocument {
    const { kind, type, site } = group[0]!;
    const sums = new Map<string, Leg[]>();
    for (const { lines } of group)
      for (const { legs } of lines) for (const part of movesOf(legs, type === 'status-change')) addMove(sums, part);
    const lines = [...sums.values()]
      .filter((legs) => legs[0]!.quantity !== 0)
      .map((legs, index) => ({ number: index + 1, type, legs, ordered: Math.abs(legs[0]!.quantity) }));
    const at = Math.max(...group.map((document) => document.at));
    const postings = group.flatMap((document) => document.postings);
    return { kind, type, site, reference: this.numbering.document(kind), at, postings, lines };
  }
}

/** 945_20261122_1415: local date and time. */
function fileName(interfaceName: string, closedAt: number): string {
  const local = timeText(closedAt);
  const date = local.slice(0, 4) + local.slice(5, 7) + local.slice(8, 10);
  return `${interfaceName}_${date}_${local.slice(11, 13)}${local.slice(14, 16)}`;
}

/** The legs that belong together: both of a status move, else each by itself. */
function movesOf(legs: readonly Leg[], isPaired: boolean): Leg[][] {
  if (!isPaired) return legs.map((leg) => [leg]);
  return legs.flatMap((_, index) => (index % 2 === 0 ? [legs.slice(index, index + 2)] : []));
}

function addMove(sums: Map<string, Leg[]>, move: readonly Leg[]): void {
  const name = move.map(({ item, owner, lot, status }) => `${item.index}|${owner}|${lot}|${status}`).join('>');
  const sum = sums.get(name);
  if (sum === undefined) sums.set(name, [...move]);
  else
    for (const [index, leg] of move.entries()) sum[index] = { ...leg, quantity: sum[index]!.quantity + leg.quantity };
}

/** Units that the ERP's and the WMS's cut-offs find of a delivery, by key: WMS − ERP. Keys that agree are left out. */
export function netsOf(delivery: Pick<Delivery, 'wms' | 'erp'>, habits: Habits, moments: Moments): Net[] {
  const nets: Net[] = [];
  const add = (leg: Leg, quantity: number): void => {
    const category = categoryOfStatus(habits.scheme, leg.status);
    const net = nets.find(
      (each) =>
        each.item === leg.item &&
        each.lot === leg.lot &&
        each.owner === leg.owner &&
        each.site === leg.site &&
        each.category === category,
    );
    if (net !== undefined) net.quantity += quantity;
    else nets.push({ site: leg.site, item: leg.item, owner: leg.owner, lot: leg.lot, category, quantity });
  };
  for (const { at, legs } of delivery.wms) if (at <= moments.wmsCutOff) for (const leg of legs) add(leg, leg.quantity);
  for (const { at, legs } of delivery.erp) if (at <= moments.erpCutOff) for (const leg of legs) add(leg, -leg.quantity);
  return nets.filter(({ quantity }) => quantity !== 0);
}

/** Part of the variance of one key. */
export interface Net {
  readonly site: number;
  readonly item: Leg['item'];
  readonly owner: string;
  readonly lot: string;
  readonly category: number;
  quantity: number;
}
