/** Turns the configuration into the plan that rows are judged by. Never reads sources. */
import type { Configuration } from '../contract/configuration.ts';
import type { Tolerance, ToleranceLimits } from '../core/compare/tolerance.ts';
import { DEFAULT_LIMITS, type GateLimits } from '../core/gate/quality-gate.ts';
import type { Decimal } from '../core/model/decimal.ts';
import { emptyMasterData, type MasterData } from '../core/normalize/master-data.ts';
import { parseDecimal } from '../core/normalize/number.ts';
import { type Grain, Plan } from '../core/normalize/plan.ts';
import { normalizeText } from '../core/normalize/text.ts';
import { durationMs } from '../core/normalize/time.ts';

export interface RunFilters {
  readonly site: readonly string[];
  readonly item: readonly string[];
}

/** `filters` are the sites and items that the run is limited to; empty lists are no limit. */
export function makePlan(configuration: Configuration, master: MasterData, filters: RunFilters): Plan {
  const { grain, systems } = configuration;
  const rules = Array.isArray(grain) ? [] : grain.rules;
  return new Plan({
    rules: configuration.categories,
    ignore: configuration.ignore ?? [],
    master,
    quantityDecimals: configuration.quantity_decimals,
    grain: grainOf(Array.isArray(grain) ? grain : grain.default),
    grainRules: rules.map((rule) => ({
      families: rule.when.family,
      abcClasses: rule.when.abc_class,
      grain: grainOf(rule.grain),
    })),
    systems: Object.entries(systems).map(([id, system]) => ({ id, role: system.role, sites: system.sites })),
    sites: filters.site,
    items: filters.item,
    isCaseDeclared: configuration.item_case !== undefined,
  });
}

/** Columns of the grain in the order of the outputs; with rules, those of any of them. */
export function grainColumns(configuration: Configuration): string[] {
  const { grain } = configuration;
  const named = new Set<string>(
    Array.isArray(grain) ? grain : [...grain.default, ...grain.rules.flatMap((rule) => rule.grain)],
  );
  return ['site', 'item', 'owner', 'lot', 'category'].filter((column) => named.has(column));
}

function grainOf(columns: readonly string[]): Grain {
  return { owner: columns.includes('owner'), lot: columns.includes('lot') };
}

/** Master data that stands in the configuration itself: site and owner aliases. */
export function startMasterData(configuration: Configuration): MasterData {
  const master = emptyMasterData(configuration.base_uom, configuration.item_case ?? 'exact', configuration.currency);
  for (const [id, system] of Object.entries(configuration.systems)) {
    master.siteAliases.set(id, normalized(system.site_aliases));
    master.ownerAliases.set(id, normalized(system.owner_aliases));
  }
  return master;
}

function normalized(aliases: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(aliases ?? {}).map(([alias, name]) => [normalizeText(alias), normalizeText(name)]));
}

export function toleranceOf(configuration: Configuration): Tolerance {
  const tolerance = configuration.tolerance ?? {};
  return {
    ...limits(tolerance),
    rules: (tolerance.rules ?? []).map((rule) => ({ when: rule.when as never, ...limits(rule) })),
  };
}

function limits(given: {
  quantity?: string | undefined;
  percent?: string | undefined;
  value?: string | undefined;
}): ToleranceLimits {
  return { quantity: decimal(given.quantity), percent: decimal(given.percent), value: decimal(given.value) };
}

function decimal(text: string | undefined): Decimal | undefined {
  if (text === undefined) return undefined;
  const value = parseDecimal(text, {});
  return value.ok ? value.value : undefined;
}

/** The gate's limits for a source: its own, else those for all sources, else the defaults. */
export function gateLimits(source: Configuration['balances'][number], general: Configuration['quality']): GateLimits {
  const given = {
    ...general,
    ...Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined)),
  } as NonNullable<Configuration['quality']>;
  return {
    maxAgeMs: given.max_age === undefined ? DEFAULT_LIMITS.maxAgeMs : durationMs(given.max_age),
    minRowsShare: given.min_rows_share ?? DEFAULT_LIMITS.minRowsShare,
    maxRowsShare: given.max_rows_share ?? DEFAULT_LIMITS.maxRowsShare,
    maxRejectedShare: given.max_rejected_share ?? DEFAULT_LIMITS.maxRejectedShare,
    maxDuplicateShare: given.max_duplicate_share ?? DEFAULT_LIMITS.maxDuplicateShare,
    minKeyOverlap: given.min_key_overlap ?? DEFAULT_LIMITS.minKeyOverlap,
    maxSkewMs: given.max_skew === undefined ? DEFAULT_LIMITS.maxSkewMs : durationMs(given.max_skew),
  };
}
