/** Discrepancies as they stand now, and what raised an alert by itself. Never works either out: the live state is kept by jobs. */
import { z } from 'zod';
import { minorDecimalsOf } from '../../app/minor-decimals.ts';
import { alertSchema, alertsQuery, livePage, liveQuery } from '../../contract/api/live.ts';
import { pageOf } from '../../contract/api/paging.ts';
import { type AlertRow, listAlerts } from '../../store/work/alerts.ts';
import { newestBatch } from '../../store/work/intake.ts';
import { currentGeneration, type LiveLineRow, listLiveLines } from '../../store/work/live-state.ts';
import type { ApiContext } from '../api-context.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { momentText, momentTextOrNull } from '../moment-text.ts';
import { type Route, route } from '../route.ts';
import { visibleSites } from '../visible-sites.ts';

/** Before the first run there is nothing to carry forward. */
const NOTHING_YET: z.output<typeof livePage> = {
  items: [],
  next_cursor: null,
  run_id: null,
  as_of: null,
  pending_batches: 0,
};
const LINE_POSITION = z.tuple([z.number(), z.string(), z.string(), z.string(), z.string(), z.string()]);

export function liveRoutes({ database, configuration }: ApiContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/discrepancies',
      summary:
        'Keys that are out of sync now: the last run carried forward by what arrived since, the highest value first',
      tag: 'live',
      role: 'viewer',
      scope: 'filtered',
      query: liveQuery,
      response: livePage,
      handle: async ({ query, principal }) => {
        const generation = await currentGeneration(database.db);
        if (generation === undefined) return { body: NOTHING_YET };
        const [valueSize, item, site, owner, lot, category] = positionOf(query.cursor, LINE_POSITION) ?? [];
        const { currency } = configuration().configuration;
        const rows = await listLiveLines(database.db, generation.generation, {
          state: query.state,
          sites: visibleSites(principal, query.site),
          items: query.item,
          categories: query.category,
          valueMin: query.min_value === undefined ? undefined : query.min_value * 10 ** minorDecimalsOf(currency),
          ...(valueSize !== undefined && { after: { valueSize, item, site, owner, lot, category } as never }),
          limit: query.limit + 1,
        });
        const page = pageFrom(rows, query.limit, lineDocument, (row) => [
          ...[row.value_size, row.item, row.site, row.owner, row.lot, row.category],
        ]);
        const pending = (await newestBatch(database.db)) - generation.batch;
        const { run_id, as_of } = generation;
        return { body: { ...page, run_id, as_of: momentText(as_of), pending_batches: pending } };
      },
    }),
    route({
      method: 'GET',
      url: '/alerts',
      summary: 'Messages past their lag and feeds that fell silent, the newest first',
      tag: 'live',
      role: 'viewer',
      scope: 'filtered',
      query: alertsQuery,
      response: pageOf(alertSchema),
      handle: async ({ query, principal }) => {
        const [openedAt, id] = positionOf(query.cursor, z.tuple([z.int(), z.string()])) ?? [];
        const rows = await listAlerts(database.db, {
          ...(query.kind !== undefined && { kinds: [query.kind] }),
          ...(query.state !== 'all' && { isOpen: query.state === 'open' }),
          sites: visibleSites(principal, query.site),
          items: query.item,
          ...(openedAt !== undefined && id !== undefined && { before: { openedAt, id } }),
          limit: query.limit + 1,
        });
        return { body: pageFrom(rows, query.limit, alertDocument, (row) => [row.opened_at, row.id]) };
      },
    }),
  ];
}

function lineDocument({ state, document, opened_at, changed_at }: LiveLineRow) {
  const times = { opened_at: momentText(opened_at), changed_at: momentText(changed_at) };
  return { state, ...JSON.parse(document), ...times };
}

function alertDocument({ id, kind, site, item, opened_at, closed_at, document }: AlertRow) {
  const times = { opened_at: momentText(opened_at), closed_at: momentTextOrNull(closed_at) };
  return { id, kind, site, item, ...times, about: JSON.parse(document) };
}
