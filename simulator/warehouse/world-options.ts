/** Decides what a simulated world is asked to be like, and what it is where nothing is asked. Never decides what happens in it. */
import { numberedSites, type SiteNames } from '../world-files.ts';
import { type FaultProfile, parseFaultProfile } from './fault-profile.ts';
import type { Habits } from './habits.ts';

/** What the WMS's closing snapshot is: right; older than it says; hours off at both snapshots; without picked stock. */
export type SnapshotFault = 'none' | 'stale' | 'time-zone' | 'scope';

/** Everything may be left out. */
export interface WarehouseOptions {
  readonly seed?: number;
  readonly items?: number;
  readonly sites?: number;
  readonly days?: number;
  /** A profile's name, or a list such as `message-lost:0.002,outage:1`. */
  readonly faults?: string;
  /** Movements per item and day, as a multiple of the usual. */
  readonly activity?: number;
  /** Minutes that the ERP's clock is ahead. */
  readonly clockSkewMinutes?: number;
  /** Minutes that the WMS counts later than the ERP; left out, the seed decides. */
  readonly cutOffSkewMinutes?: number;
  /** Local time of day of the cut-off, HH:MM; left out, the seed decides. */
  readonly cutOffTime?: string;
  /** The ERP posts one document per hour, site and type. */
  readonly hourlySummary?: boolean;
  /** Share of ERP postings that carry the document's reference. */
  readonly references?: number;
  readonly messages?: boolean;
  readonly openings?: boolean;
  /** Both ledgers and the message log hold so many days only; 0 or left out: all. */
  readonly retentionDays?: number;
  readonly snapshot?: SnapshotFault;
  readonly company?: string;
  /** Faults happen in the last so many days only; 0 or left out: in all. */
  readonly faultDays?: number;
  /** Left out: DC1, DC2 and so on. */
  readonly siteNames?: readonly SiteNames[];
  /** What is not left to the seed. */
  readonly habits?: Partial<Habits>;
}

export interface WorldOptions extends Required<Omit<WarehouseOptions, 'faults' | 'cutOffSkewMinutes'>> {
  readonly faults: FaultProfile;
  readonly cutOffSkewMinutes: number | undefined;
}

/** Throws a Failure of kind `usage` where the profile of faults cannot be read. */
export function completeOptions(given: WarehouseOptions): WorldOptions {
  return {
    seed: given.seed ?? 1,
    items: given.items ?? 3000,
    sites: given.siteNames?.length ?? given.sites ?? 2,
    days: given.days ?? 14,
    faults: parseFaultProfile(given.faults ?? 'ordinary'),
    activity: given.activity ?? 1,
    clockSkewMinutes: given.clockSkewMinutes ?? 0,
    cutOffSkewMinutes: given.cutOffSkewMinutes,
    cutOffTime: given.cutOffTime ?? '',
    hourlySummary: given.hourlySummary ?? false,
    references: given.references ?? 1,
    messages: given.messages ?? true,
    openings: given.openings ?? true,
    retentionDays: given.retentionDays ?? 0,
    snapshot: given.snapshot ?? 'none',
    company: given.company ?? 'Simulated Distribution',
    faultDays: given.faultDays ?? 0,
    siteNames: given.siteNames ?? numberedSites(given.sites ?? 2),
    habits: given.habits ?? {},
  };
}
