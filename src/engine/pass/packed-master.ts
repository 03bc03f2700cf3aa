/**
 * Packs what workers need of the master data into few large values: handing 200,000 small objects to a thread takes a
 * second, handing their texts as one takes some milliseconds. Never changes what they mean.
 */
import type { Decimal } from '../../core/model/decimal.ts';
import { emptyMasterData, type ItemRecord, type MasterData } from '../../core/normalize/master-data.ts';
import type { PackColumns } from '../../core/normalize/pack-table.ts';
import type { PlanInput } from '../../core/normalize/plan.ts';

/** Columns of texts, each joined into one. Item costs are left out but for whether there is one. */
export interface PackedMaster {
  readonly items: readonly string[];
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
      items: [
        join(records.map((record) => record.item)),
        join(records.map((record) => record.baseUom)),
        join(records.map((record) => record.family)),
        join(records.map((record) => record.abcClass)),
      ],
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

/** The plan again, with items whose costs are not known but for whether there is one, and without what the report says of them. */
export function unpackPlan({ master: packed, ...plan }: PackedPlan): PlanInput {
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

/** Items whose records are made when they are asked for. */
class UnpackedItems extends Map<string, ItemRecord> {
  private readonly names: readonly string[];
  private readonly columns: readonly (readonly string[])[];
  private readonly hasCost: Uint8Array;
  private readonly places: Map<string, number>;
  /** Records that were asked for: some are, for every row of a ledger. */
  private readonly made: (ItemRecord | undefined)[] = [];

  constructor(packed: PackedMaster) {
    super();
    this.columns = packed.items.map((text) => (packed.hasCost.length === 0 ? [] : text.split(SEPARATOR)));
    this.names = this.columns[0] as readonly string[];
    this.hasCost = packed.hasCost;
    this.places = new Map(this.names.map((name, place) => [name, place]));
  }

  private record(item: string, place: number): ItemRecord {
    const [, baseUnits = [], families = [], classes = []] = this.columns;
    return {
      item,
      description: '',
      baseUom: baseUnits[place] ?? '',
      unitCost: this.hasCost[place] ? SOME_COST : undefined,
      family: families[place] ?? '',
      abcClass: classes[place] ?? '',
      isSpecial: false,
      margin: undefined,
    };
  }

  override get(item: string): ItemRecord | undefined {
    const place = this.places.get(item);
    if (place === undefined) return undefined;
    const made = this.made[place];
    if (made !== undefined) return made;
    const record = this.record(item, place);
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
