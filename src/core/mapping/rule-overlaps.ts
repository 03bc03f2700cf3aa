/**
 * Decides which rules of the category map get in each other's way, so that a person can look at them before a run.
 * Never changes which rule wins: that is always the first that fits.
 */
import type { Role } from '../model/balance.ts';
import type {
  CategoryRules,
  MappedSystems,
  MappingDimension,
  MappingRule,
  RulePlace,
  SystemRules,
} from './mapping-rule.ts';
import { coversPattern, patternsMeet } from './text-pattern.ts';

/**
 * Two rules of one system for one status. `never-wins`: the earlier takes every row that the later would fit.
 * `partly`: some rows fit both, and the two rules give different results.
 */
export interface RuleOverlap {
  readonly kind: 'never-wins' | 'partly';
  readonly system: string;
  readonly status: string;
  readonly earlier: RulePlace;
  readonly later: RulePlace;
}

/** A category that has entries on one side only, so that all it holds is a variance. `missing` is the side without. */
export interface CategoryGap {
  readonly category: string;
  readonly missing: Role;
}

type Conditions = MappingRule['conditions'];

function covers(wide: Conditions, narrow: Conditions): boolean {
  return [...wide].every(([dimension, patterns]) =>
    // A dimension without patterns fits everything, as `*` does.
    (narrow.get(dimension) ?? ['*']).every((inner) => patterns.some((outer) => coversPattern(outer, inner))),
  );
}

function meet(a: Conditions, b: Conditions): boolean {
  const apart = ([dimension, patterns]: [MappingDimension, readonly string[]]) => {
    const others = b.get(dimension);
    return others !== undefined && !patterns.some((one) => others.some((other) => patternsMeet(one, other)));
  };
  return ![...a].some(apart);
}

function sameResult(a: MappingRule, b: MappingRule): boolean {
  if (a.result.kind === 'category' && b.result.kind === 'category') return a.result.index === b.result.index;
  return a.result.kind === b.result.kind;
}

/**
 * Pairs of rules, in the order of systems, statuses and rules as written. A rule that only several earlier ones
 * together cover is listed as partly overlapping, not as never winning.
 */
export function findOverlaps(rules: ReadonlyMap<string, SystemRules>): RuleOverlap[] {
  const overlaps: RuleOverlap[] = [];
  for (const [system, byStatus] of rules) {
    for (const [status, inOrder] of byStatus) {
      inOrder.forEach((later, at) => {
        const earlier = inOrder.slice(0, at);
        const winner = earlier.find((rule) => covers(rule.conditions, later.conditions));
        if (winner !== undefined) {
          overlaps.push({ kind: 'never-wins', system, status, earlier: winner.place, later: later.place });
          return;
        }
        for (const rule of earlier) {
          if (sameResult(rule, later) || !meet(rule.conditions, later.conditions)) continue;
          overlaps.push({ kind: 'partly', system, status, earlier: rule.place, later: later.place });
        }
      });
    }
  }
  return overlaps;
}

/** Categories without an entry for any system of one role, in the order written. */
export function findGaps(categories: CategoryRules, systems: MappedSystems): CategoryGap[] {
  const roleOf = (side: string): Role | undefined => (side === 'erp' || side === 'wms' ? side : systems[side]?.role);
  return Object.entries(categories).flatMap(([category, sides]) => {
    const held = new Set(
      Object.entries(sides).flatMap(([side, entries]) => (entries.length > 0 ? [roleOf(side)] : [])),
    );
    return (['erp', 'wms'] as const).filter((role) => !held.has(role)).map((missing) => ({ category, missing }));
  });
}
