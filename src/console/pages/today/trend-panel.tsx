/** How accuracy and gross variance went over the last month. Never draws one day: one point is no trend. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { MEASURES, type TrendRow } from '../../../contract/measures.ts';
import { ask } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import { formatMoney, formatQuantity, formatShare, signOf } from '../../format/decimals.ts';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { TrendChart } from '../../parts/trend-chart.tsx';
import { texts } from '../../texts/texts.ts';
import type { RunResult } from './run-standing.ts';
import styles from './today.module.css';

const words = texts.today.trend;
const DAYS = 30;

export function TrendPanel({ result, site }: { result: RunResult; site: string }): ReactNode {
  const { sites } = useSession();
  // Who sees some sites only is told of one at a time.
  const isAsked = site === '' ? sites === null || sites.length === 1 : isKnown(result, site);
  const query = useQuery({
    ...ask('GET /measures', { query: { days: DAYS, ...(site !== '' && { site }) } }),
    enabled: isAsked,
  });
  if (!isAsked) return null;
  return (
    <Panel
      title={words.title(DAYS)}
      actions={
        <Link to="/measures" className="small">
          {words.more}
        </Link>
      }
    >
      <Loaded query={query} skeleton={<Skeleton lines={6} />}>
        {({ rows }) => <Charts rows={rows as unknown as readonly TrendRow[]} />}
      </Loaded>
    </Panel>
  );
}

function isKnown({ by_site: sites }: RunResult, site: string): boolean {
  return sites.some((each) => each['site'] === site);
}

function Charts({ rows }: { rows: readonly TrendRow[] }): ReactNode {
  if (rows.length === 0) return <p className={styles.said}>{words.none}</p>;
  if (rows.length === 1) return <p className={styles.said}>{words.one}</p>;
  const isValued = rows.some((row) => signOf(row.gross_variance_value) !== 0);
  const amountOf = (row: TrendRow): string => (isValued ? row.gross_variance_value : row.gross_variance_quantity);
  const wordsOf = (row: TrendRow): string =>
    isValued ? formatMoney(row.gross_variance_value, row.currency, true) : formatQuantity(row.gross_variance_quantity);
  const measured = rows.filter(({ sync_accuracy_keys: share }) => share !== '');
  return (
    <div className={styles.charts}>
      <TrendChart
        name={MEASURES.accuracy.label}
        definition={MEASURES.accuracy.definition}
        kind="line"
        points={measured.map(({ cut_off: at, sync_accuracy_keys: share }) => ({
          at,
          height: Number(share),
          words: formatShare(share),
        }))}
      />
      <TrendChart
        name={isValued ? MEASURES.gross.label : MEASURES.grossUnits.label}
        definition={isValued ? MEASURES.gross.definition : MEASURES.grossUnits.definition}
        kind="bars"
        points={rows.map((row) => ({ at: row.cut_off, height: Number(amountOf(row)), words: wordsOf(row) }))}
      />
    </div>
  );
}
