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

  constructor(movements: readonly Movement[], cutOffs: CutOffs) {
    const inTime = movements.toSorted((a, b) => a.postedAt - b.postedAt);
    this.wms = inTime.filter(({ role }) => role === 'wms');
    this.erp = inTime.filter(({ role }) => role === 'erp');
    this.cutOffs = cutOffs;
    this.wmsLinks = new Set(this.wms.flatMap(linksOf));
    this.pairByLink(messageLink);
    this.pairByLink(referenceLink);
    for (const posting of this.erp) {
      if (!this.claimed.has(posting) && posting.postedAt <= cutOffs.erp) {
        for (const link of linksOf(posting)) this.postedLinks.add(link);
      }
    }
    this.pairByKey();
  }

  isOpen(movement: Movement): boolean {
    return !this.claimed.has(movement);
  }

  /**
   * Whether the other side holds something else for the same document and item that fits no movement: another quantity,
   * category or lot, or once too often. What such a document still lacks is not on its way, it went wrong.
   */
  isContested(movement: Movement): boolean {
    const links = movement.role === 'wms' ? this.postedLinks : this.wmsLinks;
    return linksOf(movement).some((link) => links.has(link));
  }

  private pairByLink(linkOf: (movement: Movement) => string | undefined): void {
    const groups = new Map<string, Movement[]>();
    for (const movement of [...this.wms, ...this.erp]) {
      const link = this.isOpen(movement) ? linkOf(movement) : undefined;
      if (link !== undefined) append(groups, `${link} ${keyName(movement)}`, movement);
    }
    for (const group of groups.values()) this.settle(group);
  }

  /** Pairs equal quantities of a document, and then what is left where both sides add up to the same. */
  private settle(group: readonly Movement[]): void {
    const erp = group.filter(({ role }) => role === 'erp');
    if (erp.length === 0 || erp.length === group.length) return;
    const quantities = new Map<string, Movement[]>();
    for (const movement of group) append(quantities, String(movement.quantity), movement);
    for (const equal of quantities.values())
      this.pairEqual(equal, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, false);
    const left = group.filter((movement) => this.isOpen(movement));
    const sides = { wms: left.filter(({ role }) => role === 'wms'), erp: left.filter(({ role }) => role === 'erp') };
    if (sides.wms.length === 0 || sides.erp.length === 0 || sum(sides.wms) !== sum(sides.erp)) return;
    this.claim({ ...sides, isGuess: false });
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

  private claim(settled: Settled): void {
    this.settled.push(settled);
    for (const movement of [...settled.wms, ...settled.erp]) this.claimed.add(movement);
  }
}

export function sum(movements: readonly Movement[]): number {
  return movements.reduce((all, { quantity }) => all + quantity, 0);
}
