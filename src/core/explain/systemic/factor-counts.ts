/**
 * Counts how many documents had each factor, failing or not, while the rows of both ledgers and the message log pass by once.
 * Several threads may count, each for itself, and merge. Never knows which documents failed.
 */
import { type Attributes, PopulationCounts, type PopulationData } from './population-counts.ts';

/**
 * What is counted: rows of the books that a document can stand in; for a wrong pack factor, messages that speak of packs, and WMS
 * rows of a whole number of them; for faults of master data, the items themselves, once each. A share is formed within one.
 */
export const POPULATIONS = ['wms', 'erp', 'messages', 'packs', 'whole-packs', 'items'] as const;
export type Population = (typeof POPULATIONS)[number];

/** One row of a ledger or of the message log. '' where it lacks an attribute. */
export interface CountedDocument extends Attributes {
  /** Its reference, else its message or movement. */
  readonly document: string;
  readonly item: string;
  /** Posted or sent. */
  readonly at: number;
}

export type FactorCountsData = Readonly<Record<Population, PopulationData>>;

/** Rows of which it is remembered that they were counted. */
const RECENT = 1 << 16;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export class FactorCounts {
  readonly populations = byPopulation(() => new PopulationCounts());
  private readonly recent = new Uint32Array(RECENT);

  /**
   * Counts one line: a document and item with their attributes. Rows that repeat it soon after, such as the picks of one
   * order line, are not counted again.
   */
  countDocument(population: Population, row: CountedDocument): void {
    let hash = hashOf(population, FNV_START);
    hash = hashOf(row.document, hash);
    hash = hashOf(row.item, hash);
    hash = hashOf(row.batch, hash);
    hash = hashOf(row.file, hash);
    hash = hashOf(row.status, hash);
    // 0 is an empty place.
    hash = hashOf(row.type, hash) || 1;
    if (this.recent[hash % RECENT] === hash) return;
    this.recent[hash % RECENT] = hash;
    this.populations[population].add(row, row.at);
  }

  toData(): FactorCountsData {
    return byPopulation((population) => this.populations[population].toData());
  }

  merge(data: FactorCountsData): void {
    for (const population of POPULATIONS) this.populations[population].merge(data[population]);
  }
}

function byPopulation<T>(make: (population: Population) => T): Readonly<Record<Population, T>> {
  return Object.fromEntries(POPULATIONS.map((population) => [population, make(population)])) as Record<Population, T>;
}

/** FNV-1a, going on from the hash of what came before; the break between two texts counts as a character. */
function hashOf(text: string, before: number): number {
  let hash = Math.imul(before, FNV_PRIME);
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return hash >>> 0;
}
