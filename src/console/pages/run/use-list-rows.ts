/** The rows of the list as the address wants them: one list, or one for each open group. Never draws any. */
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type Answer, ask, call } from '../../api/ask.ts';
import { NONE } from './filter-words.ts';
import { kept } from './kept.ts';
import { type AskLines, LineStore } from './line-store.ts';
import { type Group, ListRows, type Section } from './list-rows.ts';
import { queryOf, type RunView, type Sort } from './run-view.ts';

export interface ListState {
  readonly rows: ListRows;
  readonly version: number;
  readonly error: unknown;
  /** Nothing is known of the list yet. */
  readonly isLoading: boolean;
  readonly retry: () => void;
  readonly turn: (group: string) => void;
}

type Query = Record<string, string>;

const lineAsker =
  (runId: string, query: Query, sort: Sort): AskLines =>
  async (offset, limit, signal) =>
    (
      await call(
        'GET /runs/{id}/discrepancies',
        { path: { id: runId }, query: { ...query, sort, offset, limit } },
        { signal },
      )
    ).body;

/** Sums of all lines of the list, and the line that is out by most. */
export function useListSums(runId: string, view: RunView): UseQueryResult<Answer<'GET /runs/{id}/discrepancies'>> {
  const query = { ...queryOf(view), sort: 'units', limit: 1 } as const;
  return useQuery(kept(ask('GET /runs/{id}/discrepancies', { path: { id: runId }, query })));
}

/** Opens and closes what is shown; lists that nobody sees any more wait for nothing. */
export function useListRows(runId: string, view: RunView): ListState {
  const { sort, group } = view;
  const name = JSON.stringify([runId, queryOf(view), sort, group]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name says all of it
  const shelf = useMemo(() => new Shelf(runId, queryOf(view), sort), [name]);
  const [open, setOpen] = useState<{ name: string; groups: readonly string[] }>({ name, groups: [] });
  const groups = useQuery({
    ...kept(
      ask('GET /runs/{id}/groups', { path: { id: runId }, query: { ...queryOf(view), by: group, limit: 1_000 } }),
    ),
    enabled: group !== undefined,
  });
  const opened = open.name === name ? open.groups : NO_GROUPS;
  const version = useSyncExternalStore(shelf.subscribe, shelf.version);
  useEffect(() => {
    if (group === undefined) shelf.whole().show(0, 0);
    return () => shelf.close();
  }, [shelf, group]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with what was loaded, their number is known
  const rows = useMemo(
    () =>
      new ListRows(group === undefined ? [shelf.section()] : shelf.groups(group, groups.data?.groups ?? [], opened)),
    [shelf, group, groups.data, opened, group === undefined ? shelf.section().lines : 0],
  );
  const turn = useCallback(
    (each: string): void =>
      setOpen((before) => {
        const now = before.name === name ? before.groups : [];
        return { name, groups: now.includes(each) ? now.filter((other) => other !== each) : [...now, each] };
      }),
    [name],
  );
  return {
    rows,
    version,
    error: groups.error ?? shelf.error(),
    isLoading: group === undefined ? shelf.whole().totals === undefined : groups.data === undefined,
    retry: () => {
      if (groups.error !== null) void groups.refetch();
      shelf.retry();
    },
    turn,
  };
}

const NO_GROUPS: readonly string[] = [];

/** The stores of one list: the whole of it, and one for each group that was opened. */
class Shelf {
  private readonly runId: string;
  private readonly query: Query;
  private readonly sort: Sort;
  private readonly stores = new Map<string, LineStore>();
  private readonly listeners = new Set<() => void>();
  private changes = 0;

  constructor(runId: string, query: Query, sort: Sort) {
    this.runId = runId;
    this.query = query;
    this.sort = sort;
  }

  readonly version = (): number => this.changes;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  whole(): LineStore {
    return this.store('', {});
  }

  section(): Section {
    const store = this.whole();
    return { group: undefined, store, lines: store.totals?.discrepancies ?? 0 };
  }

  groups(by: string, groups: readonly Group[], opened: readonly string[]): Section[] {
    return groups.map((group) => {
      const store = opened.includes(group.group)
        ? this.store(`=${group.group}`, { [by]: group.group === '' ? NONE : group.group })
        : undefined;
      return { group, store, lines: group.discrepancies };
    });
  }

  error(): unknown {
    return [...this.stores.values()].find((store) => store.error !== undefined)?.error;
  }

  retry(): void {
    for (const store of this.stores.values()) if (store.error !== undefined) store.retry();
  }

  close(): void {
    for (const store of this.stores.values()) store.close();
  }

  private store(name: string, limit: Query): LineStore {
    const known = this.stores.get(name);
    if (known !== undefined) return known;
    const made = new LineStore(lineAsker(this.runId, { ...this.query, ...limit }, this.sort));
    made.subscribe(() => {
      this.changes++;
      for (const listener of this.listeners) listener();
    });
    this.stores.set(name, made);
    return made;
  }
}
