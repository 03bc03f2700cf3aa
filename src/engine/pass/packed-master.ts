/**
 * Packs what workers need of the master data into few large values: handing 200,000 small objects to a thread takes a
 * second, handing their texts as one takes some milliseconds. Never changes what they mean.
 */
import type { Decimal } from '../../core/model/decimal.ts';
import { emptyMasterData, type ItemRecord, type MasterData } from '../../core/normalize/master-data.ts';
import type { PackColumns } from '../../core/normalize/pack-table.ts';
import type { PlanInput } from '../../core/normalize/plan.ts';

/** A column of few distinct texts: the texts, and which of them each item has. */
interface PackedColumn {
  readonly texts: readonly string[];
  readonly ids: Int32Array;
}

/** Item codes joined into one text. Item costs are left out but for whether there is one. */
export interface PackedMaster {
  readonly items: string;
  readonly baseUoms: PackedColumn;
  readonly families: PackedColumn;
  readonly abcClasses: PackedColumn;
  readonly hasCost: Uint8Array;
  readonly packs: PackColumns;
  readonly itemAliases: readonly (readonly [string, string, string])[];
  readonly siteAliases: MasterData['siteAliases'];
  readonly ownerAliases: MasterData['ownerAliases'];
  readonly baseUom: string;
  readonly itemCase: 'exact' | 'upper';
  readonly currency: string;
}

export type PackedPlan = Omit<PlanInput, 'master'> & { readonly master: PackedMaster };

/** Between texts; no code holds it, since files with NUL bytes are refused. */
const SEPARATOR = '\u0000';

const SOME_COST: Decimal = { coefficient: 1n, scale: 0 };

/** Packs a plan for another thread; `unpackPlan` is its inverse but for costs and descriptions. */
export function packPlan({ master, ...plan }: PlanInput): PackedPlan {
  const records = [...master.items.values()];
  const join = (texts: readonly string[]): string => texts.join(SEPARATOR);
  return {
    ...plan,
    master: {
      items: join([...master.items.keys()]),
      baseUoms: packColumn(records, ({ baseUom }) => baseUom),
      families: packColumn(records, ({ family }) => family),
      abcClasses: packColumn(records, ({ abcClass }) => abcClass),
      hasCost: Uint8Array.from(records, (record) => (record.unitCost ? 1 : 0)),
      packs: master.packs.toColumns(),
      itemAliases: [...master.itemAliases].map(
        ([system, aliases]) => [system, join([...aliases.keys()]), join([...aliases.values()])] as const,
      ),
      siteAliases: master.siteAliases,
      ownerAliases: master.ownerAliases,
      baseUom: master.baseUom,
      itemCase: master.itemCase,
      currency: master.currency,
    },
  };
}

/** A plan whose items can be asked for by their place. */
interface UnpackedPlan extends PlanInput {
  readonly master: MasterData & { readonly items: UnpackedItems };
}

/** The plan again, with items whose costs are not known but for whether there is one, and without what the report says of them. */
export function unpackPlan({ master: packed, ...plan }: PackedPlan): UnpackedPlan {
  const master = {
    ...emptyMasterData(packed.baseUom, packed.itemCase, packed.currency),
    items: new UnpackedItems(packed),
    siteAliases: packed.siteAliases,
    ownerAliases: packed.ownerAliases,
  };
  master.packs.load(packed.packs);
  for (const [system, aliases, names] of packed.itemAliases) {
    const targets = split(names);
    master.itemAliases.set(system, new Map(split(aliases).map((alias, index) => [alias, targets[index] ?? ''])));
  }
  return { ...plan, master };
}

/** No alias and no item is an empty text, so an empty text is no texts. */
function split(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(SEPARATOR);
}

function packColumn(records: readonly ItemRecord[], textOf: (record: ItemRecord) => string): PackedColumn {
  const known = new Map<string, number>();
  const ids = Int32Array.from(records, (record) => {
    const text = textOf(record);
    const id = known.get(text) ?? known.size;
    if (id === known.size) known.set(text, id);
    return id;
  });
  return { texts: [...known.keys()], ids };
}

/** Items whose records are made when they are asked for. By place, in the order of the items file. */
export class UnpackedItems extends Map<string, ItemRecord> {
  readonly names: readonly string[];
  private readonly packed: PackedMaster;
  private readonly places: Map<string, number>;
  /** Records that were asked for: some are, for every row of a ledger. */
  private readonly made: (ItemRecord | undefined)[] = [];

  constructor(packed: PackedMaster) {
    super();
    this.packed = packed;
    this.names = packed.hasCost.length === 0 ? [] : packed.items.split(SEPARATOR);
    this.places = new Map();
    for (let place = 0; place < this.names.length; place++) this.places.set(this.names[place] as string, place);
  }

  placeOf(item: string): number | undefined {
    return this.places.get(item);
  }

  /** The base unit of each item: one text for each number. */
  get baseUoms(): PackedColumn {
    return this.packed.baseUoms;
  }

  hasCost(place: number): boolean {
    return this.packed.hasCost[place] === 1;
  }

  /** One number for all items of a family and ABC class. */
  classOf(place: number): number {
    const { families, abcClasses } = this.packed;
    return (families.ids[place] as number) * abcClasses.texts.length + (abcClasses.ids[place] as number);
  }

  private record(item: string, place: number): ItemRecord {
    const { baseUoms, families, abcClasses } = this.packed;
    const textOf = ({ texts, ids }: PackedColumn): string => texts[ids[place] as number] as string;
    return {
      item,
      description: '',
      baseUom: textOf(baseUoms),
      unitCost: this.hasCost(place) ? SOME_COST : undefined,
      family: textOf(families),
      abcClass: textOf(abcClasses),
      isSpecial: false,
      margin: undefined,
    };
  }

  override get(item: string): ItemRecord | undefined {
    const place = this.places.get(item);
    return place === undefined ? undefined : this.at(place);
  }

  /** The record of the item at a place. */
  at(place: number): ItemRecord {
    const made = this.made[place];
    if (made !== undefined) return made;
    const record = this.record(this.names[place] as string, place);
    this.made[place] = record;
    return record;
  }

  override *keys(): MapIterator<string> {
    yield* this.names;
  }

  override *[Symbol.iterator](): MapIterator<[string, ItemRecord]> {
    for (const [place, name] of this.names.entries()) yield [name, this.record(name, place)];
  }
}
