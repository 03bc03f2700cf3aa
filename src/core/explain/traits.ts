/**
 * What holds for the whole run and is learned before any item is explained: habits of the systems, faults of the whole run,
 * and how often earlier calls were right. Plain data, so that it can be sent to worker threads. Never judges a single key.
 */
import type { Role } from '../model/balance.ts';
import type { ResolvedCalls } from './priors.ts';

/** How both systems usually write down the same event. */
export interface Habits {
  /**
   * ERP posting time minus WMS posting time of matched pairs, in milliseconds: clock skew and usual delay together.
   * `low` and `high` hold nine in ten pairs. undefined where no pair is known.
   */
  readonly delay: { readonly low: number; readonly median: number; readonly high: number } | undefined;
  /** Whether message numbers, and references, of the one side are found on the other. */
  readonly linksByMessage: boolean;
  readonly linksByReference: boolean;
  /** Shapes of references that the ERP gives by itself, so that equal ones of the WMS are chance: `SO-9999999`. */
  readonly foreignShapes: readonly string[];
  /** ERP users whose postings mostly have a WMS movement. */
  readonly interfaceUsers: readonly string[];
  /** Types that the ERP gives to the events of a WMS type, for the types of which enough is known. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  /** Whether each ledger leads from the opening balances to the closing ones; false where it starts later than they do. */
  readonly replays: Readonly<Record<Role, boolean>>;
  /** The first movement of each ledger; −Infinity where it has none. */
  readonly ledgersFrom: Readonly<Record<Role, number>>;
  /** Whether one ERP posting often stands for several WMS movements of different documents. */
  readonly postsSummaries: boolean;
}

/** One side's snapshot was in truth taken at another moment than it says. `sites`: undefined is all of them. */
export interface StaleSnapshot {
  readonly role: Role;
  readonly sites: readonly string[] | undefined;
  /** Movements of the side after this moment are not in its balances. */
  readonly at: number;
}

/** The true cut-off of the side lies `hours` before the one it states; negative: behind it. */
export interface TimeZoneShift {
  readonly role: Role;
  readonly sites: readonly string[] | undefined;
  readonly hours: number;
}

/** The extract of `role` leaves out the units that `heldBy` keeps under the native status. `category` is where they belong. */
export interface ScopeGap {
  readonly role: Role;
  readonly heldBy: Role;
  readonly status: string;
  readonly category: number;
}

/** A native status that no category takes, or the wrong one. `category` is the one that would take the difference away. */
export interface UnmappedStatus {
  readonly role: Role;
  readonly system: string;
  readonly status: string;
  readonly category: number;
}

/** Faults of the whole run. They are taken off a variance before anything else is looked at. */
export interface SystemicTraits {
  readonly staleSnapshots: readonly StaleSnapshot[];
  readonly timeZoneShifts: readonly TimeZoneShift[];
  readonly scopeGaps: readonly ScopeGap[];
  readonly unmappedStatuses: readonly UnmappedStatus[];
}

export const NO_SYSTEMIC_TRAITS: SystemicTraits = {
  staleSnapshots: [],
  timeZoneShifts: [],
  scopeGaps: [],
  unmappedStatuses: [],
};

export interface Traits {
  readonly habits: Habits;
  readonly systemic: SystemicTraits;
  readonly resolved: readonly ResolvedCalls[];
}

/** A number by its shape: each digit as 9. */
export function shapeOf(reference: string): string {
  return reference.replace(/\d/g, '9');
}
