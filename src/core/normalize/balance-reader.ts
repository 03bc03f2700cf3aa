/**
 * Reads the balance columns of many rows of one source: each distinct code is looked up once, and plain quantities need no big
 * integers. Never decides: what it gives is what normalizeBalance gives, which is asked about everything that is not plain.
 */
import type { MappingResult } from '../mapping/mapping-rule.ts';
import { UNMAPPED } from '../model/balance.ts';
import { powerOfTen, SCALED_MAX } from '../model/decimal.ts';
import { itemCode, resolveOwner, resolveSite } from './master-data.ts';
import {
  aliasSystemOf,
  type BalanceOutcome,
  type BalanceRow,
  normalizeBalance,
  type SourceRules,
} from './normalize-balance.ts';
import type { Grain, Plan } from './plan.ts';
import { normalizeText } from './text.ts';
import { resolveConversion } from './unit.ts';

/** A conversion by a whole factor. */
interface PlainConversion {
  readonly factor: number;
  readonly isCounted: boolean;
}

/** What is known of an item before a row's own unit is. */
interface KnownItem {
  readonly item: string;
  readonly grain: Grain;
  /** By unit as the rows write it; undefined is a unit that needs the long way. */
  readonly conversions: Map<string | undefined, PlainConversion | undefined>;
}

/** More distinct texts than this are no codes: they are forgotten, and the memory stays bounded. */
const CODES_MAX = 200_000;
/** So many digits are exact in a number. */
const DIGITS_MAX = 15;
const POINT = 46;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;

export class BalanceReader {
  private readonly source: SourceRules;
  private readonly plan: Plan;
  private readonly aliasSystem: string;
  private readonly isPlain: boolean;
  /** undefined: the site is not in scope. */
  private readonly sites = new Map<string, string | undefined>();
  private readonly items = new Map<string, KnownItem | undefined>();
  private readonly owners = new Map<string, string>();
  private readonly statuses = new Map<string, { readonly status: string; readonly category: number } | undefined>();

  constructor(source: SourceRules, plan: Plan) {
    const { constants, numberFormat, system } = source;
    this.source = source;
    this.plan = plan;
    this.aliasSystem = aliasSystemOf(source);
    const writesPoints = numberFormat.thousands === undefined && (numberFormat.decimal ?? '.') === '.';
    const isMappedByStatus = plan.map.dimensions[system]?.length === 0;
    this.isPlain = Object.keys(constants).length === 0 && writesPoints && isMappedByStatus;
  }

  /** As normalizeBalance reads the row. */
  read(row: BalanceRow): BalanceOutcome {
    return (this.isPlain ? this.readPlain(row) : undefined) ?? normalizeBalance(row, this.source, this.plan);
  }

  /** undefined where the row is no balance, or anything about it is not plain. */
  private readPlain(row: BalanceRow): BalanceOutcome | undefined {
    if (row['currency'] !== undefined || row.unit_cost !== undefined) return undefined;
    const site = this.siteOf(row.site ?? '');
    const known = this.itemOf(row.item ?? '');
    if (site === undefined || known === undefined || !this.plan.keeps(site, known.item)) return undefined;
    const mapped = this.statusOf(row.status ?? '');
    const quantity = this.quantityOf(row.quantity ?? '', this.conversionOf(known, row.uom));
    if (mapped === undefined || Number.isNaN(quantity)) return undefined;
    const { grain, item } = known;
    const { role, system } = this.source;
    return {
      kind: 'balance',
      balance: {
        role,
        system,
        site,
        item,
        owner: grain.owner ? this.ownerOf(row.owner ?? '') : '',
        lot: grain.lot ? normalizeText(row.lot ?? '') : '',
        status: mapped.status,
        category: mapped.category,
        quantity,
      },
      unitCost: undefined,
      costFault: undefined,
    };
  }

  private siteOf(raw: string): string | undefined {
    return remembered(this.sites, raw, () => {
      const { plan, source } = this;
      const site = resolveSite(this.aliasSystem, raw, plan.master);
      return plan.siteScope(source.system, source.role, site) === 'in-scope' ? site : undefined;
    });
  }

  private itemOf(raw: string): KnownItem | undefined {
    return remembered(this.items, raw, () => {
      const { plan } = this;
      const code = itemCode(raw, plan.master);
      if (code === '') return undefined;
      const item = plan.master.itemAliases.get(this.aliasSystem)?.get(code) ?? code;
      const record = plan.master.items.get(item);
      return { item, grain: plan.grainOf(record?.family ?? '', record?.abcClass ?? ''), conversions: new Map() };
    });
  }

  private ownerOf(raw: string): string {
    return remembered(this.owners, raw, () => resolveOwner(this.aliasSystem, raw, this.plan.master));
  }

  /** undefined where the status is left out on purpose. */
  private statusOf(raw: string): { readonly status: string; readonly category: number } | undefined {
    return remembered(this.statuses, raw, () => {
      const status = normalizeText(raw);
      const mapped: MappingResult = this.plan.map.resolve(this.source.system, this.source.role, { status });
      if (mapped.kind === 'ignored') return undefined;
      return { status, category: mapped.kind === 'category' ? mapped.index : UNMAPPED };
    });
  }

  private conversionOf({ item, conversions }: KnownItem, uom: string | undefined): PlainConversion | undefined {
    return remembered(conversions, uom, () => {
      const { master } = this.plan;
      const unit = uom === undefined ? undefined : normalizeText(uom);
      const conversion = resolveConversion(item, master.items.get(item), unit, master);
      if (!conversion.ok) return undefined;
      const { factor, counted } = conversion.value;
      if (factor.scale !== 0 || factor.coefficient > BigInt(SCALED_MAX)) return undefined;
      return { factor: Number(factor.coefficient), isCounted: counted };
    });
  }

  /** In base units, scaled; NaN where the text is not plain digits with a point, or more than a number holds exactly. */
  private quantityOf(raw: string, conversion: PlainConversion | undefined): number {
    if (conversion === undefined) return Number.NaN;
    const { length } = raw;
    const isNegative = raw.charCodeAt(0) === MINUS;
    const first = isNegative ? 1 : 0;
    if (length === first || length - first > DIGITS_MAX) return Number.NaN;
    let coefficient = 0;
    let point = -1;
    for (let at = first; at < length; at++) {
      const char = raw.charCodeAt(at);
      if (char === POINT && point < 0 && at > first && at + 1 < length) point = at;
      else if (char >= ZERO && char <= NINE) coefficient = coefficient * 10 + (char - ZERO);
      else return Number.NaN;
    }
    const decimals = point < 0 ? 0 : length - point - 1;
    const base = scaledBase(
      coefficient * conversion.factor,
      decimals,
      this.plan.quantityDecimals,
      conversion.isCounted,
    );
    // There is no −0 among quantities.
    return isNegative && base !== 0 ? -base : base;
  }
}

/** `product` / 10^decimals scaled by 10^scale; NaN where it is not exact, or a part of a unit that is counted. */
function scaledBase(product: number, decimals: number, scale: number, isCounted: boolean): number {
  if (product > SCALED_MAX) return Number.NaN;
  if (isCounted && decimals > 0 && product % TENS(decimals) !== 0) return Number.NaN;
  if (decimals > scale) {
    const divisor = TENS(decimals - scale);
    return product % divisor === 0 ? product / divisor : Number.NaN;
  }
  const scaled = product * TENS(scale - decimals);
  return scaled > SCALED_MAX ? Number.NaN : scaled;
}

const TENS = (exponent: number): number => POWERS[exponent] as number;
const POWERS = Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => Number(powerOfTen(exponent)));

function remembered<Name, T>(known: Map<Name, T>, name: Name, find: () => T): T {
  const value = known.get(name);
  if (value !== undefined || known.has(name)) return value as T;
  if (known.size >= CODES_MAX) known.clear();
  const found = find();
  known.set(name, found);
  return found;
}
