/** Says in words which rules of the configuration get in each other's way. Never decides which of them wins. */
import type { ConfigurationPositions } from '../config/load-configuration.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { Configuration } from '../contract/configuration.ts';
import type { RulePlace } from '../core/mapping/mapping-rule.ts';
import type { RuleOverlap } from '../core/mapping/rule-overlaps.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { normalizeText } from '../core/normalize/text.ts';
import type { CheckedOverlap, CheckResult } from './check-result.ts';

export function overlapsOf(plan: Plan, positions: ConfigurationPositions): CheckedOverlap[] {
  return plan.map.overlaps().map((overlap) => {
    const earlier = positions.locate(pathOf(overlap.earlier));
    const later = positions.locate(pathOf(overlap.later));
    return { ...overlap, earlier, later, message: sentence(overlap, earlier, later) };
  });
}

function pathOf(place: RulePlace): (string | number)[] {
  if (place.kind === 'ignored') return ['ignore', place.ignore, 'status', place.entry];
  return ['categories', place.category, place.side, place.entry];
}

function nameOf(place: RulePlace): string {
  return place.kind === 'ignored' ? 'ignore' : `${place.category}, ${place.side}`;
}

function sentence({ kind, system, status, earlier, later }: RuleOverlap, earlierAt: string, laterAt: string): string {
  const who = `${system}, status ${status === '' ? '(blank)' : status}`;
  const first = `${earlierAt} (${nameOf(earlier)})`;
  const second = `${laterAt} (${nameOf(later)})`;
  if (kind === 'never-wins')
    return `${who}: the rule at ${second} never wins, since ${first} takes every row that it fits.`;
  return `${who}: the rules at ${first} and ${second} fit some of the same rows; the first of them wins.`;
}

export function gapsOf(plan: Plan, positions: ConfigurationPositions): CheckResult['gaps'] {
  return plan.map.gaps.map((gap) => ({ ...gap, at: positions.locate(['categories', gap.category]) }));
}

/** The status of a system's rules that is nearest to one that no rule takes; '' where none is near. */
export function nearestStatus(configuration: Configuration, system: string, status: string): string {
  const role = configuration.systems[system]?.role;
  const known = new Set<string>();
  for (const sides of Object.values(configuration.categories)) {
    for (const [side, entries] of Object.entries(sides)) {
      if (side !== role && side !== system) continue;
      for (const entry of entries) known.add(normalizeText(typeof entry === 'string' ? entry : entry.status));
    }
  }
  for (const rule of configuration.ignore ?? [])
    if (rule.system === system) for (const each of rule.status) known.add(normalizeText(each));
  // The status itself is known where its rules have conditions that no row meets: its name is not the fault then.
  known.delete(status);
  return nearestName(status, known) ?? '';
}
