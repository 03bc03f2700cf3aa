/** Merges the numberings of all workers into one. Never changes a name. */
import type { Decimal } from '../../core/model/decimal.ts';
import { Failure } from '../../core/model/failure.ts';
import { type NamesOfWorker, NameTable } from './worker-names.ts';

/** All names of a run by number; items of the items file come first. */
export interface RunNames {
  readonly sites: readonly string[];
  readonly owners: readonly string[];
  readonly statuses: readonly string[];
  readonly items: readonly string[];
  readonly costs: readonly Decimal[];
}

/** From a worker's numbers to those of the run. Items count from the first one that the items file does not know. */
export interface NameMap {
  readonly sites: Int32Array;
  readonly owners: Int32Array;
  readonly statuses: Int32Array;
  readonly items: Int32Array;
  readonly firstCost: number;
}

/** Rows keep sites, owners and statuses in 16 bits. */
const NAMES_MAX = 65_536;

/** One numbering for all workers, and the way to it from each worker's own, in their order. Throws where there are too many names. */
export function mergeNames(
  knownItems: readonly string[],
  workers: readonly NamesOfWorker[],
): { names: RunNames; maps: NameMap[] } {
  const sites = new NameTable();
  const owners = new NameTable();
  const statuses = new NameTable();
  const unknown = new NameTable();
  const costs: Decimal[] = [];
  const maps = workers.map((worker) => {
    const firstCost = costs.length;
    for (const cost of worker.costs) costs.push(cost);
    return {
      sites: Int32Array.from(worker.sites, (name) => sites.id(name)),
      owners: Int32Array.from(worker.owners, (name) => owners.id(name)),
      statuses: Int32Array.from(worker.statuses, (name) => statuses.id(name)),
      items: Int32Array.from(worker.unknownItems, (name) => knownItems.length + unknown.id(name)),
      firstCost,
    };
  });
  for (const [what, table] of [
    ['sites', sites],
    ['owners', owners],
    ['stock statuses', statuses],
  ] as const) {
    if (table.names.length >= NAMES_MAX)
      throw new Failure(
        'refused',
        'TOO_MANY_CODES',
        `${table.names.length} different ${what}; at most ${NAMES_MAX - 1} are read`,
        `Check which column is mapped to ${what}.`,
      );
  }
  const items = unknown.names.length === 0 ? knownItems : [...knownItems, ...unknown.names];
  return { names: { sites: sites.names, owners: owners.names, statuses: statuses.names, items, costs }, maps };
}
