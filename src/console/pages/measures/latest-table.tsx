/** The measures of the last run in words and figures, each with what it is. Never shows one that the run does not say. */
import type { ReactNode } from 'react';
import { MEASURES, type Measure, type MeasureName, type RunMeasures } from '../../../contract/measures.ts';
import { formatCount, formatMoney, formatQuantity, formatShare } from '../../format/decimals.ts';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import styles from './measures.module.css';

const words = texts.measures;

/** First how old it is, then what moves, then how well it is explained. */
const SHOWN: readonly MeasureName[] = [
  'daysMean',
  'daysMedian',
  'overAWeek',
  'dollarDays',
  'new',
  'continuing',
  'resolved',
  'daysToResolve',
  'recurring',
  'recurrence',
  'selfHealedShare',
  'hoursToDetectMean',
  'hoursToDetectMedian',
  'explainedValue',
  'findingLines',
  'accuracyValue',
  'masking',
];

export function LatestTable({ latest, currency }: { latest: RunMeasures | null; currency: string }): ReactNode {
  if (latest === null) return null;
  const values = latest as unknown as Readonly<Record<string, unknown>>;
  return (
    <Panel title={words.latest} isFlush>
      <table className={table.table}>
        <thead>
          <tr>
            <th>{words.measure}</th>
            <th className="number">{words.value}</th>
            <th className={styles.definition}>{words.definition}</th>
          </tr>
        </thead>
        <tbody>
          {SHOWN.map((name) => (
            <tr key={name}>
              <td className={styles.measure}>
                {MEASURES[name].label}
                <span className={`muted small ${styles.narrow}`}>{MEASURES[name].definition}</span>
              </td>
              <td className="number">{figureOf(MEASURES[name], values, currency)}</td>
              <td className={`muted ${styles.definition}`}>{MEASURES[name].definition}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={`muted small ${styles.foot}`}>{words.netVariance}</p>
    </Panel>
  );
}

function figureOf({ field, unit }: Measure, values: Readonly<Record<string, unknown>>, currency: string): string {
  const value = values[field.replace('measures.', '')];
  if (typeof value === 'number') return formatCount(value);
  if (typeof value !== 'string' || value === '') return words.unknown;
  if (unit === 'share') return formatShare(value);
  if (unit === 'money') return formatMoney(value, currency, true);
  if (unit === 'days' || unit === 'hours') return words.units[unit](formatQuantity(value));
  return formatQuantity(value);
}
