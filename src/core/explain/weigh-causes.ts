/**
 * Decides which cause made one residual, and how sure that is: posterior ∝ rate of the cause × 1/chance that its test holds by
 * accident, with "something else" among the causes. Never calls a cause whose own test does not hold.
 */
import type { Cause, Fit } from './cause.ts';
import { CAUSES } from './causes/precedence.ts';
import type { ItemCase } from './item-case.ts';
import { confidenceOf, type EvidenceGrade, rateOf } from './priors.ts';
import type { Residual } from './residual.ts';

export interface Opinion {
  readonly cause: Cause;
  readonly fit: Fit;
  /** How often the test holds by accident, the crowd of like quantities considered where time alone ties both sides. */
  readonly chance: number;
  readonly confidence: number;
}

/** A test that holds more often by accident proves little. */
const WEAK_CHANCE = 0.05;

/** Whether the test of an opinion seldom holds by accident. */
export function isTelling(opinion: Opinion | undefined): boolean {
  return opinion !== undefined && opinion.fit.chance < WEAK_CHANCE;
}

const JUDGES = CAUSES.filter(({ judge }) => judge !== undefined);

/** Of movements of a quantity so many are unmatched and at hand by accident. */
const IN_TIME_SHARE = 0.25;

/** All causes whose test holds, the likeliest first; of equals the first by precedence. */
export function weighCauses(residual: Residual, item: ItemCase): Opinion[] {
  const { coincidence, lateness } = accidentsOf(residual, item);
  const fitting = JUDGES.flatMap((cause) => {
    const fit = cause.judge?.(residual, item);
    if (fit === undefined) return [];
    const chance = Math.min(1, Math.max(fit.chance, coincidence) * (cause.isLate === true ? 1 : lateness));
    return [{ cause, fit, chance, weight: rateOf(cause.code) / chance }];
  });
  const refined = new Set(fitting.map(({ cause }) => cause.refines));
  const fits = fitting.filter(({ cause }) => !refined.has(cause.code));
  const all = fits.reduce((sum, { weight }) => sum + weight, rateOf('unexplained'));
  const grade = gradeOf(residual, item);
  return fits
    .map(({ cause, fit, chance, weight }) => ({
      cause,
      fit,
      chance,
      confidence: (confidenceOf(cause.code, grade, item.traits.resolved) * weight) / all,
    }))
    .sort((a, b) => b.confidence - a.confidence);
}

/** Where time alone ties both sides: how easily two unrelated movements are of that quantity, and how far from the usual delay they lie. */
function accidentsOf(residual: Residual, item: ItemCase): { coincidence: number; lateness: number } {
  if (residual.kind !== 'altered' || residual.grade !== 'time') return { coincidence: 0, lateness: 1 };
  const delay = (residual.erp[0]?.at ?? 0) - (residual.wms[0]?.at ?? 0);
  return {
    coincidence: IN_TIME_SHARE * item.shareOf(residual.legs[0].booked),
    lateness: Math.max(1, Math.abs(delay - item.delays.median) / item.delays.usualMs),
  };
}

/** How strong the evidence is that the residual is one: that nothing of the other side belongs to it. */
function gradeOf(residual: Residual, { traits: { habits } }: ItemCase): EvidenceGrade {
  if (residual.kind === 'altered') return residual.grade;
  if (residual.kind === 'missing') {
    if (residual.verdict !== undefined) return 'message';
    return residual.wms.reference === '' ? 'time' : 'reference';
  }
  if (residual.original !== undefined) return residual.originalGrade;
  return habits.linksByReference ? 'reference' : 'time';
}
