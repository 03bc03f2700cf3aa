/**
 * Decides which documents the ERP posted on another item. Without a common document the place, the quantity and the time must agree,
 * and there must be one such partner only: an accidental one is likely among many discrepancies.
 */
import { append } from '../compare/ledger-evidence.ts';
import { DelayScale } from './align-in-time.ts';
import { type Amendment, amendmentOf } from './amendment.ts';
import type { ExplainSettings } from './evidence.ts';
import type { Leftover } from './leftover.ts';
import { CONFIDENCE_MIN, confidenceOf, type EvidenceGrade, rateOf } from './priors.ts';
import { leftoverProof } from './proof.ts';
import type { Traits } from './traits.ts';

/** Without documents both sides must have booked within this time of the usual delay. */
const WITHIN_MS = 3_600_000;
/** Of the lines of one document so many are shown. */
const PROOFS_MAX = 6;

export function findCrossPostings(
  leftovers: readonly Leftover[],
  traits: Traits,
  settings: ExplainSettings,
): Amendment[] {
  const search = new CrossSearch(leftovers, traits, settings);
  search.byLink('message', ({ messageId }) => messageId, traits.habits.linksByMessage);
  search.byLink('reference', ({ reference }) => reference, traits.habits.linksByReference);
  search.inTime();
  return search.amendments;
}

class CrossSearch {
  readonly amendments: Amendment[] = [];
  private readonly traits: Traits;
  private readonly settings: ExplainSettings;
  private readonly scale: DelayScale;
  private readonly missing: readonly Leftover[];
  private readonly extra: readonly Leftover[];
  private readonly taken = new Set<Leftover>();
  /** Lines of one document, under the leftover that adds them up. */
  private readonly linesOf = new Map<Leftover, readonly Leftover[]>();

  constructor(leftovers: readonly Leftover[], traits: Traits, settings: ExplainSettings) {
    this.traits = traits;
    this.settings = settings;
    this.scale = new DelayScale(traits.habits.delay, settings.cutOffs.lagOf(''));
    const missing = leftovers.filter(({ kind }) => kind === 'missing');
    this.missing = [...missing, ...this.addLines(missing)];
    this.extra = leftovers.filter(({ kind, cause }) => kind === 'extra' && cause !== 'posted-twice');
  }

  /** One posting may add up the lines of a document: their sum on each key, beside the lines themselves. */
  private addLines(missing: readonly Leftover[]): Leftover[] {
    const documents = new Map<string, Leftover[]>();
    for (const one of missing) {
      const { site, item, owner, lot, category } = one.key;
      if (one.document !== '')
        append(documents, JSON.stringify([one.document, one.type, site, item, owner, lot, category]), one);
    }
    return [...documents.values()].flatMap((lines) => {
      const [last, ...others] = [...lines].sort((a, b) => b.at - a.at);
      if (last === undefined || others.length === 0) return [];
      const whole = { ...last, quantity: lines.reduce((sum, { quantity }) => sum + quantity, 0) };
      this.linesOf.set(whole, lines);
      return [whole];
    });
  }

  private parts(missing: Leftover): readonly Leftover[] {
    return this.linesOf.get(missing) ?? [missing];
  }

  byLink(grade: EvidenceGrade, linkOf: (leftover: Leftover) => string, isHabit: boolean): void {
    if (!isHabit) return;
    const groups = new Map<string, Leftover[]>();
    for (const one of this.missing) if (linkOf(one) !== '') append(groups, linkOf(one), one);
    for (const extra of this.extra) {
      const partners = (groups.get(linkOf(extra)) ?? []).filter((one) => this.mayBe(one, extra));
      const [partner] = partners.sort((a, b) => this.costOf(a, extra) - this.costOf(b, extra));
      if (partner !== undefined)
        this.pair(partner, extra, confidenceOf('item-cross-posted', grade, this.traits.resolved));
    }
  }

  inTime(): void {
    const groups = new Map<string, Leftover[]>();
    for (const one of this.missing) append(groups, placeOf(one, one.quantity), one);
    const partnersOf = new Map<Leftover, Leftover[]>();
    const sought = new Map<Leftover, number>();
    for (const extra of this.extra) {
      const partners = (groups.get(placeOf(extra, -extra.quantity)) ?? []).filter(
        (one) => this.mayBe(one, extra) && this.costOf(one, extra) <= WITHIN_MS && !areNumbered(one, extra),
      );
      partnersOf.set(extra, partners);
      for (const partner of partners) sought.set(partner, (sought.get(partner) ?? 0) + 1);
    }
    const span = Math.max(WITHIN_MS, this.settings.cutOffs.erp - this.beganAt());
    for (const [extra, partners] of partnersOf) {
      const [partner, ...more] = partners;
      if (partner === undefined || more.length > 0 || sought.get(partner) !== 1) continue;
      const crowd = groups.get(placeOf(partner, partner.quantity))?.length ?? 1;
      // How many movements of the place and quantity lie in such a window by accident.
      const chance = Math.min(1, (crowd * 2 * WITHIN_MS) / span);
      const weight = rateOf('item-cross-posted') / chance;
      const prior = confidenceOf('item-cross-posted', 'time', this.traits.resolved);
      const confidence = (prior * weight) / (weight + rateOf('manual-erp-adjustment'));
      if (confidence >= CONFIDENCE_MIN) this.pair(partner, extra, confidence);
    }
  }

  /** When the time began in which partners may be met by accident. */
  private beganAt(): number {
    const first = [...this.missing, ...this.extra].reduce(
      (least, { at }) => Math.min(least, at),
      this.settings.cutOffs.erp,
    );
    return this.settings.openingAt?.erp ?? first;
  }

  private mayBe(missing: Leftover, extra: Leftover): boolean {
    return (
      missing.key.item !== extra.key.item &&
      missing.quantity === -extra.quantity &&
      this.isOneKind(missing.type, extra.type) &&
      !this.parts(missing).some((one) => this.taken.has(one)) &&
      !this.taken.has(extra)
    );
  }

  private isOneKind(wmsType: string, erpType: string): boolean {
    const { types } = this.traits.habits;
    return erpType === '' || !Object.hasOwn(types, wmsType) || (types[wmsType]?.includes(erpType) ?? true);
  }

  private costOf(missing: Leftover, extra: Leftover): number {
    return Math.abs(extra.at - missing.at - this.scale.median);
  }

  private pair(missing: Leftover, extra: Leftover, confidence: number): void {
    const lines = this.parts(missing);
    for (const one of [...lines, extra]) this.taken.add(one);
    const proofs = [
      ...lines.slice(0, PROOFS_MAX).map((one) => leftoverProof(one, `the WMS moved item ${one.key.item}`)),
      leftoverProof(extra, `the ERP booked it on item ${extra.key.item}`),
    ];
    const action = `Transfer it in the ERP from item ${extra.key.item} to item ${missing.key.item}, and correct the cross-reference.`;
    for (const one of [...lines, extra])
      this.amendments.push(amendmentOf(one, 'item-cross-posted', confidence, proofs, action));
  }
}

function placeOf({ key }: Leftover, quantity: number): string {
  return [key.site, key.owner, key.category, quantity].join('\u0000');
}

/** Both name a document, and documents are what ties the sides: then two names are two documents. */
function areNumbered(missing: Leftover, extra: Leftover): boolean {
  return missing.reference !== '' && extra.reference !== '' && missing.reference !== extra.reference;
}
