/** Puts the measures of one run together, of the whole and of each site. Never judges a key: see judge-comparison.ts. */
import { type CountAccuracy, type CountedKey, countAccuracy } from './count-accuracy.ts';
import { type FlowMeasures, flowMeasures } from './flow-measures.ts';
import { type InterfaceCounts, type InterfaceMeasures, interfaceMeasures } from './interface-measures.ts';
import { type Sums, shareText } from './judge-comparison.ts';
import type { HandedOn, KeyHistory } from './key-history.ts';
import { type LineMeasures, lineMeasures, type MeasuredLine } from './line-measures.ts';

/** Beside those of run.json's totals. Shares as there; '' where there is nothing to divide by. */
export interface AccuracyMeasures {
  readonly sync_accuracy_units_within_tolerance: string;
  readonly sync_accuracy_value: string;
  readonly sync_accuracy_value_within_tolerance: string;
  readonly masking_units: string;
  readonly masking_value: string;
}

/** Beside the totals of the site: what a trend of one site shows. */
export type SiteMeasures = { readonly site: string } & Pick<
  FlowMeasures,
  'new' | 'continuing' | 'resolved' | 'recurring'
> &
  Pick<LineMeasures, 'over_a_week' | 'explained_value_share'>;

export type RunFigures = AccuracyMeasures &
  LineMeasures &
  FlowMeasures & {
    readonly by_site: readonly SiteMeasures[];
    readonly interfaces: readonly InterfaceMeasures[];
    readonly count_accuracy: readonly CountAccuracy[];
  };

export interface RunEvidence {
  readonly history: KeyHistory;
  readonly handedOn: HandedOn;
  /** As they are written: first_seen, causes and findings filled in. */
  readonly lines: Iterable<MeasuredLine>;
  readonly total: Sums;
  /** Value of all that the WMS holds in compared keys of known cost; undefined where nobody added it up. */
  readonly wmsValueMinor: bigint | undefined;
  readonly interfaces: ReadonlyMap<string, InterfaceCounts>;
  readonly counts: Iterable<CountedKey>;
  /** Decimals of the currency's minor unit. */
  readonly minorDecimals: number;
}

/** Reads the lines once. */
export function measureRun(evidence: RunEvidence): RunFigures {
  const { history, handedOn, lines, minorDecimals } = evidence;
  const ofLines = lineMeasures(lines, history.scope.sites, minorDecimals);
  const flow = flowMeasures(history, handedOn);
  return {
    ...accuracyMeasures(evidence),
    ...ofLines.total,
    ...flow.total,
    by_site: [...history.scope.sites].sort().map((site) => {
      const { new: added, continuing, resolved, recurring } = flow.bySite.get(site) as FlowMeasures;
      const { over_a_week, explained_value_share } = ofLines.bySite.get(site) as LineMeasures;
      return { site, new: added, continuing, resolved, recurring, over_a_week, explained_value_share };
    }),
    interfaces: interfaceMeasures(evidence.interfaces),
    count_accuracy: countAccuracy(evidence.counts),
  };
}

function accuracyMeasures({ total, wmsValueMinor }: RunEvidence): AccuracyMeasures {
  const grossMinor = total.overstatedMinor + total.understatedMinor;
  const netMinor = total.understatedMinor - total.overstatedMinor;
  return {
    sync_accuracy_units_within_tolerance: accuracy(total.grossQuantity, total.wms),
    sync_accuracy_value: accuracy(total.allGrossMinor, wmsValueMinor ?? 0n),
    sync_accuracy_value_within_tolerance: accuracy(grossMinor, wmsValueMinor ?? 0n),
    masking_units: masking(total.grossQuantity, total.netQuantity),
    masking_value: masking(grossMinor, netMinor),
  };
}

/** 1 − gross ÷ whole, never below 0. */
function accuracy(gross: bigint, whole: bigint): string {
  return whole <= 0n ? '' : shareText(gross >= whole ? 0n : whole - gross, whole);
}

/** 1 − |net| ÷ gross. */
function masking(gross: bigint, net: bigint): string {
  return shareText(gross - (net < 0n ? -net : net), gross);
}
