/** Numbers the names of one run: sites, owners, statuses and items, the same for every input. Never decides what a code means. */
import type { ItemRecord, MasterData } from '../../core/normalize/master-data.ts';
import type { Plan } from '../../core/normalize/plan.ts';

/** Names by number, in the order in which they came. */
export class NameList {
  readonly names: string[];
  private readonly numbers: Map<string, number>;

  constructor(names: readonly string[] = []) {
    this.names = [...names];
    this.numbers = new Map(names.map((name, index) => [name, index]));
  }

  number(name: string): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.names.length;
      this.numbers.set(name, number);
      this.names.push(name);
    }
    return number;
  }
}

/** Items by number, and their signatures: items of one signature have the same units, family and class, so one answer serves all. */
export class ItemNumbers extends NameList {
  /** Signature of each item. */
  readonly signatures: number[] = [];
  /** One item of each signature. */
  readonly examples: string[] = [];
  private readonly master: MasterData;
  private readonly bySignature = new Map<string, number>();

  constructor(master: MasterData) {
    super();
    this.master = master;
  }

  override number(item: string): number {
    const number = super.number(item);
    if (number === this.signatures.length) this.signatures.push(this.signatureOf(item));
    return number;
  }

  private signatureOf(item: string): number {
    const { master } = this;
    const record: ItemRecord | undefined = master.items.get(item);
    const packs = master.packs.get(item);
    let text = record === undefined ? '' : `${record.family}\u0000${record.abcClass}\u0000${record.baseUom}`;
    if (packs !== undefined) {
      text += `\u0001${packs.baseUom}`;
      for (const [unit, factor] of packs.factors) text += `\u0000${unit}=${factor.coefficient}/${factor.scale}`;
    }
    let signature = this.bySignature.get(text);
    if (signature === undefined) {
      signature = this.examples.length;
      this.bySignature.set(text, signature);
      this.examples.push(item);
    }
    return signature;
  }
}

export interface RunNames {
  readonly plan: Plan;
  readonly sites: NameList;
  /** Number 0 is '', the owner of keys that do not tell owners apart. */
  readonly owners: NameList;
  readonly statuses: NameList;
  /** Family and ABC class. */
  readonly classes: NameList;
  readonly items: ItemNumbers;
  /** What the table known_items holds, once it is loaded. */
  knownItems: { readonly hasFiltered: boolean; readonly signatures: ReadonlySet<number> } | undefined;
}

/** Numbers the sites, owners, statuses and items of a run for the lookup tables. */
export function createRunNames(plan: Plan): RunNames {
  const items = new ItemNumbers(plan.master);
  // Number 0 is no item: rows without one need a signature, too.
  items.number('');
  return {
    plan,
    sites: new NameList(),
    owners: new NameList(['']),
    statuses: new NameList(),
    classes: new NameList(),
    items,
    knownItems: undefined,
  };
}
