/** Discrepancies as they stand now, and what raised an alert by itself. Never works either out: the live state is kept by jobs. */
import { z } from 'zod';
import { snapshotsOf } from '../../app/live-frame.ts';
import { minorDecimalsOf } from '../../app/minor-decimals.ts';
import { alertSchema, alertsQuery, livePage, liveQuery } from '../../contract/api/live.ts';
import { pageOf } from '../../contract/api/paging.ts';
import { type AlertRow, listAlerts } from '../../store/work/alerts.ts';
import { newestBatch } from '../../store/work/intake.ts';
import { countLiveLines, type LiveLineRow, type LiveSelection, listLiveLines } from '../../store/work/live-lines.ts';
import { currentGeneration, type LiveGeneration } from '../../store/work/live-state.ts';
import type { ApiContext } from '../api-context.ts';
import { pageFrom, positionOf } from '../cursor.ts';
import { momentText, momentTextOrNull } from '../moment-text.ts';
import { type Route, route } from '../route.ts';
import { visibleSites } from '../visible-sites.ts';

/** Before the first run there is nothing to carry forward. */
const NOTHING_YET: z.output<typeof livePage> = {
  items: [],
  next_cursor: null,
  totals: { discrepancies: 0, timing: 0 },
  systems: [],
  run_id: null,
  as_of: null,
  pending_batches: 0,
};
const LINE_POSITION = z.tuple([z.number(), z.string(), z.string(), z.string(), z.string(), z.string()]);

/** How often the list is read again where it changed meanwhile; then what was read last stands. */
const ATTEMPTS_MAX = 3;

export function liveRoutes(context: ApiContext): Route[] {
  const { database, configuration } = context;
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
        const [valueSize, item, site, owner, lot, category] = positionOf(query.cursor, LINE_POSITION) ?? [];
        const { currency } = configuration().configuration;
        const selection: LiveSelection = {
          state: query.state,
          sites: visibleSites(principal, query.site),
          items: query.item,
          categories: query.category,
          valueMin: query.min_value === undefined ? undefined : query.min_value * 10 ** minorDecimalsOf(currency),
          ...(valueSize !== undefined && { after: { valueSize, item, site, owner, lot, category } as never }),
          limit: query.limit + 1,
        };
        const found = await readLive(context, selection);
        if (found === undefined) return { body: NOTHING_YET };
        const { generation, rows, totals } = found;
        const page = pageFrom(rows, query.limit, lineDocument, (row) => [
          ...[row.value_size, row.item, row.site, row.owner, row.lot, row.category],
        ]);
        const pending = (await newestBatch(database.db)) - generation.batch;
        const { run_id, as_of } = generation;
        const systems = await systemsOf(context, generation);
        return { body: { ...page, totals, systems, run_id, as_of: momentText(as_of), pending_batches: pending } };
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

/** Lines and counts of one state: lines of a former start are removed once there is another one. */
async function readLive({ database: { db } }: ApiContext, selection: LiveSelection) {
  const { state, after, limit, ...filter } = selection;
  let generation = await currentGeneration(db);
  for (let attempt = 1; generation !== undefined; attempt++) {
    const rows = await listLiveLines(db, generation.generation, selection);
    const { discrepancy: discrepancies, timing } = await countLiveLines(db, generation.generation, filter);
    const now = await currentGeneration(db);
    const isSame = now?.generation === generation.generation && now.as_of === generation.as_of;
    if (isSame || attempt === ATTEMPTS_MAX) return { generation, rows, totals: { discrepancies, timing } };
    generation = now;
  }
  return undefined;
}

/** What the lines rest on. A run whose folder was removed meanwhile says nothing any more. */
async function systemsOf({ results }: ApiContext, { run_id, fed }: LiveGeneration) {
  const run = await results.document(run_id).catch(() => ({ inputs: [] }));
  const sending: readonly string[] = JSON.parse(fed);
  return [...snapshotsOf(run)].map(([system, at]) => ({
    system,
    snapshot_as_of: momentText(at),
    sends_movements: sending.includes(system),
  }));
}

function lineDocument({ state, document, opened_at, changed_at }: LiveLineRow) {
  const times = { opened_at: momentText(opened_at), changed_at: momentText(changed_at) };
  return { state, ...JSON.parse(document), ...times };
}

function alertDocument({ id, kind, site, item, opened_at, closed_at, document }: AlertRow) {
  const times = { opened_at: momentText(opened_at), closed_at: momentTextOrNull(closed_at) };
  return { id, kind, site, item, ...times, about: JSON.parse(document) };
}
