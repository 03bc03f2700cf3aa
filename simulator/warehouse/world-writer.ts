/**
 * Decides how snapshots, ledgers and messages of a simulated world are written: the rows that its two systems would write.
 * Never decides what is in them. Files are appended block by block, so that a world need not fit in memory.
 */
import { join } from 'node:path';
import { formatScaled } from '../../src/core/model/decimal.ts';
import { COST_SCALE, type Item, QUANTITY_SCALE, UNIT } from '../catalogue.ts';
import { mixSeed, RandomStream } from '../random.ts';
import { LineFile, type SiteNames } from '../world-files.ts';
import { DAY, timeText } from './calendar.ts';
import type { Scene } from './faults/scene.ts';
import { bareCode, wmsCodeOf } from './item-codes.ts';
import type { Delivery, Leg, Message, MovementType, Posting } from './ledger.ts';
import type { StockBook } from './stock-book.ts';
import { CURRENCY, type WarehouseWorld } from './warehouse-world.ts';

type Side = 'erp' | 'wms';

/** Movement types as an ERP numbers them. */
const NATIVE: Readonly<Record<MovementType, string>> = {
  receipt: '101',
  shipment: '601',
  adjustment: '711',
  count: '701',
  'status-change': '321',
  'lot-change': '309',
  'transfer-out': '641',
  'transfer-in': '101',
  return: '653',
  scrap: '551',
  'kit-consume': '261',
  'kit-produce': '131',
  reversal: '102',
};
/** Movements whose direction their type tells. */
const DIRECTED: ReadonlySet<MovementType> = new Set(['shipment', 'transfer-out', 'scrap', 'kit-consume']);

export class WorldWriter {
  movements = { erp: 0, wms: 0 };
  messages = 0;
  private readonly world: WarehouseWorld;
  private readonly files: Readonly<Record<string, LineFile>>;
  private readonly random = new RandomStream();
  private readonly hasOwners: boolean;
  private readonly hasReferences: boolean;
  private readonly since: number;

  constructor(directory: string, world: WarehouseWorld) {
    this.world = world;
    const { options, habits, moments } = world;
    this.hasOwners = habits.owners.length > 1;
    this.hasReferences = options.references > 0;
    this.since =
      options.retentionDays > 0 ? moments.extractedAt - options.retentionDays * DAY : Number.NEGATIVE_INFINITY;
    const open = (name: string, columns: readonly string[]): LineFile =>
      new LineFile(join(directory, `${name}.csv`), columns);
    const stock = ['site', 'item', ...(this.hasOwners ? ['owner'] : []), 'lot', 'status'];
    const erpStock = [...stock, 'quantity', 'uom', 'unit_cost', 'currency'];
    const wmsStock = [...stock, 'location', 'quantity', 'uom'];
    this.files = {
      erp_balances: open('erp_balances', erpStock),
      wms_balances: open('wms_balances', wmsStock),
      ...(options.openings
        ? { erp_opening: open('erp_opening', erpStock), wms_opening: open('wms_opening', wmsStock) }
        : {}),
      erp_movements: open('erp_movements', this.movementColumns('erp')),
      wms_movements: open('wms_movements', this.movementColumns('wms')),
      ...(options.messages ? { messages: open('messages', this.messageColumns()) } : {}),
    };
  }

  close(): void {
    for (const file of Object.values(this.files)) file.close();
  }

  private movementColumns(side: Side): string[] {
    const { habits, options } = this.world;
    const rows = side === 'erp' ? habits.erpRows : habits.wmsRows;
    const isLinked = side === 'wms' || this.hasReferences;
    return [
      ...['movement_id', 'posted_at'],
      ...(rows.eventAt && isLinked ? ['event_at'] : []),
      ...['site', 'item'],
      ...(this.hasOwners ? ['owner'] : []),
      ...['lot', 'status', 'quantity', 'uom'],
      ...(side === 'wms' || habits.erpRows.types !== 'none' ? ['type'] : []),
      ...(isLinked ? ['reference'] : []),
      ...(rows.line && isLinked ? ['line'] : []),
      ...['reason', 'user'],
      ...(rows.messageId && isLinked && options.messages ? ['message_id'] : []),
      ...(side === 'erp' && habits.erpRows.batch && isLinked ? ['batch'] : []),
    ];
  }

  private messageColumns(): string[] {
    const { habits } = this.world;
    return [
      ...[
        'message_id',
        'interface',
        'from_system',
        'to_system',
        'sent_at',
        'received_at',
        'applied_at',
        'state',
        'error',
      ],
      ...['type', 'reference', 'line', 'batch', 'site', 'item'],
      ...(this.hasOwners ? ['owner'] : []),
      ...(habits.messageRows.namesStock ? ['lot', 'status', 'quantity', 'uom'] : []),
    ];
  }

  private file(name: string): LineFile {
    return this.files[name]!;
  }

  private siteOf(side: Side, site: number): string {
    const names: SiteNames = this.world.sites[site]!;
    return names[side];
  }

  private itemOf(side: Side, item: Item, scene: Scene): string {
    if (side === 'erp') return item.code;
    if (scene.aliasless.has(item.index)) return bareCode(item.code);
    return wmsCodeOf(item, this.world.habits.writesBareCodes);
  }

  /** One row for each balance that is not 0; the WMS's by bin. */
  writeBalances(side: Side, name: 'balances' | 'opening', book: StockBook, scene: Scene): void {
    const file = this.file(`${side}_${name}`);
    const isWithoutPicked = side === 'wms' && name === 'balances' && this.world.options.snapshot === 'scope';
    for (const item of scene.assortment.items) {
      const code = this.itemOf(side, item, scene);
      for (let site = 0; site < book.sites; site++)
        for (const { owner, lot, status, quantity } of book.at(site, item.index)) {
          if (quantity === 0 || (isWithoutPicked && status === this.world.habits.scheme.wmsNames.picked)) continue;
          const place = `${this.siteOf(side, site)},${code},${this.hasOwners ? `${owner},` : ''}${lot},${status}`;
          if (side === 'erp')
            file.lines.push(
              `${place},${formatScaled(quantity, QUANTITY_SCALE)},${item.baseUom},${costText(item, scene)},${CURRENCY}\n`,
            );
          else this.writeBins(file, place, item, site, quantity, scene.aliasless.has(item.index));
        }
      file.settle();
    }
  }

  /** Large balances stand in several bins; whole cases in the reserve are counted in cases. */
  private writeBins(
    file: LineFile,
    place: string,
    item: Item,
    site: number,
    quantity: number,
    isUnknown: boolean,
  ): void {
    const { random } = this;
    random.reseed(mixSeed(this.world.options.seed, 51, site, item.index));
    const bin = (): string =>
      `${random.pick(['A', 'B', 'C', 'D', 'R'])}${10 + random.below(40)}-${100 + random.below(60)}`;
    // Nobody knows the packs of an item whose alias is missing.
    const caseSize = isUnknown ? 0 : item.caseFactor * UNIT;
    const cases =
      caseSize > 0 && quantity > 3 * caseSize && random.chance(0.4) ? Math.floor(quantity / caseSize / 2) : 0;
    if (cases > 0) file.lines.push(`${place},${bin()},${cases},CASE\n`);
    const rest = quantity - cases * caseSize;
    if (rest !== 0) file.lines.push(`${place},${bin()},${formatScaled(rest, QUANTITY_SCALE)},${item.baseUom}\n`);
  }

  /** Both ledgers of a block, each in the order of its time. */
  writeLedgers(scene: Scene): void {
    this.writeLedger('wms', scene.wmsPostings, scene);
    this.writeLedger(
      'erp',
      scene.deliveries.flatMap(({ erp }) => erp),
      scene,
    );
  }

  private writeLedger(side: Side, postings: readonly Posting[], scene: Scene): void {
    const { moments, numbering } = this.world;
    const written = postings.filter(({ at, isHidden }) => !isHidden && at <= moments.extractedAt && at >= this.since);
    written.sort((a, b) => a.at - b.at);
    const file = this.file(`${side}_movements`);
    for (const posting of written) {
      for (const legs of movesOf(posting.legs)) {
        const id = side === 'erp' ? numbering.erpMovement() : numbering.wmsMovement();
        posting.id ||= id;
        for (const leg of legs) file.lines.push(this.movementRow(side, id, posting, leg, scene));
        this.movements[side] += legs.length;
      }
      file.settle();
    }
  }

  private movementRow(side: Side, id: string, posting: Posting, leg: Leg, scene: Scene): string {
    const { habits, options } = this.world;
    const { at, eventAt, reference, line, reason, user, message, isBare, type } = posting;
    const rows = side === 'erp' ? habits.erpRows : habits.wmsRows;
    const skew = side === 'erp' ? options.clockSkewMinutes * 60 : 0;
    const isLinked = side === 'wms' || this.hasReferences;
    const hasHeader = isLinked && !(side === 'erp' && isBare);
    const typeText = side === 'erp' && habits.erpRows.types === 'native' ? NATIVE[type] : type;
    let row = `${id},${timeText(at + skew)}`;
    if (rows.eventAt && isLinked) row += hasHeader ? `,${timeText(eventAt)}` : ',';
    row += `,${this.siteOf(side, leg.site)},${this.itemOf(side, leg.item, scene)}`;
    if (this.hasOwners) row += `,${leg.owner}`;
    row += `,${leg.lot},${leg.status},${this.quantityText(leg, side === 'erp' && habits.erpRows.cases)}`;
    if (side === 'wms' || habits.erpRows.types !== 'none') row += `,${typeText}`;
    if (isLinked) row += `,${hasHeader ? reference : ''}`;
    if (rows.line && isLinked) row += `,${hasHeader && reference !== '' ? line : ''}`;
    row += `,${reason},${user}`;
    if (rows.messageId && isLinked && options.messages) row += `,${hasHeader ? (message?.id ?? '') : ''}`;
    if (side === 'erp' && habits.erpRows.batch && isLinked) row += `,${hasHeader ? (message?.batch ?? '') : ''}`;
    return `${row}\n`;
  }

  /** The message log as it was when the ledgers were extracted. */
  writeMessages(scene: Scene): void {
    if (!this.world.options.messages) return;
    const { extractedAt } = this.world.moments;
    const file = this.file('messages');
    const sent = scene.deliveries.flatMap((delivery) => delivery.messages.map((message) => ({ message, delivery })));
    sent.sort((a, b) => a.message.sentAt - b.message.sentAt);
    for (const { message, delivery } of sent) {
      if (message.sentAt > extractedAt || message.sentAt < this.since) continue;
      this.writeMessage(file, message, delivery, scene);
      file.settle();
    }
  }

  private writeMessage(file: LineFile, message: Message, { site }: Delivery, scene: Scene): void {
    const { habits } = this.world;
    const { id, interfaceName, sentAt, type, reference, batch } = message;
    const { receivedAt, appliedAt, state, error } = this.stateOf(message);
    const skew = this.world.options.clockSkewMinutes * 60;
    const time = (at: number | undefined): string => (at === undefined ? '' : timeText(at + skew));
    const head = `${id},${interfaceName},wms1,sap,${timeText(sentAt)},${time(receivedAt)},${time(appliedAt)},${state},${error},${type},${reference}`;
    for (const line of message.lines) {
      const legs = habits.messageRows.namesStock ? line.legs : line.legs.slice(0, 1);
      for (const leg of legs) {
        let row = `${head},${line.number},${batch},${this.siteOf('wms', site)},${this.itemOf('wms', leg.item, scene)}`;
        if (this.hasOwners) row += `,${leg.owner}`;
        if (habits.messageRows.namesStock)
          row += `,${leg.lot},${leg.status},${this.amount(message, line.type, leg, scene)}`;
        file.lines.push(`${row}\n`);
        this.messages++;
      }
    }
  }

  /** Quantity and unit as the message states them. */
  private amount({ isAbsolute }: Message, type: MovementType, leg: Leg, scene: Scene): string {
    if (isAbsolute) return `,${leg.item.baseUom}`;
    const isUnsigned = !this.world.habits.messageRows.isSigned && DIRECTED.has(type);
    // Nobody knows the packs of an item whose alias is missing.
    const inCases = !scene.aliasless.has(leg.item.index);
    return this.quantityText(isUnsigned ? { ...leg, quantity: Math.abs(leg.quantity) } : leg, inCases);
  }

  /** Quantity and unit: cases where they are whole and the item is told in cases. */
  private quantityText({ item, quantity }: Leg, inCases: boolean): string {
    const caseSize = item.caseFactor * UNIT;
    if (inCases && quantity % caseSize === 0 && this.world.habits.tellsInCases(item))
      return `${quantity / caseSize},CASE`;
    return `${formatScaled(quantity, QUANTITY_SCALE)},${item.baseUom}`;
  }

  private stateOf(message: Message): {
    receivedAt: number | undefined;
    appliedAt: number | undefined;
    state: string;
    error: string;
  } {
    const { extractedAt } = this.world.moments;
    const { appliedAt, state, error } = message;
    const isReceived = message.receivedAt !== undefined && message.receivedAt <= extractedAt;
    const receivedAt = isReceived ? message.receivedAt : undefined;
    if (appliedAt !== undefined && appliedAt > extractedAt)
      return { receivedAt, appliedAt: undefined, state: isReceived ? 'received' : 'sent', error: '' };
    const { finalState } = this.world.habits.messageRows;
    return { receivedAt, appliedAt, state: state === 'final' ? finalState : state, error: quoted(error) };
  }
}

/** One balance each, but for moves: both legs of a move are one movement. Changes of nothing are no rows. */
function movesOf(legs: readonly Leg[]): Leg[][] {
  const moves: Leg[][] = [];
  for (const leg of legs) {
    const last = moves.at(-1);
    if (leg.quantity === 0) continue;
    if (last?.length === 1 && last[0]!.quantity === -leg.quantity) last.push(leg);
    else moves.push([leg]);
  }
  return moves;
}

function quoted(text: string): string {
  return text.includes(',') ? `"${text}"` : text;
}

/** The ERP's cost; another one where the two sides value the item differently. */
function costText(item: Item, scene: Scene): string {
  const cost = scene.otherCosts.has(item.index) ? Math.round(item.unitCost * 1.08) + 1 : item.unitCost;
  return formatScaled(cost, COST_SCALE);
}
