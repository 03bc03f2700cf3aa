/**
 * Decides how urgent a line is on a scale of 100 points, and the word for it. Points compare the lines of one run; floors do
 * not depend on the run. Never looks at how sure a diagnosis is: an unknown cause hurts just as much.
 */
import type { PriorityThresholds } from './priority-parameters.ts';

export type Priority = 'critical' | 'high' | 'medium' | 'low';

/** The words, the most urgent first. */
export const PRIORITIES: readonly Priority[] = ['critical', 'high', 'medium', 'low'];

/** What raises a line to a word whatever its points: the reason, '' where nothing does. */
export type Floor = 'orders at risk' | 'special item' | 'promotion' | '';

/** What the points of one line are made from. Amounts in whole units of the currency, 0 where none is known. */
export interface PointFacts {
  readonly value: number;
  readonly impact: number;
  readonly abcClass: string;
  /** How many days the available units last; undefined where no demand is known, and for lines of other categories. */
  readonly coverDays: number | undefined;
  readonly isSpecial: boolean;
  readonly isPromoted: boolean;
  /** Days out of sync; undefined where nothing tells. */
  readonly ageDays: number | undefined;
}

/** The greatest value and impact of any line of the run. */
export interface PointScale {
  readonly value: number;
  readonly impact: number;
}

/** In hundredths of a point; each term is rounded, and `total` is their sum. */
export interface PointTerms {
  readonly value: number;
  readonly impact: number;
  readonly turnover: number;
  readonly event: number;
  readonly age: number;
  readonly total: number;
}

const COVER_DAYS = 30;
const AGE_DAYS = 14;
const ABC: ReadonlyMap<string, number> = new Map([
  ['A', 1],
  ['B', 0.5],
  ['C', 0],
]);

/** 100 · (.30 · value + .30 · impact + .15 · turnover + .15 · event + .10 · age), each term from 0 to 1. */
export function pointsOf(facts: PointFacts, scale: PointScale): PointTerms {
  const abc = ABC.get(facts.abcClass.toUpperCase()) ?? 0;
  const scarcity = facts.coverDays === undefined ? 0 : 1 - facts.coverDays / COVER_DAYS;
  const value = Math.round(3000 * onScale(facts.value, scale.value));
  const impact = Math.round(3000 * onScale(facts.impact, scale.impact));
  const turnover = Math.round(1500 * Math.max(abc, scarcity, 0));
  const event = facts.isSpecial || facts.isPromoted ? 1500 : 0;
  const age = Math.round(1000 * Math.max(0, Math.min(1, (facts.ageDays ?? 0) / AGE_DAYS)));
  return { value, impact, turnover, event, age, total: value + impact + turnover + event + age };
}

/** ln(1 + amount) / ln(1 + greatest): ten times the money is a step, not ten times the points. */
function onScale(amount: number, greatest: number): number {
  return greatest > 0 ? Math.log1p(amount) / Math.log1p(greatest) : 0;
}

/** The word for some hundredths of a point, before any floor. */
function wordOf(points: number, thresholds: PriorityThresholds): Priority {
  if (points >= thresholds.critical * 100) return 'critical';
  if (points >= thresholds.high * 100) return 'high';
  return points >= thresholds.medium * 100 ? 'medium' : 'low';
}

/** The word and, where it is higher than the points alone would give, the floor that made it so. */
export function priorityOf(
  points: number,
  hasOrdersAtRisk: boolean,
  { isSpecial, isPromoted }: Pick<PointFacts, 'isSpecial' | 'isPromoted'>,
  thresholds: PriorityThresholds,
): { readonly priority: Priority; readonly floor: Floor } {
  const word = wordOf(points, thresholds);
  if (hasOrdersAtRisk && word !== 'critical') return { priority: 'critical', floor: 'orders at risk' };
  if ((isSpecial || isPromoted) && (word === 'medium' || word === 'low'))
    return { priority: 'high', floor: isSpecial ? 'special item' : 'promotion' };
  return { priority: word, floor: '' };
}
