/**
 * The discrepancies of a run: filters, the list, what lies beside it, and the keys. Decides what a press means; the address
 * holds what is seen.
 */
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, type RefObject, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { FailureNotice, Notice, Skeleton } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import { ChangeChips } from './change-chips.tsx';
import { inOrder, movedTo } from './column-order.ts';
import { COLUMNS_BESIDE, COLUMNS_SHOWN, type ColumnName } from './columns.tsx';
import { exportedColumns } from './exported-columns.ts';
import { ActiveFilters, FilterBar } from './filter-bar.tsx';
import { Grid, type GridHandle } from './grid.tsx';
import type { RowLook } from './grid-row.tsx';
import { grossWords, netWords } from './gross-words.ts';
import { ItemPanel } from './item-panel.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { type LayoutChoice, useLayoutChoice } from './layout-choice.ts';
import type { LineSums } from './line-store.ts';
import { ListTools } from './list-tools.tsx';
import { PrintedLines } from './printed-lines.tsx';
import styles from './run.module.css';
import { exportAddress, FILTERS, type Filter, nextSort, queryOf, type RunView, type SortName } from './run-view.ts';
import { SelectionBar } from './selection-bar.tsx';
import { useListKeys } from './use-list-keys.ts';
import { type ListState, useListRows, useListSums } from './use-list-rows.ts';
import { useSelection } from './use-selection.ts';

const Charts = lazy(async () => ({ default: (await import('./charts.tsx')).Charts }));

interface RunListProps {
  readonly runId: string;
  /** The run before, where lines that are gone are looked at. */
  readonly since: string | undefined;
  readonly view: RunView;
  readonly currency: string;
  readonly titleOf: (finding: string) => string | undefined;
}

const ROW = 32;
const ROW_COMFORTABLE = 40;
const ROW_CARD = 64;

export function RunList(props: RunListProps): ReactNode {
  const { runId, since, view } = props;
  const isCard = useMediaQuery('(max-width: 760px)', window.innerWidth <= 760, { getInitialValueInEffect: false });
  const [layout, changeLayout] = useFittingLayout();
  const changeView = useChangeView();
  const grid = useRef<GridHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const [isKeysOpen, setKeysOpen] = useState(false);
  const onFilter = (change: Filter): void => changeView({ ...change, line: undefined });
  const onSort = (name: SortName): void => changeView({ sort: nextSort(view.sort, name) });
  return (
    <div className={styles.list}>
      <ChangeChips runId={runId} since={since} view={view} onFilter={onFilter} />
      <div className={styles.bars}>
        <FilterBar {...props} search={search} onFilter={onFilter} />
        <ListTools
          runId={runId}
          view={view}
          layout={layout}
          isCard={isCard}
          onLayout={changeLayout}
          onView={changeView}
          onSort={onSort}
          onKeys={() => setKeysOpen(true)}
        />
      </div>
      <ActiveFilters {...props} onFilter={onFilter} />
      <div className={styles.split}>
        <ListPart
          {...props}
          grid={grid}
          layout={layout}
          isCard={isCard}
          changeView={changeView}
          onFilter={onFilter}
          onSort={onSort}
          onFind={() => search.current?.focus()}
          onExplain={() => setKeysOpen(true)}
          onColumns={(columns) => changeLayout({ columns })}
        />
        <Beside {...props} grid={grid} changeView={changeView} onFilter={onFilter} />
      </div>
      <KeysDialog
        isOpen={isKeysOpen}
        hasKeys={layout.hasKeys}
        onKeys={(hasKeys) => changeLayout({ hasKeys })}
        onClose={() => setKeysOpen(false)}
      />
    </div>
  );
}

/** On a tablet, those of the usual columns that fit; what somebody chose stays as it was chosen. */
function useFittingLayout(): ReturnType<typeof useLayoutChoice> {
  const isNarrow = useMediaQuery('(max-width: 1000px)', window.innerWidth <= 1000, { getInitialValueInEffect: false });
  const [layout, change] = useLayoutChoice();
  const isUsual = layout.columns.join() === COLUMNS_SHOWN.join();
  return [isNarrow && isUsual ? { ...layout, columns: COLUMNS_BESIDE } : layout, change];
}

interface PartProps extends RunListProps {
  readonly grid: RefObject<GridHandle | null>;
  readonly changeView: ChangeView;
  readonly onFilter: (change: Filter) => void;
}

interface ListPartProps extends PartProps {
  readonly layout: LayoutChoice;
  readonly isCard: boolean;
  readonly onSort: (name: SortName) => void;
  readonly onFind: () => void;
  readonly onExplain: () => void;
  readonly onColumns: (columns: readonly ColumnName[]) => void;
}

/** The list itself with its keys, what is selected in it, and its sums. */
function ListPart(props: ListPartProps): ReactNode {
  const { runId, view, currency, grid, layout, isCard, changeView, onFilter, onSort, onFind, onExplain, onColumns } =
    props;
  const list = useListRows(runId, view);
  const sums = useListSums(runId, view);
  const selection = useSelection();
  const cursor = useCursor(list, view, changeView, grid);
  const look = useLook(props, sums.data?.items[0]?.net_variance_quantity ?? '');
  const select = (row: number, isRange: boolean): void => {
    const at = list.rows.count === 0 ? undefined : list.rows.rowAt(row);
    if (isRange) selection.extend(list.rows, row);
    else if (at?.kind === 'line' && at.line !== undefined) selection.toggle(at.line, row);
  };
  useListKeys(
    {
      ...cursor.keys,
      select: (isRange) => select(cursor.active, isRange),
      exportSeen: () => {
        const seen = { ...queryOf(view), columns: exportedColumns(layout.columns) };
        location.assign(exportAddress(runId, seen, view.sort, 'csv'));
      },
      find: onFind,
      explain: onExplain,
      close: () => {
        if (!isBeside(view)) return selection.clear();
        changeView({ line: undefined, chart: undefined });
        grid.current?.focus();
      },
    },
    layout.hasKeys,
  );
  return (
    <div className={styles.main}>
      <Lines
        list={list}
        view={view}
        onClear={() => onFilter(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
      >
        <Grid
          key={view.group ?? ''}
          rows={list.rows}
          version={list.version}
          look={look}
          rowHeight={isCard ? ROW_CARD : layout.isComfortable ? ROW_COMFORTABLE : ROW}
          sort={view.sort}
          active={cursor.active}
          isSelected={(row) => isRowSelected(list, row, selection.lines)}
          handle={grid}
          onSort={onSort}
          onMove={isBeside(view) ? undefined : (name, onto) => onColumns(movedTo(layout.columns, name, onto))}
          onPress={(row, { isSelect, isRange }) => {
            cursor.set(row);
            if (isSelect) select(row, isRange);
            else cursor.open(row);
          }}
        />
        <PrintedLines rows={list.rows} look={look} columns={layout.columns} />
      </Lines>
      <footer className={styles.foot}>
        <SelectionBar selection={selection} runId={runId} query={queryOf(view)} sort={view.sort} />
        <Sums totals={sums.data?.totals} currency={currency} />
      </footer>
    </div>
  );
}

const isBeside = ({ line, chart }: RunView): boolean => line !== undefined || chart !== undefined;

function useLook({ view, layout, isCard, currency }: ListPartProps, largest: string): RowLook {
  const isNarrow = isBeside(view);
  const { group } = view;
  const columns = useMemo(
    () => (isNarrow ? inOrder(COLUMNS_BESIDE, layout.columns) : layout.columns),
    [isNarrow, layout.columns],
  );
  return useMemo(
    () => ({ columns, isCard, group, context: { currency, largest, now: Date.now() } }),
    [columns, isCard, group, currency, largest],
  );
}

function Sums({ totals, currency }: { totals: LineSums | undefined; currency: string }): ReactNode {
  if (totals === undefined) return null;
  return (
    <p role="status" className="muted small">
      {texts.run.list.sums(totals.discrepancies, grossWords(totals, currency, false), netWords(totals, currency))}
    </p>
  );
}

/** An item, or the charts. */
function Beside({ runId, since, view, currency, grid, changeView, onFilter }: PartProps): ReactNode {
  if (view.line !== undefined)
    return (
      <ItemPanel
        runId={runId}
        rank={view.line}
        gone={goneLimits(view)}
        evidenceRun={view.filter.change === 'gone' ? (since ?? runId) : runId}
        currency={currency}
        onClose={() => {
          changeView({ line: undefined });
          grid.current?.focus();
        }}
      />
    );
  if (view.chart === undefined) return null;
  return (
    <Suspense fallback={<Skeleton lines={8} height={24} />}>
      <Charts
        runId={runId}
        view={view}
        currency={currency}
        onChart={(chart) => changeView({ chart })}
        onFilter={onFilter}
      />
    </Suspense>
  );
}

function isRowSelected({ rows }: ListState, row: number, selected: ReadonlyMap<string, unknown>): boolean {
  if (selected.size === 0) return false;
  const at = rows.rowAt(row);
  return at.kind === 'line' && at.line !== undefined && selected.has(at.line.rank);
}

/** Lines that are gone are lines of the other run: their ranks mean nothing in this one. */
function goneLimits({ filter, since }: RunView): Record<string, string> | undefined {
  if (filter.change !== 'gone') return undefined;
  return { change: 'gone', ...(since !== undefined && { since }) };
}

type ChangeView = (change: Readonly<Record<string, string | undefined>>) => void;

/** What is seen is changed by the address; the way back is the browser's. */
function useChangeView(): ChangeView {
  const navigate = useNavigate();
  return useCallback(
    (change) => {
      // Lines that one walks through are no pages to go back to.
      const replace = Object.keys(change).every((name) => name === 'line');
      void navigate({ to: '.', search: (before) => ({ ...before, ...change }), replace, resetScroll: false });
    },
    [navigate],
  );
}

/** The row that keys are about, and what they do with it. */
function useCursor(list: ListState, view: RunView, changeView: ChangeView, grid: RefObject<GridHandle | null>) {
  const navigate = useNavigate();
  const [chosen, set] = useState(0);
  const last = list.rows.count - 1;
  const active = Math.min(chosen, Math.max(0, last));
  const follow = useRef<number>(undefined);
  const lineAt = (row: number) => {
    const at = row > last ? undefined : list.rows.rowAt(row);
    return at?.kind === 'line' ? at.line : undefined;
  };
  const moveTo = (row: number): void => {
    const next = Math.min(Math.max(0, row), Math.max(0, last));
    set(next);
    grid.current?.showRow(next);
    grid.current?.focus();
    if (view.line === undefined) return;
    // What is open beside follows, once the key is let go.
    window.clearTimeout(follow.current);
    follow.current = window.setTimeout(() => {
      const line = lineAt(next);
      if (line !== undefined) changeView({ line: line.rank });
    }, FOLLOW_MS);
  };
  const open = (row: number): void => {
    if (row > last) return;
    const at = list.rows.rowAt(row);
    if (at.kind === 'group') list.turn(at.group.group);
    else if (at.line !== undefined) changeView({ line: at.line.rank });
  };
  return {
    active,
    set,
    open,
    keys: {
      move: (step: number) => moveTo(active + step),
      page: (direction: -1 | 1) => moveTo(active + direction * (grid.current?.page() ?? 1)),
      edge: (side: 'first' | 'last') => moveTo(side === 'first' ? 0 : last),
      open: () => open(active),
      openFull: () => {
        const line = lineAt(active);
        if (line !== undefined)
          void navigate({ to: '/items/$item', params: { item: line.item }, search: { site: line.site } });
      },
    },
  };
}

const FOLLOW_MS = 120;

/** The list, or why there is none. */
function Lines({
  list,
  view,
  onClear,
  children,
}: {
  list: ListState;
  view: RunView;
  onClear: () => void;
  children: ReactNode;
}): ReactNode {
  const isFiltered = Object.keys(view.filter).length > 0;
  const clear = isFiltered && (
    <button type="button" className={styles.link} onClick={onClear}>
      {texts.run.filters.clear}
    </button>
  );
  if (list.error !== undefined && list.error !== null)
    return (
      <>
        <FailureNotice error={list.error} onRetry={list.retry} />
        {clear}
      </>
    );
  if (list.isLoading) return <Skeleton lines={12} height={20} />;
  if (list.rows.count === 0)
    return isFiltered ? (
      <Notice title={texts.run.list.filtered}>{clear}</Notice>
    ) : (
      <Notice title={texts.run.list.empty} tone="good">
        <p>{texts.run.list.emptyHint}</p>
      </Notice>
    );
  return children;
}
