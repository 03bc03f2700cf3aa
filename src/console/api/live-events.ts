/**
 * Keeps what is shown up to date: the server tells what happened, and answers that depend on it are asked for again.
 * Decides which answers depend on which events. Never shows anything.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
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

export function useLiveEvents(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const old = new Set<RegExp>();
    let timer: number | undefined;
    const refresh = (): void => {
      timer = undefined;
      const operations = [...old];
      old.clear();
      refreshAnswers(queries, operations);
    };
    const source = new EventSource('/api/v1/events');
    const note = ({ type }: Event): void => {
      const all = MADE_OLD.map(([, operations]) => operations);
      const fitting = MADE_OLD.find(([beginning]) => type.startsWith(beginning))?.[1];
      for (const operations of type === 'reset' ? all : [fitting]) if (operations !== undefined) old.add(operations);
      timer ??= window.setTimeout(refresh, GATHERED_MS);
    };
    for (const kind of EVENT_KINDS) source.addEventListener(kind, note);
    return () => {
      source.close();
      window.clearTimeout(timer);
    };
  }, [queries]);
}

function refreshAnswers(queries: QueryClient, old: readonly RegExp[]): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [name] }) => typeof name === 'string' && old.some((operations) => operations.test(name)),
  });
}
