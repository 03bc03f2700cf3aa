/**
 * Decides what is available of an item at a site on both sides, and which lines of the report a difference there is made of.
 * Lots and owners add up, since demand knows neither. Never prices anything.
 */
import type { AvailableUnits } from './service-impact.ts';

/** One key as the sums need it; quantities are scaled integers. */
export interface AvailableKey {
  readonly site: string;
  readonly item: string;
  readonly category: number;
  readonly erp: number;
  readonly wms: number;
  readonly inFlight: number;
}

/** Available units of an item at a site in keys on which both sides agree; scaled. */
export type AgreedOf = (site: string, item: string) => number;

const NONE = -1;

class PlaceNames {
  private readonly bySite = new Map<string, Map<string, number>>();

  /** The number of the place; `next` where it had none. */
  place(site: string, item: string, next: number): number {
    let items = this.bySite.get(site);
    if (items === undefined) {
      items = new Map();
      this.bySite.set(site, items);
    }
    const known = items.get(item);
    if (known === undefined) items.set(item, next);
    return known ?? next;
  }
}

/**
 * The places, numbered from 0, of which some line of an available category is in the report; a place is an item at a site.
 * Kept as columns of numbers: a million small objects take longer to keep than to make.
 */
export class AvailablePlaces {
  /** How many places there are. */
  readonly count: number;
  private readonly placeOfLine: Int32Array;
  private readonly firstLine: Int32Array;
  private readonly nextLine: Int32Array;
  private readonly erp: Float64Array;
  private readonly wms: Float64Array;

  /** `agreedOf` gives the available units of a place beside its lines; undefined where a place has one key only. */
  constructor(lines: readonly AvailableKey[], available: ReadonlySet<number>, agreedOf: AgreedOf | undefined) {
    this.placeOfLine = new Int32Array(lines.length).fill(NONE);
    this.firstLine = new Int32Array(lines.length).fill(NONE);
    this.nextLine = new Int32Array(lines.length).fill(NONE);
    this.erp = new Float64Array(lines.length);
    this.wms = new Float64Array(lines.length);
    const names = agreedOf === undefined ? undefined : new PlaceNames();
    let count = 0;
    // From the last line to the first, so that each place lists its lines in their order.
    for (let position = lines.length - 1; position >= 0; position--) {
      const line = lines[position] as AvailableKey;
      if (!available.has(line.category)) continue;
      const place = names?.place(line.site, line.item, count) ?? count;
      if (place === count) {
        count++;
        this.erp[place] = this.wms[place] = agreedOf?.(line.site, line.item) ?? 0;
      }
      this.placeOfLine[position] = place;
      this.nextLine[position] = this.firstLine[place] as number;
      this.firstLine[place] = position;
      this.add(place, line);
    }
    this.count = count;
  }

  /** What is in flight will be in the ERP, so it counts there already: WMS − ERP is then the net variance. */
  private add(place: number, { erp, wms, inFlight }: AvailableKey): void {
    this.erp[place] = (this.erp[place] as number) + erp + inFlight;
    this.wms[place] = (this.wms[place] as number) + wms;
  }

  /** The place of a line of an available category; undefined for other lines. */
  ofLine(position: number): number | undefined {
    const place = this.placeOfLine[position] as number;
    return place === NONE ? undefined : place;
  }

  firstOf(place: number): number {
    return this.firstLine[place] as number;
  }

  /** Positions of the lines of a place, in their order. */
  linesOf(place: number): number[] {
    const positions: number[] = [];
    for (let at = this.firstLine[place] as number; at !== NONE; at = this.nextLine[at] as number) positions.push(at);
    return positions;
  }

  unitsOf(place: number): AvailableUnits {
    return { erp: this.erp[place] as number, wms: this.wms[place] as number };
  }
}
