/**
 * Decides, before anything else is explained, whether snapshots, scope or status map are wrong as a whole.
 * Never explains a single key, and never refuses a run: it says what it found, and how much of the sample shows it.
 */
import { append, cutOffOf } from '../../compare/ledger-evidence.ts';
import { type Role, UNMAPPED } from '../../model/balance.ts';
import type { ExplainSettings, ItemEvidence, KeyFacts, KeyName, Posting, StatusBalance } from '../evidence.ts';
import type { ScopeGap, StaleSnapshot, SystemicTraits, TimeZoneShift, UnmappedStatus } from '../traits.ts';
import { findSnapshotShifts, type SnapshotShift, type Step, type Timelines } from './snapshot-shift.ts';
import { findStatusGaps, type SampledStock, type StatusGap } from './status-gap.ts';
import { findWholeHours, mayBeOffBy } from './whole-hours.ts';

/** How often a test is right: by the catalogue where nothing else looks like it, less where chance has a part. */
const CONFIDENCE = { stale: 0.98, foreignLedger: 0.8, hoursAgain: 0.97, scope: 0.97, unmapped: 0.99 };

interface Verdict {
  readonly confidence: number;
}
/** `hours`: by how many whole hours it is off; undefined: the snapshot is stale. */
export type ShiftVerdict = SnapshotShift & Verdict & { readonly hours: number | undefined };
export type GapVerdict = StatusGap & Verdict & { readonly cause: 'scope-mismatch' | 'status-unmapped' };

/** Plain data. `shifts` and `gaps` are the traits with what shows them, for the quality gate and the report. */
export interface SystemicResult {
  readonly traits: SystemicTraits;
  readonly shifts: readonly ShiftVerdict[];
  readonly gaps: readonly GapVerdict[];
}

export interface SystemicSettings extends ExplainSettings {
  /** The system of a role that answers for a site. */
  systemOf(role: Role, site: string): string;
  /** Shifts that earlier runs found: the same one again is no chance. */
  readonly earlierShifts: readonly TimeZoneShift[];
}

/**
 * The sample is drawn without a look at variances (by a hash of the item, say): a share of the keys that agree is as telling as
 * one of those that do not. Each item comes with all its keys, those in sync among them and those of unmapped statuses under
 * the category UNMAPPED, with their native statuses, and with its postings in both ledgers since the opening.
 * A few thousand items are enough; of a status that fewer than a hundred of them hold, more items that hold it are added.
 */
export function findSystemicTraits(sample: readonly ItemEvidence[], settings: SystemicSettings): SystemicResult {
  const shifts = findShifts(sample, settings);
  const isShifted = (site: string): boolean => shifts.some(({ sites }) => sites === undefined || sites.includes(site));
  // Where a snapshot is of another moment, variances say nothing of statuses.
  const gaps = findGaps(sample, settings, (site) => !isShifted(site));
  return { traits: traitsOf(shifts, gaps), shifts, gaps: gaps.map(({ verdict }) => verdict) };
}

const placeName = ({ site, owner, lot }: Omit<KeyName, 'item' | 'category'>): string =>
  [site, owner, lot].join('\u0000');

function findShifts(sample: readonly ItemEvidence[], settings: SystemicSettings): ShiftVerdict[] {
  const timelines = timelinesOf(sample);
  const messages = sample.flatMap((item) => item.messages);
  return (['erp', 'wms'] as const).flatMap((role) =>
    findSnapshotShifts(role, timelines, messages, settings.cutOffs).map((shift) => judgeShift(shift, settings)),
  );
}

function timelinesOf(sample: readonly ItemEvidence[]): Timelines {
  const timelines = { erp: [] as Step[], wms: [] as Step[] };
  for (const { keys, postings } of sample) {
    const byName = new Map(keys.map((facts) => [`${placeName(facts)}\u0000${facts.category}`, facts]));
    for (const posting of postings) {
      const key = byName.get(`${placeName(posting)}\u0000${posting.category}`);
      if (key === undefined || key.category === UNMAPPED) continue;
      timelines[posting.role].push({ key, at: posting.postedAt, quantity: posting.quantity });
    }
  }
  for (const steps of Object.values(timelines)) steps.sort((a, b) => a.at - b.at);
  return timelines;
}

function judgeShift(shift: SnapshotShift, { earlierShifts }: SystemicSettings): ShiftVerdict {
  const again = earlierShifts.find(({ role, hours }) => role === shift.role && mayBeOffBy(hours, shift));
  const whole = again === undefined ? findWholeHours(shift) : { ...again, confidence: CONFIDENCE.hoursAgain };
  const confidence = whole?.confidence ?? CONFIDENCE.stale;
  const isForeign = shift.ledger !== shift.role;
  return {
    ...shift,
    hours: whole?.hours,
    confidence: isForeign ? Math.min(confidence, CONFIDENCE.foreignLedger) : confidence,
  };
}

function findGaps(
  sample: readonly ItemEvidence[],
  settings: SystemicSettings,
  isJudged: (site: string) => boolean,
): { system: string; verdict: GapVerdict }[] {
  const stocks = sampledStocks(sample, settings).filter(({ site }) => isJudged(site));
  return (['wms', 'erp'] as const).flatMap((role) => {
    const bySystem = new Map<string, SampledStock[]>();
    for (const { site, stock } of stocks) append(bySystem, settings.systemOf(role, site), stock);
    return [...bySystem].flatMap(([system, own]) =>
      findStatusGaps(role, own, settings.categories.length).map((gap) => {
        const isMap = gap.to !== undefined;
        const confidence = isMap ? CONFIDENCE.unmapped : CONFIDENCE.scope;
        return {
          system,
          verdict: { ...gap, confidence, cause: isMap ? 'status-unmapped' : 'scope-mismatch' } as const,
        };
      }),
    );
  });
}

function sampledStocks(
  sample: readonly ItemEvidence[],
  settings: SystemicSettings,
): { site: string; stock: SampledStock }[] {
  const listed = new Set(
    sample.flatMap(({ keys }) =>
      keys.flatMap(({ statuses }) => statuses.map(({ role, status }) => `${role} ${status}`)),
    ),
  );
  return sample.flatMap(({ keys, postings }) => {
    const places = new Map<string, KeyFacts[]>();
    for (const facts of keys) append(places, placeName(facts), facts);
    const byPlace = new Map<string, Posting[]>();
    const bySite = new Map<string, Posting[]>();
    for (const posting of postings) {
      append(byPlace, placeName(posting), posting);
      append(bySite, posting.site, posting);
    }
    return [...places].map(([name, own]) => {
      const { site } = own[0] as KeyFacts;
      const compared = own.filter(({ category }) => category !== UNMAPPED);
      const stock = {
        variances: new Map(compared.map(({ category, wms, erp, inFlight }) => [category, wms - erp - inFlight])),
        held: new Map(own.map(({ category, statuses }) => [category, statuses])),
        unlisted: unlistedOf(byPlace.get(name) ?? [], listed, settings),
        postings: bySite.get(site) ?? [],
      };
      return { site, stock };
    });
  });
}

/** Units that the ledgers leave in statuses which no snapshot of the sample holds. */
function unlistedOf(
  postings: readonly Posting[],
  listed: ReadonlySet<string>,
  { cutOffs }: SystemicSettings,
): Map<number, StatusBalance[]> {
  const units = new Map<number, Map<string, StatusBalance>>();
  for (const { role, site, postedAt, status, category, quantity } of postings) {
    const name = `${role} ${status}`;
    if (status === '' || listed.has(name) || postedAt > cutOffOf(role, site, cutOffs)) continue;
    const own = units.get(category) ?? new Map<string, StatusBalance>();
    const before = own.get(name)?.quantity ?? 0;
    units.set(category, own.set(name, { role, status, quantity: before + quantity }));
  }
  return new Map([...units].map(([category, own]) => [category, [...own.values()]]));
}

function traitsOf(
  shifts: readonly ShiftVerdict[],
  gaps: readonly { readonly system: string; readonly verdict: GapVerdict }[],
): SystemicTraits {
  const staleSnapshots: StaleSnapshot[] = [];
  const timeZoneShifts: TimeZoneShift[] = [];
  for (const { role, sites, hours, heldUntil } of shifts) {
    if (hours === undefined) staleSnapshots.push({ role, sites, at: heldUntil });
    else timeZoneShifts.push({ role, sites, hours });
  }
  const scopeGaps: ScopeGap[] = [];
  const unmappedStatuses: UnmappedStatus[] = [];
  for (const { system, verdict } of gaps) {
    const { heldBy, isUnlisted, from, to } = verdict;
    const lacking = isUnlisted ? heldBy : heldBy === 'erp' ? 'wms' : 'erp';
    for (const status of verdict.statuses) {
      if (to === undefined) scopeGaps.push({ role: lacking, heldBy, status, category: from });
      else unmappedStatuses.push({ role: heldBy, system, status, category: to });
    }
  }
  return { staleSnapshots, timeZoneShifts, scopeGaps, unmappedStatuses };
}
