/** All runs, the newest first: how each ended, why it was made, what it found. Never its lines. */

import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Answer, call } from '../../api/ask.ts';
import { formatCount, formatMoney, formatShare } from '../../format/decimals.ts';
import { formatMoment } from '../../format/moments.ts';
import { Defined, Moment } from '../../parts/figures.tsx';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { RunProgress } from './run-progress.tsx';
import { summaryOf } from './run-summary.ts';
import { RunWords } from './run-words.tsx';
import styles from './runs.module.css';
import { StartRun } from './start-run.tsx';

type Run = Answer<'GET /runs/{id}'>;
const words = texts.runs;
const PAGE_RUNS = 50;
const STATES = ['running', 'queued', 'complete', 'refused', 'failed', 'cancelled'] as const;

export function RunsPage(): ReactNode {
  const { state } = useSearch({ strict: false });
  const runs = useRuns(state);
  return (
    <Page title={words.title} lead={words.lead} actions={<StartRun />}>
      <StateFilter state={state} />
      <Loaded query={runs} skeleton={<Skeleton lines={10} height={20} />}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          if (all.length === 0) return <Empty isFiltered={state !== undefined} />;
          return (
            <>
              <Panel isFlush>
                <RunTable runs={all} />
              </Panel>
              {runs.hasNextPage && (
                <Button variant="default" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
                  {words.older}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function useRuns(state: string | undefined) {
  return useInfiniteQuery({
    queryKey: ['GET /runs', { state }, 'page by page'],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        ...(state !== undefined && { state }),
        ...(pageParam !== '' && { cursor: pageParam }),
        limit: PAGE_RUNS,
      };
      return (await call('GET /runs', { query }, { signal })).body;
    },
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
  });
}

function StateFilter({ state }: { state: string | undefined }): ReactNode {
  const navigate = useNavigate();
  const choose = (name: string | undefined): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, state: name }) });
  return (
    <fieldset className={styles.states} aria-label={words.filter}>
      <button type="button" aria-pressed={state === undefined} onClick={() => choose(undefined)}>
        {words.all}
      </button>
      {STATES.map((name) => (
        <button key={name} type="button" aria-pressed={state === name} onClick={() => choose(name)}>
          {words.states[name]}
        </button>
      ))}
    </fieldset>
  );
}

function Empty({ isFiltered }: { isFiltered: boolean }): ReactNode {
  if (isFiltered) return <Notice title={words.emptyState}>{words.emptyStateHint}</Notice>;
  return (
    <Notice title={words.empty}>
      <p>{words.emptyHint}</p>
      <Link to="/sources">{words.toSources}</Link>
    </Notice>
  );
}

function RunTable({ runs }: { runs: readonly Run[] }): ReactNode {
  const newest = runs.find(({ state }) => state === 'complete')?.id;
  return (
    <table className={`${table.table} ${styles.table}`}>
      <thead>
        <tr>
          <th scope="col">{words.columns.when}</th>
          <th scope="col">{words.columns.state}</th>
          <th scope="col">{words.columns.why}</th>
          <th scope="col" className={table.number}>
            {words.columns.duration}
          </th>
          <th scope="col" className={table.number}>
            {words.columns.off}
          </th>
          <th scope="col" className={table.number}>
            {words.columns.gross}
          </th>
          <th scope="col" className={table.number}>
            <Defined name={words.columns.accuracy} definition={words.accuracyDefinition} />
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} isNewest={run.id === newest} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run, isNewest }: { run: Run; isNewest: boolean }): ReactNode {
  const { id, state } = run;
  const at = run.started_at ?? run.created_at;
  const summary = summaryOf(run);
  const totals = summary?.totals ?? null;
  return (
    <tr>
      <th scope="row">
        <Link to="/runs/$runId" params={{ runId: id }} aria-label={words.open(formatMoment(at, Date.now()))}>
          <Moment at={at} />
        </Link>
        {isNewest && <span className={styles.newest}>{words.latest}</span>}
      </th>
      <td className={styles.stateCell}>
        <span className={styles.state} data-state={state}>
          {words.states[state]}
        </span>
        <Details run={run} />
      </td>
      <td>{whyWords(run)}</td>
      <td className={table.number} data-name={words.columns.duration}>
        {durationOf(run)}
      </td>
      <td className={table.number} data-name={words.columns.off}>
        {totals !== null && formatCount(totals.discrepancies)}
      </td>
      <td className={table.number} data-name={words.columns.gross}>
        {totals !== null && formatMoney(totals.gross_variance_value, summary?.currency ?? '', true)}
      </td>
      <td className={table.number} data-name={words.columns.accuracy}>
        {totals !== null && formatShare(totals.sync_accuracy_keys)}
      </td>
    </tr>
  );
}

/** Why it was made, and what it was limited to. */
function whyWords({ cause, filters, force }: Run): ReactNode {
  const limits = words.limited(
    words.limitedSites(filters.site),
    filters.item.length === 0 ? '' : words.limitedItems(filters.item.length),
  );
  return (
    <>
      {words.causes[cause]}
      {filters.site.length + filters.item.length > 0 && <span className="muted small"> {limits}</span>}
      {force !== null && <p className={styles.forced}>{words.forced(force.reason)}</p>}
    </>
  );
}

/** What a run that goes on, was refused or failed has to say. */
function Details({ run }: { run: Run }): ReactNode {
  if (run.state === 'queued' || run.state === 'running') return <RunProgress run={run} />;
  if (run.state === 'refused' || run.state === 'failed')
    return (
      <div className={styles.words}>
        <RunWords run={run} />
      </div>
    );
  return null;
}

/** "0.8 s", "12 s", "4 min": as exact as one wants to know it. */
function durationOf({ started_at: from, finished_at: to }: Run): string {
  if (from === null || to === null) return '';
  return words.took(Date.parse(to) - Date.parse(from));
}
