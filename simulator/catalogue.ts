/**
 * Decides each item's code, alias, cost and packs as a pure function of seed and index.
 * Never keeps items in memory, so that two million cost no more than two.
 */
import { formatFixed } from '../src/core/model/decimal.ts';
import { familyOf } from './descriptions.ts';
import { mixSeed, RandomStream } from './random.ts';

/** Quantities are thousandths of the base unit, costs are ten-thousandths of the currency unit. */
export const QUANTITY_SCALE = 3;
export const COST_SCALE = 4;
export const UNIT = 1000;

export interface Item {
  readonly index: number;
  /** 18 characters. Most begin with zeros; the others lie beyond 2^53, where neighbours look alike to a double. */
  readonly code: string;
  /** The item as the WMS writes it: an old eight-digit number with a leading zero, or the code. */
  readonly wmsCode: string;
  readonly family: string;
  readonly abcClass: 'A' | 'B' | 'C';
  readonly baseUom: 'EA' | 'KG';
  readonly lotControlled: boolean;
  readonly unitCost: number;
  /** With two to four decimals, as the item was priced. */
  readonly unitCostText: string;
  /** Base units in one CASE and one PALLET; 0 where the item has no packs. */
  readonly caseFactor: number;
  readonly palletFactor: number;
  /** The ERP counts this item in cases, or the WMS its reserve locations, the other side in pieces. */
  readonly countedInCases: 'erp' | 'wms' | 'neither';
  /** Smallest step of the ERP's quantity, in thousandths of the base unit. */
  readonly erpStep: number;
  /** Smallest step of the WMS's quantity, in thousandths of the base unit. */
  readonly wmsStep: number;
}

const CASE_FACTORS = [6, 8, 10, 12, 20, 24, 48] as const;
const CASES_PER_PALLET = [20, 40, 48, 60] as const;
const PRICE_STEPS = [100, 100, 100, 100, 100, 10, 10, 1, 1, 1] as const;

export class Catalogue {
  readonly size: number;
  private readonly seed: number;
  private readonly random = new RandomStream();

  constructor(seed: number, size: number) {
    this.seed = seed;
    this.size = size;
  }

  item(index: number): Item {
    const random = this.random;
    random.reseed(mixSeed(this.seed, 1, index));
    const family = familyOf(index);
    const aliased = random.chance(0.3);
    const code = random.chance(0.1) ? `1045${pad(index * 3 + 1, 14)}` : pad(10_000_000 + index, 18);
    const step = random.pick(PRICE_STEPS);
    const unitCost = step * (1 + Math.floor((500 * 1.0136 ** random.below(680)) / step));
    const hasPacks = family.baseUom === 'EA';
    const caseFactor = hasPacks ? random.pick(CASE_FACTORS) : 0;
    const palletFactor = caseFactor * random.pick(CASES_PER_PALLET);
    const draw = random.below(100);
    const countedInCases = !hasPacks || draw >= 30 ? 'neither' : draw < 10 ? 'erp' : 'wms';
    const abcDraw = random.below(100);
    const baseStep = hasPacks ? UNIT : 1;
    return {
      index,
      code,
      wmsCode: aliased ? `0${4_000_000 + index}` : code,
      family: family.name,
      abcClass: abcDraw < 20 ? 'A' : abcDraw < 50 ? 'B' : 'C',
      baseUom: family.baseUom,
      lotControlled: family.lotControlled,
      unitCost,
      unitCostText: step === 1 ? formatFixed(unitCost, 4) : formatFixed(unitCost / step, step === 10 ? 3 : 2),
      caseFactor,
      palletFactor,
      countedInCases,
      erpStep: countedInCases === 'erp' ? caseFactor * UNIT : baseStep,
      wmsStep: baseStep,
    };
  }
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
