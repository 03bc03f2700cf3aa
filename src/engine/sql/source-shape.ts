/** What is known of one input once its distinct codes were resolved: all that the statement builder needs. Never data itself. */

/** What became of a row, as the engine's statements number it. */
export const FATE = {
  accepted: 0,
  rejected: 1,
  outOfScope: 2,
  filtered: 3,
  ignored: 4,
  judged: 5,
  unknownItem: 6,
} as const;

/** Codes of an item lookup that are no item. */
export const ITEM_BLANK = -1;
export const ITEM_FILTERED = -2;

/** Codes of a slot that are no category: the status is ignored; an unmapped status is UNMAPPED_FIRST − its number. */
export const SLOT_IGNORED = -1;
export const UNMAPPED_FIRST = -2;

/** Decimals at which quantities that are no exact column type are held. */
export const TEXT_SCALE = 6;

/** How numbers are packed into one key; the same for every input of a run. */
export interface KeyLayout {
  readonly sites: number;
  readonly owners: number;
  readonly categories: number;
  /** Normalised native statuses, those that no category takes among them. */
  readonly statuses: number;
  /** BIGINT, or HUGEINT where the keys need more than 62 bits. */
  readonly keyType: 'BIGINT' | 'HUGEINT';
}

export interface QuantityShape {
  /** The raw whole number in `v`: an expression over the row, or undefined where it is looked up by its text. */
  readonly exact: string | undefined;
  readonly hasNulls: boolean;
  /** Some texts are faults, or are left to the core. */
  readonly hasStates: boolean;
  readonly hasNegative: boolean;
  /** The product of quantity and factor may exceed 64 bits. */
  readonly isWide: boolean;
  /** Some quantity may exceed what is exact. */
  readonly mayExceed: boolean;
  /** The sum over all rows fits 64 bits. */
  readonly isSumNarrow: boolean;
  readonly hasDivisors: boolean;
  /** Some quantity must be a multiple of something. */
  readonly hasUnits: boolean;
}

export interface SourceShape {
  readonly index: number;
  /** Rows as c0, c1 … with their number r. */
  readonly relation: string;
  /** Canonical name → text of the cell, as an expression over row `r`; as_of stands for the column of cut-offs. */
  readonly texts: ReadonlyMap<string, string>;
  readonly columnCount: number;
  readonly hasFaults: boolean;
  /** Columns with a constant of which some value is another. */
  readonly mismatches: readonly string[];
  /** Some cut-off cannot be read. */
  readonly hasBadTimes: boolean;
  readonly site: {
    readonly constant: { readonly site: number; readonly scope: number } | undefined;
    readonly hasScopes: boolean;
    readonly isCleaned: boolean;
  };
  readonly item: {
    readonly mayMiss: boolean;
    readonly hasBlank: boolean;
    readonly hasFiltered: boolean;
    readonly isCleaned: boolean;
  };
  /** Number of the owner in every key, or undefined where it is looked up. */
  readonly ownerConstant: number | undefined;
  /** Which items keep owner and lot apart. */
  readonly ownerGrain: 'all' | 'none' | 'some';
  readonly lotGrain: 'all' | 'none' | 'some';
  readonly lotConstant: string;
  readonly slot: {
    readonly columns: readonly string[];
    readonly usesClass: boolean;
    readonly hasIgnored: boolean;
    readonly hasUnmapped: boolean;
    readonly isCleaned: boolean;
  };
  readonly hasUnitColumn: boolean;
  readonly unitCount: number;
  readonly hasConversionFaults: boolean;
  readonly quantity: QuantityShape;
  /** Columns that tell rows of one key apart, as positions; empty where only site, item, lot and owner exist. */
  readonly distinguishing: readonly number[];
  /** Some unit cost cannot be read. */
  readonly hasCostFaults: boolean;
  /** Which rows give a cost in another currency than the run's: it does not count. */
  readonly foreignCurrency: 'all' | 'none' | 'some';
}
