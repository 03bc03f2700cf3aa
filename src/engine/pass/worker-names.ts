/**
 * Numbers the texts that one worker meets: sites, owners, statuses, items and costs. Items of the items file have the same
 * number in every worker; all other numbers are the worker's own until they are merged (see merge-names.ts).
 */
import type { Decimal } from '../../core/model/decimal.ts';
import type { ItemRecord } from '../../core/normalize/master-data.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import type { UnpackedItems } from './packed-master.ts';

export class NameTable {
  readonly names: string[] = [];
  private readonly ids = new Map<string, number>();

  id(name: string): number {
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.names.length;
      this.names.push(name);
      this.ids.set(name, id);
    }
    return id;
  }
}

/** Bits of ItemTable.flags; the number of the item's class stands above them. */
export const ITEM_OWNER_GRAIN = 1;
export const ITEM_LOT_GRAIN = 2;
/** The items file gives a cost, so the costs of balance rows do not matter. */
export const ITEM_VALUED = 4;
export const ITEM_FILTERED = 8;
export const ITEM_CLASS_SHIFT = 4;

/** Items by number: those of the items file in its order, then those that only balances name. */
export class ItemTable {
  readonly names: string[];
  readonly partitions: number[] = [];
  readonly flags: number[] = [];
  /** Number of each item's base unit in `baseUnits`; 0 where the items file gives none. */
  readonly bases: number[] = [];
  readonly baseUnits = new NameTable();
  /** family and ABC class of each class number. */
  readonly classNames: { readonly family: string; readonly abcClass: string }[] = [];
  readonly known: number;
  /** Of the items that the items file does not know. */
  private readonly ids = new Map<string, number>();
  private readonly master: UnpackedItems;
  private readonly classIds = new NameTable();
  private readonly plan: Plan;
  private readonly partitionCount: number;
  private readonly filter: ReadonlySet<string>;

  constructor(plan: Plan, master: UnpackedItems, partitionCount: number) {
    this.plan = plan;
    this.master = master;
    this.partitionCount = partitionCount;
    this.filter = new Set(plan.input.items);
    this.baseUnits.id('');
    this.names = [...master.names];
    this.known = this.names.length;
    this.describeKnown();
  }

  id(name: string): number {
    let id = this.master.placeOf(name) ?? this.ids.get(name);
    if (id === undefined) {
      id = this.names.length;
      this.names.push(name);
      this.ids.set(name, id);
      this.describe(name, undefined);
    }
    return id;
  }

  /** Whether the items file names it. */
  isKnown(name: string): boolean {
    return this.master.placeOf(name) !== undefined;
  }

  /** Of all items of a class and base unit but their names the same is said, so only one of them is described. */
  private describeKnown(): void {
    const { master, names } = this;
    const { texts, ids } = master.baseUoms;
    const examples = new Map<number, number>();
    for (let item = 0; item < this.known; item++) {
      const kind = (master.classOf(item) * texts.length + (ids[item] as number)) * 2 + (master.hasCost(item) ? 1 : 0);
      const example = examples.get(kind);
      if (example === undefined || this.filter.size > 0) {
        examples.set(kind, item);
        this.describe(names[item] as string, master.at(item));
      } else {
        this.bases.push(this.bases[example] as number);
        this.partitions.push(partitionOf(names[item] as string, this.partitionCount));
        this.flags.push(this.flags[example] as number);
      }
    }
  }

  private describe(name: string, record: ItemRecord | undefined): void {
    const family = record?.family ?? '';
    const abcClass = record?.abcClass ?? '';
    const klass = this.classIds.id(`${family}\u0000${abcClass}`);
    if (klass === this.classNames.length) this.classNames.push({ family, abcClass });
    this.bases.push(this.baseUnits.id(record?.baseUom ?? ''));
    const grain = this.plan.grainOf(family, abcClass);
    const filtered = this.filter.size > 0 && !this.filter.has(name);
    this.partitions.push(partitionOf(name, this.partitionCount));
    this.flags.push(
      (grain.owner ? ITEM_OWNER_GRAIN : 0) |
        (grain.lot ? ITEM_LOT_GRAIN : 0) |
        (record?.unitCost ? ITEM_VALUED : 0) |
        (filtered ? ITEM_FILTERED : 0) |
        (klass << ITEM_CLASS_SHIFT),
    );
  }
}

/** The same for the same item in every thread, so that both sides of it meet in one partition. */
export function partitionOf(item: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < item.length; at++) hash = Math.imul(hash ^ item.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % partitions;
}

/** What a worker sends of its numbering when it has read its part. */
export interface NamesOfWorker {
  readonly sites: readonly string[];
  readonly owners: readonly string[];
  readonly statuses: readonly string[];
  /** Only the items beyond those of the items file. */
  readonly unknownItems: readonly string[];
  readonly costs: readonly Decimal[];
}

export class WorkerNames {
  readonly sites = new NameTable();
  readonly owners = new NameTable();
  readonly statuses = new NameTable();
  readonly items: ItemTable;
  readonly costs: Decimal[] = [];
  private readonly costIds = new Map<string, number>();

  constructor(plan: Plan, items: UnpackedItems, partitionCount: number) {
    this.items = new ItemTable(plan, items, partitionCount);
  }

  costId(cost: Decimal): number {
    const name = `${cost.coefficient}e${cost.scale}`;
    let id = this.costIds.get(name);
    if (id === undefined) {
      id = this.costs.length;
      this.costs.push(cost);
      this.costIds.set(name, id);
    }
    return id;
  }

  export(): NamesOfWorker {
    return {
      sites: this.sites.names,
      owners: this.owners.names,
      statuses: this.statuses.names,
      unknownItems: this.items.names.slice(this.items.known),
      costs: this.costs,
    };
  }
}
