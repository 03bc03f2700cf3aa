/**
 * Decides what faults of the whole run do to each key of an item: a stale snapshot, a wrong time zone, a scope, a status map. Their
 * part is taken off the balances before anything else is looked at. Never finds such a fault.
 */
import { cutOffOf } from '../compare/ledger-evidence.ts';
import type { Role } from '../model/balance.ts';
import type { CauseCode } from './cause-code.ts';
import { causeOf } from './causes/precedence.ts';
import { NO_FACTORS } from './draft.ts';
import type { KeyName } from './evidence.ts';
import type { Contribution } from './explanation.ts';
import type { ItemCase } from './item-case.ts';
import type { Entry } from './ledger-entry.ts';
import { confidenceOf } from './priors.ts';
import { balanceProof } from './proof.ts';

const HOUR_MS = 3_600_000;

/** What must be added to a side's balances so that they say what they should. */
export interface Shift {
  readonly opening: number;
  readonly closing: number;
}

export interface SystemicSettlement {
  readonly contributions: ReadonlyMap<number, readonly Contribution[]>;
  shiftOf(key: number, role: Role): Shift;
}

const NO_SHIFT: Shift = { opening: 0, closing: 0 };

/** Faults of snapshots before faults of the map: these are told by what the right snapshot would hold. */
export function settleSystemic(item: ItemCase): SystemicSettlement {
  const settlement = new Settlement(item);
  const { staleSnapshots, timeZoneShifts, scopeGaps, unmappedStatuses } = item.traits.systemic;
  for (const { role, sites, at } of staleSnapshots) {
    const says = `the ${nameOf(role)}’s snapshot holds nothing after ${new Date(at).toISOString()}`;
    settlement.moveCutOff(role, sites, () => at, 'snapshot-stale', says);
  }
  for (const { role, sites, hours } of timeZoneShifts) {
    const says = `the ${nameOf(role)}’s cut-off lies ${Math.abs(hours)} hours ${hours > 0 ? 'before' : 'behind'} the one it states`;
    settlement.moveCutOff(role, sites, (stated) => stated - hours * HOUR_MS, 'cutoff-time-zone', says);
  }
  for (const { role, system, status, category } of unmappedStatuses)
    settlement.addStatus(role, { role, system, status }, category, 'status-unmapped');
  for (const { role, heldBy, status, category } of scopeGaps)
    settlement.addStatus(role, { role: heldBy, system: undefined, status }, category, 'scope-mismatch');
  return settlement;
}

function nameOf(role: Role): string {
  return role.toUpperCase();
}

interface NativeStatus {
  readonly role: Role;
  readonly system: string | undefined;
  readonly status: string;
}

interface Place {
  readonly site: string;
  readonly owner: string;
  readonly lot: string;
  /** At the cut-off; undefined where no balance of the item tells. */
  units: number | undefined;
  /** Since the opening. */
  change: number;
  /** Where the map has put it so far; UNMAPPED where nowhere. */
  readonly wrongCategory: number;
  /** Since when it holds units without a break. */
  since: number;
}

class Settlement implements SystemicSettlement {
  readonly contributions = new Map<number, Contribution[]>();
  private readonly shifts = new Map<string, Shift>();
  private readonly item: ItemCase;

  constructor(item: ItemCase) {
    this.item = item;
  }

  shiftOf(key: number, role: Role): Shift {
    return this.shifts.get(`${role} ${key}`) ?? NO_SHIFT;
  }

  /** The balances of a side hold its movements up to another moment than they say. */
  moveCutOff(
    role: Role,
    sites: readonly string[] | undefined,
    trueCutOff: (stated: number) => number,
    cause: CauseCode,
    says: string,
  ): void {
    const sums = new Map<number, number>();
    const add = ({ at, parts, first }: Entry): void => {
      if (sites !== undefined && !sites.includes(first.site)) return;
      const stated = cutOffOf(role, first.site, this.item.settings.cutOffs);
      const held = trueCutOff(stated);
      const sign = at > held && at <= stated ? 1 : at > stated && at <= held ? -1 : 0;
      if (sign === 0) return;
      for (const { key, quantity } of parts) sums.set(key, (sums.get(key) ?? 0) + sign * quantity);
    };
    for (const entry of this.item[role]) add(entry);
    const at = this.item.settings.cutOffs.erp;
    for (const [key, closing] of sums) this.shift(key, role, { opening: 0, closing }, cause, says, '', at);
  }

  /** The balances of a side leave out units that stand in one native status, or hold them in another category. */
  addStatus(role: Role, native: NativeStatus, category: number, cause: CauseCode): void {
    const says = `${nameOf(native.role)} status ${native.status}`;
    for (const { site, owner, lot, units, change, wrongCategory, since } of this.placesOf(native)) {
      const closing = units ?? Math.max(0, change);
      const opening = closing - change;
      const key = this.item.findKey({ site, owner, lot, category });
      if (key !== undefined) {
        const isNew = cause === 'scope-mismatch' && this.leadsFromOpening(key, role, closing);
        this.shift(key, role, { opening: isNew ? 0 : opening, closing }, cause, says, native.status, since);
      }
      const wrong = this.item.findKey({ site, owner, lot, category: wrongCategory });
      if (cause !== 'status-unmapped' || wrong === undefined || wrongCategory === category) continue;
      this.shift(wrong, role, { opening: -opening, closing: -closing }, cause, says, native.status, since);
    }
  }

  /** Whether the side's movements lead from its opening as it stands to its closing with the units: then the opening had them. */
  private leadsFromOpening(key: number, role: Role, closing: number): boolean {
    const facts = this.item.facts[key];
    if (facts?.opening === undefined) return false;
    let balance = facts.opening[role];
    for (const { period, parts } of this.item[role]) {
      if (period === 'within') balance += parts.find((part) => part.key === key)?.quantity ?? 0;
    }
    return balance === facts[role] + closing;
  }

  /** Where a native status is held or was, by site, owner and lot. */
  private placesOf({ role, system, status }: NativeStatus): Iterable<Place> {
    const places = new Map<string, Place>();
    const placeOf = ({ site, owner, lot, category }: Omit<KeyName, 'item'>): Place => {
      const name = [site, owner, lot].join('\u0000');
      const place = places.get(name) ?? {
        site,
        owner,
        lot,
        units: undefined,
        change: 0,
        wrongCategory: category,
        since: this.item.openingOf(role, site),
      };
      places.set(name, place);
      return place;
    };
    for (const facts of this.item.evidence.keys) {
      const held = facts.statuses.filter((one) => one.role === role && one.status === status);
      if (held.length === 0) continue;
      const place = placeOf(facts);
      place.units = held.reduce((sum, { quantity }) => sum + quantity, place.units ?? 0);
    }
    const steps = this.item.evidence.postings.filter(
      (posting) =>
        posting.role === role &&
        posting.status === status &&
        (system === undefined || posting.system === system) &&
        this.item.periodOf(posting) === 'within',
    );
    for (const step of steps) placeOf(step).change += step.quantity;
    for (const place of places.values()) {
      let held = (place.units ?? Math.max(0, place.change)) - place.change;
      for (const { site, owner, lot, quantity, postedAt } of steps) {
        if (site !== place.site || owner !== place.owner || lot !== place.lot) continue;
        if (held === 0) place.since = postedAt;
        held += quantity;
      }
    }
    return places.values();
  }

  private shift(
    key: number,
    role: Role,
    by: Shift,
    cause: CauseCode,
    says: string,
    status: string,
    since: number,
  ): void {
    if (by.closing === 0 && by.opening === 0) return;
    const before = this.shiftOf(key, role);
    this.shifts.set(`${role} ${key}`, { opening: before.opening + by.opening, closing: before.closing + by.closing });
    if (by.closing === 0) return;
    const { side, resolution } = causeOf(cause);
    const list = this.contributions.get(key) ?? [];
    this.contributions.set(key, list);
    list.push({
      cause,
      // What the WMS lacks lowers the variance, what the ERP lacks raises it.
      quantity: role === 'wms' ? -by.closing : by.closing,
      confidence: confidenceOf(cause, 'reference', this.item.traits.resolved),
      side,
      at: Number.isFinite(since) ? since : undefined,
      document: '',
      factors: { ...NO_FACTORS, status },
      proofs: [balanceProof(`${says}: ${this.item.units(by.closing)} of this key`)],
      action: resolution,
    });
  }
}
