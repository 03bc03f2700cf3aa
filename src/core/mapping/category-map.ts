/**
 * Decides which category a native stock status belongs to: the first rule that fits, in the order written.
 * Never guesses: a status that no rule fits is unmapped, and rules that contradict each other are named, not repaired.
 */
import type { Role } from '../model/balance.ts';
import { assert } from '../model/failure.ts';
import { normalizeText } from '../normalize/text.ts';
import {
  type CategoryRules,
  type IgnoreRule,
  MAPPING_DIMENSIONS,
  type MappedSystems,
  type MappingDimension,
  type MappingFacts,
  type MappingResult,
  type MappingRule,
  type MappingWhen,
} from './mapping-rule.ts';
import { type CategoryGap, findGaps, findOverlaps, type RuleOverlap } from './rule-overlaps.ts';
import { fitsPattern } from './text-pattern.ts';

const UNMAPPED_RESULT: MappingResult = { kind: 'unmapped' };

const WHEN_KEY = {
  site: 'site',
  owner: 'owner',
  location: 'location',
  family: 'family',
  abcClass: 'abc_class',
} as const;

function conditionsOf(when: MappingWhen | undefined): ReadonlyMap<MappingDimension, readonly string[]> {
  const conditions = new Map<MappingDimension, readonly string[]>();
  for (const dimension of MAPPING_DIMENSIONS) {
    const patterns = when?.[WHEN_KEY[dimension]];
    if (patterns !== undefined) conditions.set(dimension, patterns.map(normalizeText));
  }
  return conditions;
}

function ignoreRules(ignore: readonly IgnoreRule[], systemId: string): MappingRule[] {
  return ignore.flatMap((rule, at) =>
    rule.system !== systemId
      ? []
      : rule.status.map((status, entry) => ({
          status: normalizeText(status),
          conditions: conditionsOf(rule.when),
          result: { kind: 'ignored', reason: rule.reason } as const,
          place: { kind: 'ignored', ignore: at, entry } as const,
        })),
  );
}

function categoryRules(categories: CategoryRules, systemId: string, role: Role): MappingRule[] {
  return Object.entries(categories).flatMap(([name, sides], index) =>
    Object.entries(sides)
      .filter(([side]) => side === role || side === systemId)
      .flatMap(([side, entries]) =>
        entries.map((written, entry) => ({
          status: normalizeText(typeof written === 'string' ? written : written.status),
          conditions: conditionsOf(typeof written === 'string' ? undefined : written.when),
          result: { kind: 'category', index, name } as const,
          place: { kind: 'category', category: name, side, entry } as const,
        })),
      ),
  );
}

function fits(rule: MappingRule, facts: MappingFacts): boolean {
  for (const [dimension, patterns] of rule.conditions) {
    const fact = facts[dimension] ?? '';
    if (!patterns.some((pattern) => fitsPattern(pattern, fact))) return false;
  }
  return true;
}

/** The compiled rules of all systems. */
export interface CategoryMap {
  /** Names of the categories; a result's `index` points here. */
  readonly categories: readonly string[];
  /** System → the facts besides the status that any of its rules looks at, in the order of MAPPING_DIMENSIONS. */
  readonly dimensions: Readonly<Record<string, readonly MappingDimension[]>>;
  /** Categories with entries on one side only. */
  readonly gaps: readonly CategoryGap[];
  /** Pairs of rules of which the later never wins, or which give different results for the same rows. */
  overlaps(): readonly RuleOverlap[];
  /** The first rule that fits. The system must exist and have this role; the facts must be normalised (normalizeText). */
  resolve(systemId: string, role: Role, facts: MappingFacts): MappingResult;
}

/**
 * Compiles the rules. Ignore rules come before all categories; for one system the entries under its own id and under
 * its role both apply, in the order written. Statuses are exact, upper and lower case differ.
 */
export function compileCategoryMap(
  categories: CategoryRules,
  ignore: readonly IgnoreRule[] | undefined,
  systems: MappedSystems,
): CategoryMap {
  const rules = new Map<string, Map<string, MappingRule[]>>();
  const dimensions: Record<string, readonly MappingDimension[]> = {};
  for (const [systemId, { role }] of Object.entries(systems)) {
    const inOrder = [...ignoreRules(ignore ?? [], systemId), ...categoryRules(categories, systemId, role)];
    const byStatus = new Map<string, MappingRule[]>();
    for (const rule of inOrder) {
      const sameStatus = byStatus.get(rule.status);
      if (sameStatus === undefined) byStatus.set(rule.status, [rule]);
      else sameStatus.push(rule);
    }
    rules.set(systemId, byStatus);
    dimensions[systemId] = MAPPING_DIMENSIONS.filter((dimension) =>
      inOrder.some((rule) => rule.conditions.has(dimension)),
    );
  }
  return {
    categories: Object.keys(categories),
    dimensions,
    gaps: findGaps(categories, systems),
    overlaps: () => findOverlaps(rules),
    resolve(systemId, role, facts) {
      const system = rules.get(systemId);
      assert(system !== undefined && systems[systemId]?.role === role, `no ${role} system is called ${systemId}`);
      return system.get(facts.status)?.find((rule) => fits(rule, facts))?.result ?? UNMAPPED_RESULT;
    },
  };
}
