/**
 * Resolves the distinct codes of one input through the core and hands the answers back as lookup tables of numbers.
 * Never decides what a code means: every answer is the core's.
 */

import { isForeignCurrency, itemCode, resolveOwner, resolveSite } from '../../core/normalize/master-data.ts';
import { aliasSystemOf, parseUnitCost } from '../../core/normalize/normalize-balance.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { type Moment, parseTime } from '../../core/normalize/time.ts';
import { numberReader, type OpenSource } from './open-source.ts';
import { numberUnits, resolveConversions } from './resolve-conversions.ts';
import { holdQuantities, quantityShape } from './resolve-quantity.ts';
import { resolveSlots } from './resolve-slots.ts';
import type { RunNames } from './run-names.ts';
import type { Session } from './session.ts';
import { FATE, ITEM_BLANK, ITEM_FILTERED, type SourceShape } from './source-shape.ts';
import { distinctTexts, joinKnownItems, lookupTable } from './statement-builder.ts';

export interface ResolvedSource {
  readonly source: OpenSource;
  readonly shape: SourceShape;
  readonly asOf: { readonly first: number; readonly last: number; readonly lastText: string } | undefined;
}

const ITEM_COLUMNS = [
  ['raw', 'VARCHAR'],
  ['item', 'INTEGER'],
  ['signature', 'INTEGER'],
] as const;

/** From this many rows per known item on, looking codes up among all known ones is cheaper than listing those that occur. */
const ROWS_PER_KNOWN_ITEM = 4;

/** `listItems`: look at every item code that occurs, also where the known ones would do. */
export async function resolveSource(
  session: Session,
  source: OpenSource,
  names: RunNames,
  listItems: boolean,
): Promise<ResolvedSource> {
  return new SourceResolver(session, source, names).resolve(listItems);
}

class SourceResolver {
  private readonly session: Session;
  private readonly source: OpenSource;
  private readonly names: RunNames;

  constructor(session: Session, source: OpenSource, names: RunNames) {
    this.session = session;
    this.source = source;
    this.names = names;
  }

  async resolve(listItems: boolean): Promise<ResolvedSource> {
    const { session, source, names } = this;
    session.readingFrom(source.isParquet ? source.input : undefined);
    const mismatches = await this.resolveConstants();
    const times = await this.resolveTimes();
    const site = await this.resolveSites();
    const item = await this.resolveItems(listItems);
    const units = await this.resolveUnits(item.signatures);
    const held = await holdQuantities(session, source);
    const conversions = resolveConversions(item.signatures, units, held.scale, names);
    await this.lookup(
      'conversion',
      [
        ['code', 'INTEGER'],
        ['factor', 'BIGINT'],
        ['multiple', 'BIGINT'],
        ['divisor', 'BIGINT'],
        ['fate', 'INTEGER'],
        ['lot_grain', 'INTEGER'],
        ['owner_grain', 'INTEGER'],
        ['class', 'INTEGER'],
      ],
      [
        conversions.codes,
        conversions.factors,
        conversions.multiples,
        conversions.divisors,
        conversions.fates,
        conversions.lotGrains,
        conversions.ownerGrains,
        conversions.classes,
      ],
    ); // prettier-ignore
    const ownerGrain = shareOf(conversions.ownerGrains);
    const lotGrain = shareOf(conversions.lotGrains);
    const slot = await resolveSlots(session, source, names, new Set(conversions.classes));
    const shape: SourceShape = {
      index: source.index,
      relation: source.relation,
      texts: source.texts,
      columnCount: source.types.length,
      hasFaults: source.hasFaults,
      mismatches,
      hasBadTimes: times.hasBad,
      site,
      item,
      ownerConstant: await this.resolveOwners(ownerGrain !== 'none'),
      ownerGrain,
      lotGrain,
      lotConstant: normalizeText(source.input.rules.constants['lot'] ?? ''),
      slot,
      hasUnitColumn: source.texts.has('uom'),
      unitCount: units.length,
      hasConversionFaults: conversions.fates.some((fate) => fate !== FATE.accepted),
      quantity: quantityShape(held, conversions, source.rows),
      distinguishing: this.distinguishing(ownerGrain, lotGrain),
      hasCostFaults: await this.resolveCosts(),
      foreignCurrency: await this.resolveCurrencies(),
    };
    return { source, shape, asOf: times.asOf };
  }

  private constant(column: string): string {
    return this.source.input.rules.constants[column] ?? '';
  }

  /** Distinct texts of a column; undefined where the source lacks it. */
  private async texts(column: string): Promise<(string | null)[] | undefined> {
    const text = this.source.texts.get(column);
    if (text === undefined) return undefined;
    const found: (string | null)[] = [];
    await this.session.columns(distinctTexts(this.source.relation, [text]), ([texts = []]) => {
      for (const raw of texts) found.push(raw as string | null);
    });
    return found;
  }

  private lookup(
    name: string,
    ...table: [columns: Parameters<Session['createTable']>[1], values: Parameters<Session['createTable']>[2]]
  ): Promise<void> {
    return this.session.createTable(lookupTable(this.source.index, name), ...table);
  }

  /** Columns whose rows must all say what the source declares, and of which some say something else. */
  private async resolveConstants(): Promise<string[]> {
    const mismatched: string[] = [];
    for (const [column, expected] of Object.entries(this.source.input.rules.constants)) {
      const others =
        (await this.texts(column))?.filter((raw) => normalizeText(raw ?? '') !== normalizeText(expected)) ?? [];
      if (others.length === 0) continue;
      await this.lookup(
        `mismatch${mismatched.length}`,
        [
          ['raw', 'VARCHAR'],
          ['found', 'INTEGER'],
        ],
        [others, others.map(() => 1)],
      );
      mismatched.push(column);
    }
    return mismatched;
  }

  private async resolveTimes(): Promise<{ hasBad: boolean; asOf: ResolvedSource['asOf'] }> {
    const { input } = this.source;
    if (input.asOfColumn === undefined) return { hasBad: false, asOf: undefined };
    const bad: [string | null, number][] = [];
    let first: Moment | undefined;
    let last: Moment | undefined;
    for (const raw of (await this.texts('as_of')) ?? []) {
      const time = parseTime((raw ?? '').trim(), input.timeFormat);
      if (!time.ok) bad.push([raw, time.fault.scope === 'file' ? FATE.judged : FATE.rejected]);
      else {
        if (first === undefined || time.value.epochMs < first.epochMs) first = time.value;
        if (last === undefined || time.value.epochMs > last.epochMs) last = time.value;
      }
    }
    await this.lookup(
      'as_of',
      [
        ['raw', 'VARCHAR'],
        ['fate', 'INTEGER'],
      ],
      [bad.map(([raw]) => raw), bad.map(([, fate]) => fate)],
    );
    return {
      hasBad: bad.length > 0,
      asOf: first && last ? { first: first.epochMs, last: last.epochMs, lastText: last.text } : undefined,
    };
  }

  private async resolveSites(): Promise<SourceShape['site']> {
    const { plan, sites } = this.names;
    const { system, role } = this.source.input.rules;
    const found = await this.texts('site');
    const raws = found ?? [this.constant('site')];
    const resolved = raws.map((raw) => {
      const site = resolveSite(aliasSystemOf(this.source.input.rules), raw ?? '', plan.master);
      const scope = plan.siteScope(system, role, site);
      if (scope === 'missing' || scope === 'foreign') return { site: 0, scope: FATE.rejected };
      const isKept = plan.keeps(site, plan.input.items[0] ?? '');
      return {
        site: sites.number(site),
        scope: scope === 'out-of-scope' ? FATE.outOfScope : isKept ? FATE.accepted : FATE.filtered,
      };
    });
    const cleaned = raws.map(isCleaned);
    const hasScopes = resolved.some(({ scope }) => scope !== FATE.accepted);
    const isColumn = found !== undefined;
    if (!isColumn) return { constant: resolved[0], hasScopes, isCleaned: false };
    await this.lookup(
      'site',
      [
        ['raw', 'VARCHAR'],
        ['site', 'INTEGER'],
        ['scope', 'INTEGER'],
        ['cleaned', 'INTEGER'],
      ],
      [raws, resolved.map((one) => one.site), resolved.map((one) => one.scope), cleaned],
    );
    return { constant: undefined, hasScopes, isCleaned: cleaned.includes(1) };
  }

  private async resolveItems(listItems: boolean): Promise<SourceShape['item'] & { signatures: Set<number> }> {
    const { source, names } = this;
    const { master } = names.plan;
    const known = master.items.size;
    if (!listItems && known > 0 && source.texts.has('item') && source.rows >= known * ROWS_PER_KNOWN_ITEM)
      return this.takeKnownItems();
    const raws = (await this.texts('item')) ?? [null];
    const rows = this.itemRows(
      raws.map((raw) => itemCode(source.texts.has('item') ? (raw ?? '') : this.constant('item'), master)),
    );
    const cleaned = raws.map(isCleaned);
    await this.lookup('item', [...ITEM_COLUMNS, ['cleaned', 'INTEGER']], [raws, rows.items, rows.signatures, cleaned]);
    return {
      mayMiss: false,
      hasBlank: rows.items.includes(ITEM_BLANK),
      hasFiltered: rows.items.includes(ITEM_FILTERED),
      isCleaned: cleaned.includes(1),
      signatures: new Set(rows.signatures),
    };
  }

  /** Numbers of items and their signatures, by the code as the source writes it, normalised. */
  private itemRows(codes: readonly string[]): { items: number[]; signatures: number[] } {
    const { plan, items } = this.names;
    const aliases = plan.master.itemAliases.get(aliasSystemOf(this.source.input.rules));
    const anySite = plan.input.sites[0] ?? '';
    const numbers = codes.map((code) => {
      if (code === '') return ITEM_BLANK;
      const item = aliases?.get(code) ?? code;
      return plan.keeps(anySite, item) ? items.number(item) : ITEM_FILTERED;
    });
    return {
      items: numbers,
      signatures: numbers.map((number) => (number < 0 ? NO_SIGNATURE : (items.signatures[number] as number))),
    };
  }

  /** Looks codes up among all known ones; the names of the items are loaded once for all inputs. */
  private async takeKnownItems(): Promise<SourceShape['item'] & { signatures: Set<number> }> {
    const { session, source, names } = this;
    const { plan, items } = names;
    if (names.knownItems === undefined) {
      const codes = [...plan.master.items.keys()];
      const numbers = codes.map((code) =>
        plan.keeps(plan.input.sites[0] ?? '', code) ? items.number(code) : ITEM_FILTERED,
      );
      const signatures = numbers.map((number) => (number < 0 ? NO_SIGNATURE : (items.signatures[number] as number)));
      await session.createTable('known_items', ITEM_COLUMNS, [codes, numbers, signatures]);
      names.knownItems = { hasFiltered: numbers.includes(ITEM_FILTERED), signatures: new Set(signatures) };
    }
    const aliases = [...(plan.master.itemAliases.get(aliasSystemOf(source.input.rules))?.keys() ?? [])];
    const rows = this.itemRows(aliases);
    await this.lookup('alias', ITEM_COLUMNS, [aliases, rows.items, rows.signatures]);
    await session.run(joinKnownItems(source.index));
    return {
      mayMiss: true,
      hasBlank: false,
      hasFiltered: names.knownItems.hasFiltered || rows.items.includes(ITEM_FILTERED),
      isCleaned: false,
      signatures: new Set([NO_SIGNATURE, ...names.knownItems.signatures, ...rows.signatures]),
    };
  }

  /** Numbers the units and returns one of each number; undefined where no unit is given, so that quantities are base units. */
  private async resolveUnits(signatures: ReadonlySet<number>): Promise<readonly (string | undefined)[]> {
    const raws = await this.texts('uom');
    if (raws === undefined) {
      const constant = this.source.input.rules.constants['uom'];
      return [constant === undefined ? undefined : normalizeText(constant)];
    }
    const read = raws.map((raw) => normalizeText(raw ?? ''));
    const { units, numberOf } = numberUnits(read, signatures, this.names);
    await this.lookup(
      'unit',
      [
        ['raw', 'VARCHAR'],
        ['unit', 'INTEGER'],
      ],
      [raws, read.map((unit) => numberOf.get(unit) as number)],
    );
    return units.length === 0 ? [undefined] : units;
  }

  /** The number of the owner of every row, or undefined where a lookup tells. */
  private async resolveOwners(isNeeded: boolean): Promise<number | undefined> {
    const { plan, owners } = this.names;
    const system = aliasSystemOf(this.source.input.rules);
    if (!isNeeded) return 0;
    const raws = await this.texts('owner');
    if (raws === undefined) return owners.number(resolveOwner(system, this.constant('owner'), plan.master));
    await this.lookup(
      'owner',
      [
        ['raw', 'VARCHAR'],
        ['owner', 'INTEGER'],
      ],
      [raws, raws.map((raw) => owners.number(resolveOwner(system, raw ?? '', plan.master)))],
    );
    return undefined;
  }

  /** Lists the unit costs that cannot be read, unless the items file gives every cost anyway. Returns whether there are any. */
  private async resolveCosts(): Promise<boolean> {
    const { source, names } = this;
    if (!source.texts.has('unit_cost')) return false;
    if (names.items.names.every((item) => item === '' || names.plan.master.items.get(item)?.unitCost !== undefined))
      return false;
    const read = numberReader(source, 'unit_cost');
    const bad = ((await this.texts('unit_cost')) ?? []).filter(
      (raw) => parseUnitCost(read(raw ?? ''), source.input.rules.numberFormat).costFault !== undefined,
    );
    if (bad.length > 0)
      await this.lookup(
        'cost',
        [
          ['raw', 'VARCHAR'],
          ['found', 'INTEGER'],
        ],
        [bad, bad.map(() => 1)],
      );
    return bad.length > 0;
  }

  private async resolveCurrencies(): Promise<SourceShape['foreignCurrency']> {
    const { master } = this.names.plan;
    const raws = await this.texts('currency');
    if (raws === undefined)
      return isForeignCurrency(this.source.input.rules.constants['currency'], master) ? 'all' : 'none';
    const foreign = raws.filter((raw) => isForeignCurrency(raw ?? '', master));
    if (foreign.length > 0)
      await this.lookup(
        'currency',
        [
          ['raw', 'VARCHAR'],
          ['found', 'INTEGER'],
        ],
        [foreign, foreign.map(() => 1)],
      );
    return foreign.length > 0 ? 'some' : 'none';
  }

  /** Columns that tell rows of one key apart. Any choice is right; a good one leaves few groups to be looked at again. */
  private distinguishing(ownerGrain: string, lotGrain: string): number[] {
    const { columns, header } = this.source.input;
    const inKey = [
      'site',
      'item',
      ...(ownerGrain === 'all' ? ['owner'] : []),
      ...(lotGrain === 'all' ? ['lot'] : []),
    ].map((name) => columns.get(name));
    const others = header.map((_, at) => at).filter((at) => !inKey.includes(at));
    // Rows of one key stand in different places as a rule; hashing one column instead of three saves 5% of the run.
    const places = ['location', 'lpn', 'serial', 'lot'].map((name) => columns.get(name));
    return columns.has('location') ? others.filter((at) => places.includes(at)) : others;
  }
}

/** Signature of rows without an item: the first, since their fate is decided before a unit is asked for. */
const NO_SIGNATURE = 0;

/** 1 where a code is written with odd spaces, invisible or decomposed characters. */
function isCleaned(raw: string | null): 0 | 1 {
  return raw !== null && normalizeText(raw) !== raw ? 1 : 0;
}

function shareOf(flags: readonly number[]): 'all' | 'none' | 'some' {
  if (!flags.includes(1)) return 'none';
  return flags.includes(0) ? 'some' : 'all';
}
