/**
 * Decides which native stock statuses the two systems have, what each is to the other, and to which category it belongs.
 * Never decides what evenstock.yaml says of them: a status that is missing there is a fault, planted elsewhere.
 */
import type { RandomStream } from '../random.ts';

/** What goods in the warehouse can be. `WmsStatus` names the state, the scheme the word that the WMS has for it. */
export const WMS_STATES = ['available', 'picked', 'receiving', 'quality', 'damaged', 'hold'] as const;
export type WmsState = (typeof WMS_STATES)[number];

export interface StockScheme {
  readonly categories: readonly string[];
  readonly wmsNames: Readonly<Record<WmsState, string>>;
  /** The ERP's native status for goods in each state. */
  readonly erpNames: Readonly<Record<WmsState, string>>;
  /** Position in `categories`. */
  readonly categoryOf: Readonly<Record<WmsState, number>>;
}

/** The ERP's status for goods that the WMS holds in one of its own. */
export function erpStatusOf(scheme: StockScheme, wmsStatus: string): string {
  return scheme.erpNames[stateOf(scheme, wmsStatus)];
}

/** Category of a native status of either system. */
export function categoryOfStatus(scheme: StockScheme, status: string): number {
  const state = WMS_STATES.find((each) => scheme.wmsNames[each] === status || scheme.erpNames[each] === status);
  return scheme.categoryOf[state!];
}

function stateOf(scheme: StockScheme, wmsStatus: string): WmsState {
  return WMS_STATES.find((state) => scheme.wmsNames[state] === wmsStatus)!;
}

const WORDS: readonly Readonly<Record<WmsState, string>>[] = [
  {
    available: 'AVAILABLE',
    picked: 'PICKED',
    receiving: 'PENDING PUTAWAY',
    quality: 'QUALITY',
    damaged: 'DAMAGED',
    hold: 'HOLD',
  },
  { available: 'AVL', picked: 'PCK', receiving: 'RCV', quality: 'QI', damaged: 'DMG', hold: 'HLD' },
  {
    available: 'Available',
    picked: 'Picked',
    receiving: 'Receiving Dock',
    quality: 'Quality Inspection',
    damaged: 'Damaged',
    hold: 'Supervisor Hold',
  },
];

const two = (rest: string): StockScheme['erpNames'] => ({
  available: 'UNRESTRICTED',
  picked: 'UNRESTRICTED',
  receiving: rest,
  quality: rest,
  damaged: rest,
  hold: rest,
});
const THREE: StockScheme['erpNames'] = {
  available: 'UNRESTRICTED',
  picked: 'UNRESTRICTED',
  receiving: 'QUALITY INSPECTION',
  quality: 'QUALITY INSPECTION',
  damaged: 'BLOCKED',
  hold: 'BLOCKED',
};
const TWO_CATEGORIES = { available: 0, picked: 0, receiving: 1, quality: 1, damaged: 1, hold: 1 };
const THREE_CATEGORIES = { available: 0, picked: 0, receiving: 1, quality: 1, damaged: 2, hold: 2 };

/** Sellable goods and the rest. */
export const USUAL_SCHEME: StockScheme = {
  categories: ['available', 'unavailable'],
  wmsNames: WORDS[0]!,
  erpNames: two('UNAVAILABLE'),
  categoryOf: TWO_CATEGORIES,
};

/** Most worlds have the usual scheme, some in other words; others tell inspection from blocked goods, some only in the ERP's own words. */
export function drawScheme(random: RandomStream): StockScheme {
  const wmsNames = random.pick(WORDS);
  const draw = random.below(10);
  if (draw < 6) return { ...USUAL_SCHEME, wmsNames };
  if (draw < 8)
    return { categories: ['available', 'unavailable'], wmsNames, erpNames: THREE, categoryOf: TWO_CATEGORIES };
  return { categories: ['available', 'quality', 'blocked'], wmsNames, erpNames: THREE, categoryOf: THREE_CATEGORIES };
}
