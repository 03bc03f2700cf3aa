/** The measures of each day of a period as small charts. Never draws a single day. */
import type { ReactNode } from 'react';
import { MEASURES, type TrendRow } from '../../../contract/measures.ts';
import { formatCount, formatMoney, formatShare } from '../../format/decimals.ts';
import { Panel } from '../../parts/page.tsx';
import { TrendChart, type TrendPoint } from '../../parts/trend-chart.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './measures.module.css';

export function MeasureCharts({ rows }: { rows: readonly TrendRow[] }): ReactNode {
  if (rows.length < 2) return null;
  const shares = (field: 'sync_accuracy_keys' | 'explained_value_share'): TrendPoint[] =>
    rows
      .filter((row) => row[field] !== '')
      .map((row) => ({ at: row.cut_off, height: Number(row[field]), words: formatShare(row[field]) }));
  const counts = (field: 'discrepancies' | 'new' | 'resolved'): TrendPoint[] =>
    rows.flatMap((row) => {
      const count = row[field];
      return count === null ? [] : [{ at: row.cut_off, height: count, words: formatCount(count) }];
    });
  const gross = rows.map((row) => ({
    at: row.cut_off,
    height: Number(row.gross_variance_value),
    words: formatMoney(row.gross_variance_value, row.currency, true),
  }));
  const of = ({ label: name, definition }: { label: string; definition: string }) => ({ name, definition });
  return (
    <Panel title={texts.measures.trend}>
      <div className={styles.charts}>
        <TrendChart {...of(MEASURES.accuracy)} kind="line" points={shares('sync_accuracy_keys')} />
        <TrendChart {...of(MEASURES.gross)} kind="bars" points={gross} />
        <TrendChart {...of(MEASURES.discrepancies)} kind="bars" points={counts('discrepancies')} />
        <TrendChart {...of(MEASURES.new)} kind="bars" points={counts('new')} />
        <TrendChart {...of(MEASURES.resolved)} kind="bars" points={counts('resolved')} />
        <TrendChart {...of(MEASURES.explainedValue)} kind="line" points={shares('explained_value_share')} />
      </div>
    </Panel>
  );
}
