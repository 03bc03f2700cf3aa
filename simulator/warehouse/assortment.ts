/**
 * Decides what each site keeps: which items, how fast they move, in what amounts, and with which stock the world begins.
 * Never decides what happens to them.
 */
import { type Catalogue, type Item, UNIT } from '../catalogue.ts';
import { mixSeed, RandomStream } from '../random.ts';
import { between, WeightedDraw } from './dice.ts';
import type { Habits } from './habits.ts';
import type { Leg } from './ledger.ts';
import type { WmsState } from './stock-scheme.ts';

/** One item at one site. */
export interface StockedItem {
  readonly item: Item;
  readonly site: number;
  /** Share of the site's order lines, before it is brought to 1. */
  readonly weight: number;
  /** Thousandths that one piece of an order line has: whole pieces, or a weight. */
  readonly lineSize: number;
  readonly isInspected: boolean;
  readonly owners: readonly string[];
}

export interface Shelf {
  readonly stocked: readonly StockedItem[];
  /** By position of the item in the block; undefined where the site does not keep it. */
  readonly byItem: readonly (StockedItem | undefined)[];
  readonly draw: WeightedDraw;
}

const KEPT = 0.86;
const WEIGHT_OF_CLASS = { A: 12, B: 3, C: 1 } as const;

export class Assortment {
  readonly items: readonly Item[];
  readonly shelves: readonly Shelf[];
  readonly firstItem: number;
  private readonly random = new RandomStream();
  private readonly seed: number;
  private readonly habits: Habits;

  constructor(seed: number, catalogue: Catalogue, first: number, end: number, sites: number, habits: Habits) {
    this.seed = seed;
    this.habits = habits;
    this.firstItem = first;
    this.items = Array.from({ length: end - first }, (_, index) => catalogue.item(first + index));
    this.shelves = Array.from({ length: sites }, (_, site) => {
      const byItem = this.items.map((item) => this.stockedItem(site, item));
      const stocked = byItem.filter((each) => each !== undefined);
      return { stocked, byItem, draw: new WeightedDraw(stocked.map(({ weight }) => weight)) };
    });
  }

  find(site: number, itemIndex: number): StockedItem | undefined {
    return this.shelves[site]!.byItem[itemIndex - this.firstItem];
  }

  private stockedItem(site: number, item: Item): StockedItem | undefined {
    const { random } = this;
    random.reseed(mixSeed(this.seed, 11, site, item.index));
    // An item is kept somewhere at least.
    if (!random.chance(KEPT) && item.index % 7 !== site) return undefined;
    const weight = WEIGHT_OF_CLASS[item.abcClass] * (0.4 + random.below(1200) / 1000);
    const lineSize = item.baseUom === 'KG' ? between(random, 400, 4000) : UNIT * random.pick([1, 1, 1, 2, 2, 3, 4, 6]);
    const isInspected = random.chance(0.08);
    const owners = random.chance(this.habits.ownedPartly) ? this.habits.owners : this.habits.owners.slice(0, 1);
    return { item, site, weight, lineSize, isInspected, owners };
  }

  /** What stands in the warehouse before anything happens. */
  startingStock({ item, site, lineSize, owners }: StockedItem): Leg[] {
    const { random } = this;
    random.reseed(mixSeed(this.seed, 12, site, item.index));
    const depth = { A: 160, B: 60, C: 24 }[item.abcClass];
    const legs: Leg[] = [];
    const put = (owner: string, lot: string, state: WmsState, pieces: number): void => {
      const quantity = item.baseUom === 'KG' ? pieces * lineSize + random.below(1000) : pieces * lineSize;
      legs.push({ site, item, owner, lot, status: this.habits.scheme.wmsNames[state], quantity });
    };
    for (const owner of owners) {
      const lots = item.lotControlled ? random.pick([1, 1, 1, 2, 2, 3]) : 1;
      for (let index = 0; index < lots; index++) {
        const lot = item.lotControlled ? lotCode(random, index) : '';
        put(owner, lot, 'available', 2 + random.below(depth));
        if (random.chance(0.1))
          put(owner, lot, random.pick(['damaged', 'damaged', 'quality', 'hold']), 1 + random.below(9));
      }
    }
    return legs;
  }
}

/** Lots of one item differ by their index. Some look like numbers, as the makers' lots do: 00417, 2E5. */
export function lotCode(random: RandomStream, index: number): string {
  const draw = random.below(100);
  const number = random.below(10_000);
  if (draw < 3) return `${index + 1}E${1 + (number % 9)}`;
  if (draw < 12) return `00${index}${String(number).padStart(4, '0')}`;
  return `L${index}${String(1 + (number % 12)).padStart(2, '0')}${String(number).padStart(4, '0')}`;
}
