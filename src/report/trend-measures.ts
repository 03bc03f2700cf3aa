/** Decides how the measures of one run are written beside a trend, each with what it is. Leaves out what was not measured. */
import { MEASURES, type MeasureName, type MeasureUnit, type RunMeasures } from '../contract/measures.ts';
import { formatCount, formatMoney, formatQuantity, formatShare } from './figures.ts';

/** One measure: its label, its figure, its definition. */
export type WrittenMeasure = readonly [label: string, figure: string, definition: string];

/** Measures of the whole run that no row of a trend shows. */
const SCALARS = {
  accuracyUnitsTolerated: 'sync_accuracy_units_within_tolerance',
  accuracyValue: 'sync_accuracy_value',
  accuracyValueTolerated: 'sync_accuracy_value_within_tolerance',
  daysMean: 'days_out_of_sync_mean',
  daysMedian: 'days_out_of_sync_median',
  dollarDays: 'dollar_days',
  masking: 'masking_value',
  hoursToDetectMean: 'hours_to_detect_mean',
  hoursToDetectMedian: 'hours_to_detect_median',
  daysToResolve: 'days_to_resolve_mean',
  recurrence: 'recurrence_share',
  selfHealedShare: 'self_healed_share',
  findingLines: 'finding_lines_share',
} as const satisfies Partial<Record<MeasureName, keyof RunMeasures>>;

/** In the order of the catalogue, then the ageing, then each interface and count accuracy where they were measured. */
export function writtenMeasures(measures: RunMeasures, currency: string): WrittenMeasure[] {
  const written = Object.entries(SCALARS).flatMap(([name, field]) => {
    const value = measures[field];
    const { label, unit, definition } = MEASURES[name as keyof typeof SCALARS];
    return value === '' ? [] : [[label, figureText(value, unit, currency), definition] as const];
  });
  const ages = measures.ageing.map(
    ({ days, discrepancies }) => `${days.replace('-', '–')}: ${formatCount(discrepancies)}`,
  );
  return [
    ...written,
    [MEASURES.ageing.label, ages.join(' · '), MEASURES.ageing.definition],
    ...interfaceMeasures(measures),
    ...measures.count_accuracy
      .filter(({ abc_class }) => abc_class === '')
      .map(({ count_accuracy: share }): WrittenMeasure => {
        const { label, definition } = MEASURES.countAccuracy;
        return [label, formatShare(share), definition];
      }),
  ];
}

function interfaceMeasures({ interfaces }: RunMeasures): WrittenMeasure[] {
  return interfaces.flatMap((each): WrittenMeasure[] => {
    const name = each.interface === '' ? 'no interface named' : each.interface;
    const written = [
      ['rejectedMessages', each.rejected_per_million],
      ['duplicateMessages', each.duplicate_per_million],
      ['unpostedMessages', each.unposted_per_million],
      ['lag', each.lag_p95_seconds],
    ] as const;
    return written.flatMap(([measure, value]) => {
      const { label, unit, definition } = MEASURES[measure];
      return value === null ? [] : [[`${label}, ${name}`, figureText(String(value), unit, ''), definition] as const];
    });
  });
}

function figureText(value: string, unit: MeasureUnit, currency: string): string {
  if (unit === 'share') return formatShare(value);
  if (unit === 'money') return formatMoney(value, currency, true);
  if (unit === 'per-million') return `${formatQuantity(value)} per million`;
  return `${formatQuantity(value)} ${unit}`;
}
