/**
 * Decides, once per run, everything that rows are judged by: master data, category map, grain, scope and filters.
 * Plain data in, pure questions out; never reads the configuration's file itself.
 */
import { type CategoryMap, compileCategoryMap } from '../mapping/category-map.ts';
import type { CategoryRules, IgnoreRule } from '../mapping/mapping-rule.ts';
import { fitsPattern } from '../mapping/text-pattern.ts';
import type { Role } from '../model/balance.ts';
import type { MasterData } from './master-data.ts';

/** Columns beyond site, item and category that tell keys apart. */
export interface Grain {
  readonly owner: boolean;
  readonly lot: boolean;
}

export interface GrainRule {
  readonly families: readonly string[] | undefined;
  readonly abcClasses: readonly string[] | undefined;
  readonly grain: Grain;
}

/** A system and the sites it answers for; a WMS without sites answers for all that no other WMS claims. */
export interface SystemScope {
  readonly id: string;
  readonly role: Role;
  readonly sites: readonly string[] | undefined;
}

export type SiteScope = 'in-scope' | 'out-of-scope' | 'foreign' | 'missing';

/** Plain data, so that it can be handed to another thread. `sites` and `items` are the run's filters; empty is all. */
export interface PlanInput {
  readonly rules: CategoryRules;
  readonly ignore: readonly IgnoreRule[];
  readonly master: MasterData;
  readonly quantityDecimals: number;
  readonly grain: Grain;
  readonly grainRules: readonly GrainRule[];
  readonly systems: readonly SystemScope[];
  readonly sites: readonly string[];
  readonly items: readonly string[];
  /** Whether the configuration says how item codes that differ only by case are read. */
  readonly isCaseDeclared: boolean;
}

export class Plan {
  readonly categories: readonly string[];
  readonly map: CategoryMap;
  readonly master: MasterData;
  readonly quantityDecimals: number;
  readonly systems: readonly SystemScope[];
  readonly isCaseDeclared: boolean;
  readonly input: PlanInput;
  private readonly claimed = new Map<string, string>();
  private readonly openWms: string | undefined;
  private readonly siteFilter: ReadonlySet<string>;
  private readonly itemFilter: ReadonlySet<string>;

  constructor(input: PlanInput) {
    this.input = input;
    this.isCaseDeclared = input.isCaseDeclared;
    this.map = compileCategoryMap(
      input.rules,
      input.ignore,
      Object.fromEntries(input.systems.map((system) => [system.id, system])),
    );
    this.categories = this.map.categories;
    this.master = input.master;
    this.quantityDecimals = input.quantityDecimals;
    this.systems = input.systems;
    for (const system of input.systems) {
      if (system.role === 'wms') for (const site of system.sites ?? []) this.claimed.set(site, system.id);
    }
    this.openWms = input.systems.find((system) => system.role === 'wms' && system.sites === undefined)?.id;
    this.siteFilter = new Set(input.sites);
    this.itemFilter = new Set(input.items);
  }

  /** The WMS that answers for a site, or undefined. */
  wmsOf(site: string): string | undefined {
    return this.claimed.get(site) ?? this.openWms;
  }

  /**
   * Whether a system's row at a site takes part. An ERP row at a site without a WMS is out of scope (left out and counted);
   * a WMS row at a site that is not its own is foreign (rejected), since a missing site alias looks just like that.
   */
  siteScope(system: string, role: Role, site: string): SiteScope {
    if (site === '') return 'missing';
    const wms = this.wmsOf(site);
    if (role === 'wms') return wms === system ? 'in-scope' : 'foreign';
    const own = this.systems.find((candidate) => candidate.id === system)?.sites;
    return wms !== undefined && (own === undefined || own.includes(site)) ? 'in-scope' : 'out-of-scope';
  }

  /** Whether the run's site and item filters let a key pass. */
  keeps(site: string, item: string): boolean {
    return (
      (this.siteFilter.size === 0 || this.siteFilter.has(site)) &&
      (this.itemFilter.size === 0 || this.itemFilter.has(item))
    );
  }

  /** The grain of an item: the first rule that fits, else the default. */
  grainOf(family: string, abcClass: string): Grain {
    for (const rule of this.input.grainRules) {
      if (fitsAny(rule.families, family) && fitsAny(rule.abcClasses, abcClass)) return rule.grain;
    }
    return this.input.grain;
  }
}

function fitsAny(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => fitsPattern(pattern, text));
}
