/** Where the dollars are, beside the list. Loaded when somebody wants it; choosing in it limits the list. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask } from '../../api/ask.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './charts.module.css';
import { kept } from './kept.ts';
import { Pareto } from './pareto.tsx';
import { CHARTS, type ChartName, type Filter, GROUPS, type GroupName, queryOf, type RunView } from './run-view.ts';
import { Treemap } from './treemap.tsx';
import { treemapData } from './treemap-data.ts';

const words = texts.run.charts;
/** So many of the most expensive lines have areas of their own. */
const TOP_LINES = 400;

interface ChartsProps {
  readonly runId: string;
  readonly view: RunView;
  readonly currency: string;
  readonly onChart: (chart: ChartName | undefined) => void;
  readonly onFilter: (change: Filter) => void;
}

export function Charts({ onChart, ...props }: ChartsProps): ReactNode {
  const chart = props.view.chart ?? 'pareto';
  return (
    <section className={styles.charts} aria-label={words.label}>
      <header className={styles.head}>
        <h2>{words.label}</h2>
        <button type="button" className={styles.close} onClick={() => onChart(undefined)}>
          <Icon name="close" label={texts.actions.close} />
        </button>
      </header>
      <fieldset className={styles.kinds} aria-label={words.label}>
        {CHARTS.map((name) => (
          <button key={name} type="button" aria-pressed={name === chart} onClick={() => onChart(name)}>
            {words[name]}
          </button>
        ))}
      </fieldset>
      {chart === 'pareto' ? <ParetoChart {...props} /> : <TreemapChart {...props} />}
    </section>
  );
}

function useGroups(runId: string, view: RunView, by: GroupName) {
  const query = { ...queryOf(view), by, limit: 30 };
  return useQuery(kept(ask('GET /runs/{id}/groups', { path: { id: runId }, query })));
}

function ParetoChart({ runId, view, currency, onFilter }: Omit<ChartsProps, 'onChart'>): ReactNode {
  const [by, setBy] = useState<GroupName>('cause');
  const groups = useGroups(runId, view, by);
  return (
    <>
      <label className={styles.by}>
        {words.by}
        <select value={by} onChange={({ target }) => setBy(target.value as GroupName)}>
          {GROUPS.map((name) => (
            <option key={name} value={name}>
              {texts.run.filters[name]}
            </option>
          ))}
        </select>
      </label>
      <Loaded query={groups} skeleton={<Skeleton lines={8} height={24} />}>
        {(found) => <Pareto groups={found.groups} by={by} currency={currency} onFilter={onFilter} />}
      </Loaded>
    </>
  );
}

function TreemapChart({ runId, view, currency, onFilter }: Omit<ChartsProps, 'onChart'>): ReactNode {
  const groups = useGroups(runId, view, 'cause');
  const query = { ...queryOf(view), sort: 'value', limit: TOP_LINES } as const;
  const lines = useQuery(kept(ask('GET /runs/{id}/discrepancies', { path: { id: runId }, query })));
  return (
    <Loaded query={groups} skeleton={<Skeleton lines={8} height={24} />}>
      {({ groups: causes }) => (
        <Loaded query={lines} skeleton={<Skeleton lines={8} height={24} />}>
          {({ items, totals }) => {
            const areas = treemapData(causes, items);
            return areas.length === 0 ? (
              <Notice title={words.nothing} />
            ) : (
              <>
                <Treemap causes={areas} currency={currency} onFilter={onFilter} />
                {totals.discrepancies > TOP_LINES && <p className="muted small">{words.ofTop(TOP_LINES)}</p>}
              </>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}
