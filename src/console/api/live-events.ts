/**
 * Keeps what is shown up to date: the server tells what happened, and answers that depend on it are asked for again.
 * Decides which answers depend on which events. Never shows anything.
 */
import { type Query, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** What an event begins with, and the operations whose answers it makes old; the first that fits counts. */
const MADE_OLD: readonly (readonly [string, RegExp])[] = [
  // It comes several times a second; nothing but how far a run is changes by it.
  ['run.progress', /^GET \/runs(\/\{id\})?$/],
  ['run.', /^GET \/(runs|measures|sources|items|interfaces|schedules)/],
  ['discrepanc', /^GET \/discrepancies/],
  ['alert.', /^GET \/(alerts|interfaces)/],
  ['schedule.', /^GET \/schedules/],
  ['import.', /^GET \/(imports|sources)/],
  ['mapping.', /^GET \/mappings/],
  ['source.', /^GET \/sources/],
];
/** Many events may come at once; what they make old is asked for once. */
const GATHERED_MS = 400;

const EVENT_KINDS = [
  'run.queued',
  'run.started',
  'run.progress',
  'run.complete',
  'run.refused',
  'run.failed',
  'run.cancelled',
  'discrepancy.opened',
  'discrepancy.changed',
  'discrepancy.closed',
  'discrepancies.rebased',
  'alert.opened',
  'alert.closed',
  'schedule.skipped',
  'schedule.created',
  'schedule.updated',
  'schedule.deleted',
  'source.added',
  'import.accepted',
  'import.held',
  'import.refused',
  'import.removed',
  'mapping.changed',
  'reset',
];

let source: EventSource | undefined;

/**
 * Listens from now on. Called as soon as somebody is signed in, so that pages mostly ask when it listens already; what they
 * asked before that is asked for again, for nothing tells what happened in between.
 */
export function hearEvents(queries: QueryClient): void {
  if (source !== undefined && source.readyState !== EventSource.CLOSED) return;
  const old = new Set<RegExp>();
  const all = MADE_OLD.map(([, operations]) => operations);
  const refresh = (): void => {
    const operations = [...old];
    old.clear();
    refreshAnswers(queries, operations);
  };
  const opened = new EventSource('/api/v1/events');
  const note = ({ type }: Event): void => {
    // After a session of somebody else.
    if (opened !== source) return;
    const fitting = MADE_OLD.find(([beginning]) => type.startsWith(beginning))?.[1];
    const isFirst = old.size === 0;
    for (const operations of type === 'reset' ? all : [fitting]) if (operations !== undefined) old.add(operations);
    if (isFirst && old.size > 0) window.setTimeout(refresh, GATHERED_MS);
  };
  for (const kind of EVENT_KINDS) opened.addEventListener(kind, note);
  // The first time only: afterwards the browser says which event it had last, and is told all that came since.
  opened.addEventListener('open', () => refreshAnswers(queries, all), { once: true });
  source = opened;
}

/** Listens while the frame of the pages stands. */
export function useLiveEvents(): void {
  const queries = useQueryClient();
  useEffect(() => {
    hearEvents(queries);
    return () => {
      source?.close();
      source = undefined;
    };
  }, [queries]);
}

/** An answer that is under way may have been made before what happened: it is asked for again once it is there. */
function refreshAnswers(queries: QueryClient, old: readonly RegExp[]): void {
  const isOld = ({ queryKey: [name] }: Query): boolean =>
    typeof name === 'string' && old.some((operations) => operations.test(name));
  const underWay = queries.getQueryCache().findAll({ fetchStatus: 'fetching', predicate: isOld });
  for (const { promise, queryKey } of underWay) {
    const again = (): void => void queries.invalidateQueries({ queryKey, exact: true });
    promise?.then(again, again);
  }
  void queries.invalidateQueries({ fetchStatus: 'idle', predicate: isOld });
}
