/**
 * Decides how good the explanations of a run are, held against the simulator's truth. Every measure has its definition here.
 * Never leaves a key out because it is hard; counts of several worlds add up, and shares are formed at the end.
 */
import type { ReportedContribution, ReportedKey, ReportedRun } from './reported-run.ts';
import { SystemicScore } from './systemic-score.ts';
import { type TrueKey, unitsByCause, type WorldTruth } from './world-truth.ts';

const IN_FLIGHT = 'in-flight';
const UNEXPLAINED = 'unexplained';
/** From this confidence on, with a document as its proof, a correction may be proposed as safe. */
export const SAFE_CONFIDENCE = 0.95;
const BINS = 10;

interface Count {
  right: number;
  all: number;
}
const count = (): Count => ({ right: 0, all: 0 });

/** A key whose main cause was named wrongly, for those who look for the reason. */
export interface Mistake {
  readonly key: string;
  readonly expected: ReadonlyMap<string, number>;
  readonly reported: ReadonlyMap<string, number>;
  readonly story: string;
}

/** Counts that add up over worlds. */
export class Score {
  readonly topCause = count();
  readonly exact = count();
  readonly units = count();
  readonly detected = count();
  readonly listed = count();
  readonly side = count();
  readonly unseen = count();
  readonly safe = count();
  readonly onset = count();
  readonly dated = count();
  /** Expected main cause, then reported main cause: how many keys. */
  readonly confusion = new Map<string, Map<string, number>>();
  /** Per cause: pairs of key and cause in the truth, in the report, and in both with the same sign. */
  readonly systemic = new SystemicScore();
  readonly causes = new Map<string, { expected: number; reported: number; both: number }>();
  readonly bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0, all: 0 }));
  readonly mistakes: Mistake[] = [];
  readonly wrongOnsets: string[] = [];
  /** Keys whose reported contributions do not add up to the true variance. */
  broken = 0;

  add(truth: WorldTruth, run: ReportedRun): void {
    this.systemic.add(truth, run);
    if (run.isRefused) return;
    for (const name of new Set([...truth.keys.keys(), ...run.keys.keys()]))
      this.addKey(name, truth.keys.get(name) ?? NO_TRUTH, run.keys.get(name) ?? NOT_REPORTED);
  }

  private addKey(name: string, truth: TrueKey, reported: ReportedKey): void {
    const expectedUnits = unitsByCause(truth.contributions);
    const reportedUnits = unitsByCause(reported.contributions);
    const net = truth.variance - (expectedUnits.get(IN_FLIGHT) ?? 0);
    if (reported.netVariance !== 0) mark(this.listed, net !== 0);
    if (net !== 0) mark(this.detected, reported.netVariance !== 0);
    this.addPairs(expectedUnits, reportedUnits);
    this.addConfidences(truth, reported.contributions);
    // A key in agreement may hold faults that cancel out; nobody sees them.
    if (net === 0) return;
    this.addUnits(expectedUnits, reportedUnits);
    if (sum(reportedUnits) !== truth.variance) this.broken++;
    const isExact = sameUnits(expectedUnits, reportedUnits);
    mark(this.exact, isExact);
    const expectedMain = mainCauses(expectedUnits);
    const reportedMain = mainCauses(reportedUnits)[0] ?? 'none';
    const isRight = expectedMain.includes(reportedMain);
    mark(this.topCause, isRight);
    const main = isRight ? reportedMain : (expectedMain[0] ?? 'none');
    const row = this.confusion.get(main) ?? new Map<string, number>();
    this.confusion.set(main, row.set(reportedMain, (row.get(reportedMain) ?? 0) + 1));
    if (reportedMain !== UNEXPLAINED && main !== UNEXPLAINED && reported.side !== '')
      mark(this.side, sidesOf(truth, expectedMain).has(reported.side));
    if (reported.netVariance !== 0) {
      mark(this.dated, reported.onsetDay !== '');
      if (reported.onsetDay !== '') mark(this.onset, reported.onsetDay === truth.onsetDay);
      if (reported.onsetDay !== truth.onsetDay)
        this.wrongOnsets.push(
          `${name}: since ${truth.onsetDay}, reported ${reported.onsetDay}; ${[...expectedUnits.keys()].join(', ')}`,
        );
    }
    if (!isExact)
      this.mistakes.push({
        key: name,
        expected: expectedUnits,
        reported: reportedUnits,
        story: truth.contributions.map(({ fault }) => fault?.story ?? '').join(' + '),
      });
  }

  private addPairs(expected: ReadonlyMap<string, number>, reported: ReadonlyMap<string, number>): void {
    for (const cause of new Set([...expected.keys(), ...reported.keys()])) {
      const row = this.causes.get(cause) ?? { expected: 0, reported: 0, both: 0 };
      this.causes.set(cause, row);
      if (expected.has(cause)) row.expected++;
      if (reported.has(cause)) row.reported++;
      if ((expected.get(cause) ?? 0) * (reported.get(cause) ?? 0) > 0) row.both++;
    }
  }

  private addConfidences(truth: TrueKey, reported: readonly ReportedContribution[]): void {
    const expected = new Set(truth.contributions.map(({ cause, quantity }) => `${cause} ${Math.sign(quantity)}`));
    for (const { cause, quantity, confidence } of reported) {
      if (cause === IN_FLIGHT || cause === UNEXPLAINED) continue;
      const isRight = expected.has(`${cause} ${Math.sign(quantity)}`);
      const bin = this.bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!;
      bin.all++;
      bin.confidence += confidence;
      if (isRight) bin.right++;
      if (confidence >= SAFE_CONFIDENCE) mark(this.safe, isRight);
    }
  }

  private addUnits(expected: ReadonlyMap<string, number>, reported: ReadonlyMap<string, number>): void {
    for (const [cause, quantity] of expected) {
      if (cause === IN_FLIGHT) continue;
      const matched = overlap(quantity, reported.get(cause) ?? 0);
      if (cause === UNEXPLAINED) {
        mark(this.unseen, matched === Math.abs(quantity));
        continue;
      }
      this.units.right += matched;
      this.units.all += Math.abs(quantity);
    }
  }

  /** Mean over the causes that occur of 2·precision·recall / (precision + recall), by main cause. */
  get macroF1(): number {
    const reported = new Map<string, number>();
    for (const row of this.confusion.values())
      for (const [cause, keys] of row) reported.set(cause, (reported.get(cause) ?? 0) + keys);
    const scores = [...this.confusion].map(([cause, row]) => {
      const both = row.get(cause) ?? 0;
      const expected = [...row.values()].reduce((all, keys) => all + keys, 0);
      return (2 * both) / (expected + (reported.get(cause) ?? 0));
    });
    return scores.reduce((all, score) => all + score, 0) / scores.length;
  }

  /** Mean over the calls of |share right − mean confidence| within each tenth of confidence. */
  get calibrationError(): number {
    const calls = this.bins.reduce((all, bin) => all + bin.all, 0);
    return this.bins.reduce((all, bin) => all + Math.abs(bin.right - bin.confidence), 0) / calls;
  }
}

const NO_TRUTH: TrueKey = { variance: 0, onsetDay: '', contributions: [] };
const NOT_REPORTED: ReportedKey = { netVariance: 0, side: '', onsetDay: '', contributions: [], findings: [] };

function mark(counted: Count, isRight: boolean): void {
  counted.all++;
  if (isRight) counted.right++;
}

function overlap(expected: number, reported: number): number {
  return expected * reported > 0 ? Math.min(Math.abs(expected), Math.abs(reported)) : 0;
}

function sum(units: ReadonlyMap<string, number>): number {
  return [...units.values()].reduce((all, quantity) => all + quantity, 0);
}

function sameUnits(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([cause, quantity]) => b.get(cause) === quantity);
}

/** The causes with most units, in flight aside; several where they have the same number. */
function mainCauses(units: ReadonlyMap<string, number>): string[] {
  const named = [...units].filter(([cause]) => cause !== IN_FLIGHT);
  const most = Math.max(0, ...named.map(([, quantity]) => Math.abs(quantity)));
  return named.filter(([, quantity]) => Math.abs(quantity) === most).map(([cause]) => cause);
}

function sidesOf(truth: TrueKey, causes: readonly string[]): Set<string> {
  return new Set(
    truth.contributions.filter(({ cause }) => causes.includes(cause)).map(({ fault }) => fault?.side ?? ''),
  );
}
