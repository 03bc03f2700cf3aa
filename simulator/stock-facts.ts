/**
 * Decides what stock an item has at a site and what each system says of it, as a pure function of seed, site and item.
 * Never decides how the rows of a file are written or ordered.
 */
import { type Catalogue, type Item, UNIT } from './catalogue.ts';
import { FAULT_KINDS, type FaultKind, plantFault, type StockKey } from './faults.ts';
import { mixSeed, RandomStream } from './random.ts';

/** Which fault happens to this item at this site, if any. */
export type FaultPlan = (site: number, item: Item, keys: readonly StockKey[], random: RandomStream) => FaultKind | null;

/** One item at one site. `keys` is valid until the next call of `at`. */
export interface SiteItem {
  readonly item: Item;
  readonly keys: readonly StockKey[];
  readonly fault: FaultKind | null;
}

/** Plants faults at random: `share` of the keys begin one; those that touch two keys make some more differ. */
export function scatteredFaults(share: number): FaultPlan {
  return (_site, _item, keys, random) => (random.chance(share * keys.length) ? random.pick(FAULT_KINDS) : null);
}

export class StockFacts {
  private readonly seed: number;
  private readonly catalogue: Catalogue;
  private readonly presence: number;
  private readonly faultPlan: FaultPlan;
  private readonly random = new RandomStream();

  /** `presence` is the share of sites × items that hold stock. */
  constructor(seed: number, catalogue: Catalogue, presence: number, faultPlan: FaultPlan) {
    this.seed = seed;
    this.catalogue = catalogue;
    this.presence = presence;
    this.faultPlan = faultPlan;
  }

  /** The item's stock at the site, or null where it is not kept there. `known` saves making the item again. */
  at(site: number, itemIndex: number, known?: Item): SiteItem | null {
    const random = this.random;
    random.reseed(mixSeed(this.seed, 2, site, itemIndex));
    if (!random.chance(this.presence)) return null;
    const item = known ?? this.catalogue.item(itemIndex);
    const keys: StockKey[] = [];
    const lots = item.lotControlled ? countLots(random) : 1;
    for (let lotIndex = 0; lotIndex < lots; lotIndex++) {
      const lot = item.lotControlled ? lotCode(random, lotIndex) : '';
      keys.push(agreedKey(lot, 'available', item, random));
      if (random.chance(0.12)) keys.push(agreedKey(lot, 'unavailable', item, random));
    }
    const kind = this.faultPlan(site, item, keys, random);
    return { item, keys, fault: kind === null ? null : plantFault(kind, keys, item, random) };
  }
}

function countLots(random: RandomStream): number {
  const draw = random.below(10);
  return draw < 6 ? 1 : draw < 9 ? 2 : 3;
}

/** Most quantities are small; each halving of the range is as likely as the next. */
function agreedKey(lot: string, category: StockKey['category'], item: Item, random: RandomStream): StockKey {
  const pieces = 2 + (random.below(2048) >> random.below(9));
  const step = item.erpStep;
  const quantity =
    step > UNIT ? step * (3 + (pieces >> 4)) : step === UNIT ? pieces * UNIT : pieces * UNIT + 5 * random.below(200);
  return { lot, category, erp: quantity, wms: quantity };
}

/** Lots of one item differ by their index. Some look like numbers, as the makers' lots do: 00417, 2E5. */
function lotCode(random: RandomStream, lotIndex: number): string {
  const draw = random.below(100);
  const number = random.below(10_000);
  if (draw < 3) return `${lotIndex + 1}E${1 + (number % 9)}`;
  if (draw < 12) return `00${lotIndex}${String(number).padStart(4, '0')}`;
  const month = String(1 + (number % 12)).padStart(2, '0');
  return `L${lotIndex}${month}${String(number).padStart(4, '0')}`;
}
