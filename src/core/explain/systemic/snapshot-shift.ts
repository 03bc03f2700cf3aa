/**
 * Decides whether the snapshot of one side was in truth taken at another moment than it says: the variances of nearly all keys
 * that moved are what one ledger moved since one moment. Never judges a single key, and never fewer than eight.
 */
import { append, type CutOffs, cutOffOf } from '../../compare/ledger-evidence.ts';
import type { Role } from '../../model/balance.ts';
import type { KeyFacts, MessageLine } from '../evidence.ts';
import { SUPPORT_MIN } from './support.ts';

/**
 * Share of the keys that moved whose variance must be just what they moved. The catalogue says 95% of a sound world; where one
 * key in ten has a fault of its own, fewer fit. By chance hardly any do: the moment is the same for all.
 */
const FIT_SHARE_MIN = 0.85;

/** A ledger that has been silent for less than this many allowed lags may just be about to post. */
const LAGS_MIN = 2;

/** One posting and the key that it changes. */
export interface Step {
  readonly key: KeyFacts;
  readonly at: number;
  readonly quantity: number;
}

/** The postings of either ledger that change a key of the sample, by time. */
export type Timelines = Readonly<Record<Role, readonly Step[]>>;

/** The snapshot holds everything up to `heldUntil`, and nothing from `missingFrom` on. Its true moment lies between them. */
export interface SnapshotShift {
  readonly role: Role;
  /** The ledger that shows it; the other side's where the side's own ends as early as its snapshot. */
  readonly ledger: Role;
  /** undefined: all. */
  readonly sites: readonly string[] | undefined;
  readonly heldUntil: number;
  readonly missingFrom: number;
  /** The moment that it states. */
  readonly statedAt: number;
  /** Keys that moved in between, and those of them whose variance is just that. */
  readonly moved: number;
  readonly fitting: number;
}

/**
 * The moments of one side's snapshots where they are not the stated ones. Each site is looked at by itself, sites with the
 * same moment are put together; only where no site holds enough keys are all of them taken as one. `messages` are those of
 * the sampled items.
 */
export function findSnapshotShifts(
  role: Role,
  timelines: Timelines,
  messages: readonly MessageLine[],
  cutOffs: CutOffs,
): SnapshotShift[] {
  const bySite = new Map<string, Step[]>();
  for (const step of timelines[role]) append(bySite, step.key.site, step);
  const found = [...bySite].flatMap(([site, own]) => findOwnShift(role, [site], own, cutOffs) ?? []);
  if (found.length === 0) {
    const common = findOwnShift(role, undefined, timelines[role], cutOffs);
    return [common ?? findForeignShift(role, timelines, messages, cutOffs)].filter((shift) => shift !== undefined);
  }
  const merged: SnapshotShift[] = [];
  for (const shift of found) {
    const twin = merged.findIndex((other) => areSame(other, shift));
    if (twin < 0) merged.push(shift);
    else merged[twin] = merge(merged[twin] as SnapshotShift, shift);
  }
  return merged.map((shift) => (shift.sites?.length === bySite.size ? { ...shift, sites: undefined } : shift));
}

function areSame(a: SnapshotShift, b: SnapshotShift): boolean {
  return a.statedAt === b.statedAt && a.heldUntil < b.missingFrom && b.heldUntil < a.missingFrom;
}

function merge(a: SnapshotShift, b: SnapshotShift): SnapshotShift {
  return {
    ...a,
    sites: [...(a.sites ?? []), ...(b.sites ?? [])],
    heldUntil: Math.max(a.heldUntil, b.heldUntil),
    missingFrom: Math.min(a.missingFrom, b.missingFrom),
    moved: a.moved + b.moved,
    fitting: a.fitting + b.fitting,
  };
}

/** By the side's own ledger: it holds what the snapshot does not, or not yet what the snapshot holds. */
function findOwnShift(
  role: Role,
  sites: readonly string[] | undefined,
  timeline: readonly Step[],
  cutOffs: CutOffs,
): SnapshotShift | undefined {
  const older = sweep(role, timeline, -1, netVariance, cutOffs);
  const newer = sweep(role, timeline, 1, netVariance, cutOffs);
  const best = older !== undefined && older.fitting >= (newer?.fitting ?? 0) ? older : newer;
  return best && { role, ledger: role, sites, statedAt: statedAt(role, timeline, cutOffs), ...best };
}

/**
 * By the other side's ledger, where the side's own was written as early as its snapshot and so ends with it. A failure of all
 * interfaces looks the same but for the messages: then they were not delivered.
 */
function findForeignShift(
  role: Role,
  timelines: Timelines,
  messages: readonly MessageLine[],
  cutOffs: CutOffs,
): SnapshotShift | undefined {
  const ledger = role === 'erp' ? 'wms' : 'erp';
  // What looks in flight is missing too.
  const found = sweep(role, timelines[ledger], -1, ({ wms, erp }) => wms - erp, cutOffs);
  if (found === undefined) return undefined;
  const stated = statedAt(role, timelines[ledger], cutOffs);
  const lag = messages.reduce(
    (most, { interfaceName }) => Math.max(most, cutOffs.lagOf(interfaceName)),
    cutOffs.lagOf(''),
  );
  if (stated - found.missingFrom < LAGS_MIN * lag) return undefined;
  const own = timelines[role].filter(({ at }) => at <= stated);
  const isSilent = own.every(({ at }) => at < found.missingFrom);
  const sent = messages.filter(
    ({ fromRole, sentAt }) => fromRole === ledger && sentAt >= found.missingFrom && sentAt <= stated - lag,
  );
  const delivered = sent.filter(({ state }) => state === 'applied' || state === 'acknowledged');
  // Without a ledger of its own, and without messages, nothing tells the one from the other.
  if (!isSilent || delivered.length * 2 < sent.length || own.length + sent.length < SUPPORT_MIN) return undefined;
  return { role, ledger, sites: undefined, statedAt: stated, ...found };
}

function netVariance({ wms, erp, inFlight }: KeyFacts): number {
  return wms - erp - inFlight;
}

function statedAt(role: Role, [step]: readonly Step[], cutOffs: CutOffs): number {
  return cutOffOf(role, step?.key.site ?? '', cutOffs);
}

type Best = Pick<SnapshotShift, 'heldUntil' | 'missingFrom' | 'moved' | 'fitting'>;

/**
 * Walks away from the stated moment, into the past (−1) or beyond it (1), and finds where most variances are what was posted on
 * the way; undefined where too few are.
 */
function sweep(
  role: Role,
  timeline: readonly Step[],
  direction: -1 | 1,
  varianceOf: (key: KeyFacts) => number,
  cutOffs: CutOffs,
): Best | undefined {
  const onTheWay = timeline.filter(({ key, at }) => at > cutOffOf(role, key.site, cutOffs) === direction > 0);
  const steps = direction > 0 ? onTheWay : onTheWay.reverse();
  // A balance that lacks what the ERP moved leaves the variance higher by it; on the WMS's side, lower.
  const sign = (role === 'erp' ? 1 : -1) * -direction;
  const sums = new Map<KeyFacts, number>();
  let moved = 0;
  let fitting = 0;
  let best: Best | undefined;
  for (const [index, { key, at, quantity }] of steps.entries()) {
    const variance = varianceOf(key);
    const before = sums.get(key) ?? 0;
    const after = before + sign * quantity;
    sums.set(key, after);
    moved += Number(after !== 0) - Number(before !== 0);
    fitting += Number(after !== 0 && after === variance) - Number(before !== 0 && before === variance);
    const next = steps[index + 1]?.at ?? direction * Number.POSITIVE_INFINITY;
    if (next === at || fitting < SUPPORT_MIN || fitting < FIT_SHARE_MIN * moved) continue;
    // Further away a few more may fit by chance, and many that moved there do not.
    if (best !== undefined && 2 * fitting - moved <= 2 * best.fitting - best.moved) continue;
    const [heldUntil, missingFrom] = direction < 0 ? [next, at] : [at, next];
    best = { heldUntil, missingFrom, moved, fitting };
  }
  return best;
}
