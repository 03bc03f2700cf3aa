/**
 * Decides which systemic faults a run found: a finding is one if most of its keys are hit by that fault, and the fault is found
 * if such a finding holds most of its keys. Never looks at titles or factors, so no wording can win.
 */
import type { ReportedRun } from './reported-run.ts';
import type { TrueSystemicFault, WorldTruth } from './world-truth.ts';

/** Smaller faults need not be found, and finding them is not wrong. */
const DOCUMENTS_MIN = 8;
const OF_SNAPSHOTS = new Set(['snapshot-stale', 'cutoff-time-zone']);
const MOST = 0.5;

export class SystemicScore {
  found = 0;
  all = 0;
  falseFindings = 0;
  runs = 0;
  /** Most false findings of one run. */
  falseMost = 0;
  readonly notes: string[] = [];

  add(truth: WorldTruth, run: ReportedRun): void {
    const keysOf = keysByFault(truth);
    const matches = matchesOf(run, keysOf);
    this.runs++;
    for (const fault of truth.systemic) {
      const hasKeys = (keysOf.get(fault.id)?.size ?? 0) >= DOCUMENTS_MIN;
      if (!OF_SNAPSHOTS.has(fault.cause) && fault.documents < DOCUMENTS_MIN && !hasKeys) continue;
      const isFound = OF_SNAPSHOTS.has(fault.cause)
        ? run.snapshotFaults.includes(fault.cause)
        : isCovered(fault, keysOf, matches);
      this.all++;
      if (isFound) this.found++;
      else
        this.notes.push(
          `not found: ${fault.cause}, ${fault.factor}, ${fault.from} to ${fault.to}, ${fault.documents} documents`,
        );
    }
    const expected = new Set(truth.systemic.map(({ cause }) => cause));
    const wrong = run.snapshotFaults.filter((cause) => !expected.has(cause));
    this.addFalse([
      ...wrong.map((cause) => `false: ${cause}`),
      ...matches.filter(({ fault }) => fault === undefined).map(({ title }) => `false: ${title}`),
    ]);
  }

  private addFalse(notes: readonly string[]): void {
    this.falseFindings += notes.length;
    this.falseMost = Math.max(this.falseMost, notes.length);
    this.notes.push(...notes);
  }
}

interface Match {
  readonly title: string;
  readonly keys: ReadonlySet<string>;
  /** The fault that most of its keys are hit by. */
  readonly fault: string | undefined;
}

function keysByFault(truth: WorldTruth): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  for (const [name, { contributions }] of truth.keys)
    for (const { fault } of contributions) {
      const id = fault?.systemicId ?? '';
      if (id !== '') keys.set(id, (keys.get(id) ?? new Set()).add(name));
    }
  return keys;
}

function matchesOf(run: ReportedRun, keysOf: ReadonlyMap<string, ReadonlySet<string>>): Match[] {
  const keys = new Map<string, Set<string>>();
  for (const [name, { findings }] of run.keys)
    for (const title of findings) keys.set(title, (keys.get(title) ?? new Set()).add(name));
  return run.findings.map(({ title }) => {
    const own = keys.get(title) ?? new Set<string>();
    const [fault] = [...keysOf].find(([, hit]) => shared(own, hit) >= MOST * own.size && own.size > 0) ?? [];
    return { title, keys: own, fault };
  });
}

function isCovered(
  { id }: TrueSystemicFault,
  keysOf: ReadonlyMap<string, ReadonlySet<string>>,
  matches: readonly Match[],
): boolean {
  const hit = keysOf.get(id) ?? new Set<string>();
  return matches.some(({ fault, keys }) => fault === id && shared(keys, hit) >= MOST * hit.size);
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return [...a].filter((name) => b.has(name)).length;
}
