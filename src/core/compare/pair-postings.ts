/**
 * Decides which postings of the ERP and movements of the WMS are the same event: by message, then by document, then by key,
 * quantity and time. Each record is claimed once, and the strongest evidence first. Never judges what is left over.
 */
import {
  append,
  CLOCK_SLACK_MS,
  type CutOffs,
  keyName,
  linksOf,
  type Movement,
  messageLink,
  referenceLink,
} from './ledger-evidence.ts';

/** Movements of one key that both sides know, with the same sum on either: mostly one each. */
export interface Settled {
  readonly wms: readonly Movement[];
  readonly erp: readonly Movement[];
  /** Whether key, quantity and time are all that ties them. */
  readonly isGuess: boolean;
}

export class Pairing {
  readonly settled: Settled[] = [];
  private readonly claimed = new Set<Movement>();
  private readonly wms: readonly Movement[];
  private readonly erp: readonly Movement[];
  private readonly cutOffs: CutOffs;
  private readonly wmsLinks: ReadonlySet<string>;
  private readonly postedLinks = new Set<string>();
  /** Movements that the other side booked under another category. */
  private readonly misplaced = new Set<Movement>();

  constructor(movements: readonly Movement[], cutOffs: CutOffs) {
    const inTime = movements.toSorted((a, b) => a.postedAt - b.postedAt);
    this.wms = inTime.filter(({ role }) => role === 'wms');
    this.erp = inTime.filter(({ role }) => role === 'erp');
    this.cutOffs = cutOffs;
    this.wmsLinks = new Set(this.wms.flatMap(linksOf));
    this.dropMovesWithin();
    this.pairByLink(messageLink);
    this.pairByLink(referenceLink);
    for (const posting of this.erp) {
      if (!this.claimed.has(posting) && posting.postedAt <= cutOffs.erp) {
        for (const link of linksOf(posting)) this.postedLinks.add(link);
      }
    }
    this.pairByKey();
    this.pairSums();
    this.noteMisplaced();
  }

  isOpen(movement: Movement): boolean {
    return !this.claimed.has(movement);
  }

  /**
   * Whether the other side holds something else for the same document and item that fits no movement: another quantity,
   * category or lot, or once too often. What such a document still lacks is not on its way, it went wrong.
   */
  isContested(movement: Movement): boolean {
    if (this.misplaced.has(movement)) return true;
    const links = movement.role === 'wms' ? this.postedLinks : this.wmsLinks;
    return linksOf(movement).some((link) => links.has(link));
  }

  /** The legs of a move that stays within one key change nothing, and are no twin of anything. */
  private dropMovesWithin(): void {
    const moves = new Map<string, Movement[]>();
    for (const movement of [...this.wms, ...this.erp]) append(moves, momentName(movement), movement);
    for (const legs of moves.values()) {
      if (legs.length > 1 && sum(legs) === 0) for (const leg of legs) this.claimed.add(leg);
    }
  }

  private pairByLink(linkOf: (movement: Movement) => string | undefined): void {
    const groups = new Map<string, Movement[]>();
    for (const movement of [...this.wms, ...this.erp]) {
      const link = this.isOpen(movement) ? linkOf(movement) : undefined;
      if (link !== undefined) append(groups, `${link} ${keyName(movement)}`, movement);
    }
    for (const group of groups.values()) this.settle(group);
  }

  /** Pairs equal quantities of a document, and then what is left where both sides add up to the same, in all or in one direction. */
  private settle(group: readonly Movement[]): void {
    const erp = group.filter(({ role }) => role === 'erp');
    if (erp.length === 0 || erp.length === group.length) return;
    const quantities = new Map<string, Movement[]>();
    for (const movement of group) append(quantities, String(movement.quantity), movement);
    for (const equal of quantities.values())
      this.pairEqual(equal, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, false);
    if (this.settleSum(group)) return;
    // What came in and went out again under one number: each direction has its own posting.
    this.settleSum(group.filter(({ quantity }) => quantity > 0));
    this.settleSum(group.filter(({ quantity }) => quantity < 0));
  }

  private settleSum(group: readonly Movement[]): boolean {
    const left = group.filter((movement) => this.isOpen(movement));
    const sides = { wms: left.filter(({ role }) => role === 'wms'), erp: left.filter(({ role }) => role === 'erp') };
    if (sides.wms.length === 0 || sides.erp.length === 0 || sum(sides.wms) !== sum(sides.erp)) return false;
    this.claim({ ...sides, isGuess: false });
    return true;
  }

  /** Postings that no document ties to the WMS, with movements of the same key and quantity shortly before. */
  private pairByKey(): void {
    const groups = new Map<string, Movement[]>();
    for (const movement of [...this.wms, ...this.erp]) {
      if (!this.isOpen(movement) || this.isContested(movement)) continue;
      append(groups, `${keyName(movement)} ${movement.quantity}`, movement);
    }
    for (const group of groups.values()) this.pairEqual(group, this.cutOffs.lagOf(''), CLOCK_SLACK_MS, true);
  }

  /**
   * Pairs movements of one quantity, each posting with the latest movement before it: what stays unpaired is old rather
   * than young, so that a lost movement is never taken for one on its way. Then with the first one behind it.
   */
  private pairEqual(group: readonly Movement[], laterMs: number, earlierMs: number, isGuess: boolean): void {
    const postings = group.filter(({ role }) => role === 'erp');
    if (postings.length === 0) return;
    const free = group.filter(({ role }) => role === 'wms');
    const before: Movement[] = [];
    let next = 0;
    for (const posting of postings) {
      while (next < free.length && (free[next] as Movement).postedAt <= posting.postedAt)
        before.push(free[next++] as Movement);
      const latest = before.at(-1);
      if (latest === undefined || posting.postedAt - latest.postedAt > laterMs) continue;
      before.pop();
      this.claim({ wms: [latest], erp: [posting], isGuess });
    }
    const behind = free.filter((movement) => this.isOpen(movement));
    let at = 0;
    for (const posting of postings) {
      if (!this.isOpen(posting)) continue;
      while (at < behind.length && (behind[at] as Movement).postedAt < posting.postedAt) at++;
      const first = behind[at];
      if (first === undefined || first.postedAt - posting.postedAt > earlierMs) continue;
      at++;
      this.claim({ wms: [first], erp: [posting], isGuess });
    }
  }

  /** One posting with several movements that no document ties to it: lines of one document, or what moved shortly before. */
  private pairSums(): void {
    const free = new Map<string, Movement[]>();
    for (const movement of this.wms) if (this.isFree(movement)) append(free, kindName(movement), movement);
    for (const posting of this.erp) {
      if (!this.isFree(posting)) continue;
      const near = (free.get(kindName(posting)) ?? []).filter(
        (movement) => this.isOpen(movement) && this.mayBeSoon(movement, posting),
      );
      const parts = linesOf(near, posting.quantity) ?? runOf(near, posting.quantity);
      if (parts !== undefined) this.claim({ wms: parts, erp: [posting], isGuess: true });
    }
  }

  /** What the ERP booked in time under another category went wrong, and is not on its way. */
  private noteMisplaced(): void {
    const postings = new Map<string, Movement[]>();
    for (const posting of this.erp) if (this.isFree(posting)) append(postings, placeName(posting), posting);
    if (postings.size === 0) return;
    const moves = new Map<string, number>();
    for (const movement of this.wms) {
      const name = moveName(movement);
      moves.set(name, (moves.get(name) ?? 0) + 1);
    }
    for (const movement of this.wms) {
      if (!this.isFree(movement) || (moves.get(moveName(movement)) ?? 0) > 1) continue;
      const twin = postings
        .get(placeName(movement))
        ?.find((posting) => !this.misplaced.has(posting) && this.mayBeSoon(movement, posting));
      if (twin === undefined || twin.postedAt > this.cutOffs.erp) continue;
      this.misplaced.add(movement);
      this.misplaced.add(twin);
    }
  }

  private isFree(movement: Movement): boolean {
    return this.isOpen(movement) && !this.isContested(movement);
  }

  private mayBeSoon(movement: Movement, posting: Movement): boolean {
    const later = posting.postedAt - movement.postedAt;
    return later <= this.cutOffs.lagOf('') && later >= -CLOCK_SLACK_MS;
  }

  private claim(settled: Settled): void {
    this.settled.push(settled);
    for (const movement of [...settled.wms, ...settled.erp]) this.claimed.add(movement);
  }
}

/** So many neighbours in time are tried as the parts of one posting. */
const RUN_MAX = 8;

/** All lines of one document that add up to a quantity. */
function linesOf(movements: readonly Movement[], quantity: number): readonly Movement[] | undefined {
  const documents = new Map<string, Movement[]>();
  for (const movement of movements) if (movement.reference !== '') append(documents, movement.reference, movement);
  return [...documents.values()].find((lines) => lines.length > 1 && sum(lines) === quantity);
}

/** The latest neighbours in time that add up to a quantity. */
function runOf(movements: readonly Movement[], quantity: number): readonly Movement[] | undefined {
  for (let end = movements.length; end > 1; end--) {
    for (let length = 2; length <= Math.min(RUN_MAX, end); length++) {
      const run = movements.slice(end - length, end);
      if (sum(run) === quantity) return run;
    }
  }
  return undefined;
}

function kindName(movement: Movement): string {
  return `${keyName(movement)} ${Math.sign(movement.quantity)}`;
}

/** Equal for the legs of a move within one key. */
function momentName(movement: Movement): string {
  const { role, postedAt, reference, messageId } = movement;
  return JSON.stringify([role, postedAt, reference, messageId, keyName(movement)]);
}

/** Equal for the legs of a move between keys of one item. */
function moveName({ postedAt, reference, messageId, item, quantity }: Movement): string {
  return JSON.stringify([postedAt, reference, messageId, item, Math.abs(quantity)]);
}

/** Equal for the same quantity of the same goods, whatever their category. */
function placeName({ site, item, owner, lot, quantity }: Movement): string {
  return JSON.stringify([site, item, owner, lot, quantity]);
}

export function sum(movements: readonly Movement[]): number {
  return movements.reduce((all, { quantity }) => all + quantity, 0);
}
