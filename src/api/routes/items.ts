/** One item as a run explains it and as runs saw it over time, and the measures over time. Never shows other sites than the caller's. */
import { tmpdir } from 'node:os';
import { explainItem, readItemAliases } from '../../app/explain-item.ts';
import { itemHistory } from '../../app/item-history.ts';
import { measureGroups } from '../../app/measure-groups.ts';
import { pinFiles } from '../../app/pin-imports.ts';
import { trend } from '../../app/trend.ts';
import {
  itemHistoryQuery,
  itemHistorySchema,
  itemParams,
  itemQuery,
  itemViewSchema,
  measureGroupsQuery,
  measureGroupsSchema,
  measuresQuery,
  measuresSchema,
} from '../../contract/api/items.ts';
import { GROUP_DEFINITIONS } from '../../contract/measures.ts';
import { Failure } from '../../core/model/failure.ts';
import { canSee, type Principal } from '../../store/work/principal.ts';
import type { ApiContext } from '../api-context.ts';
import { type Route, route } from '../route.ts';

const NAMES = { method: 'GET', role: 'viewer', scope: 'filtered' } as const;

export function itemRoutes(context: ApiContext): Route[] {
  const { results, configuration, database } = context;
  const { dataDirectory } = results;
  // What the server's runs read, and not what lies at the paths just now.
  const pinned = () => pinFiles(database.db, dataDirectory, configuration().configuration, 'all');
  return [
    route({
      ...NAMES,
      tag: 'items',
      url: '/items/:item',
      summary: 'Everything that a run knows of one item: balances, both ledgers, messages, causes, what to do',
      params: itemParams,
      query: itemQuery,
      response: itemViewSchema,
      handle: async ({ params: { item }, query: { run, site, lot }, principal: { sites } }) => {
        const aliases = async () => readItemAliases(configuration(), await pinned());
        const question = { dataDirectory, runId: run, item, site, lot, sites: sites ?? undefined, aliases };
        const { view, how } = await explainItem(question).catch(absent);
        return { body: { ...view, places: view.places.map((place) => ({ ...place })), how } };
      },
    }),
    route({
      ...NAMES,
      tag: 'items',
      url: '/items/:item/history',
      summary: 'Where the item was out of step, run by run',
      params: itemParams,
      query: itemHistoryQuery,
      response: itemHistorySchema,
      handle: async ({ params: { item }, query: { runs }, principal: { sites } }) => {
        const history = await itemHistory(results, { item, runs, sites, temporaryDirectory: tmpdir() });
        return { body: { item, runs: history.map((run) => ({ ...run, lines: [...run.lines] })) } };
      },
    }),
    route({
      ...NAMES,
      tag: 'measures',
      url: '/measures',
      summary: 'Measures of the runs over time',
      query: measuresQuery,
      response: measuresSchema,
      handle: async ({ query, principal }) => {
        const site = visibleSite(query.site, principal);
        const { rows, ...document } = await trend({ dataDirectory, by: query.by, days: query.days, site }).catch(
          absent,
        );
        return { body: { ...document, rows: rows.map((row) => ({ ...row })) } };
      },
    }),
    groupsRoute(context),
  ];
}

function groupsRoute({ results, configuration }: ApiContext): Route {
  return route({
    ...NAMES,
    tag: 'measures',
    url: '/measures/groups',
    summary: 'Discrepancies of a period by site, category, cause or interface: age, time to resolve, recurrence',
    query: measureGroupsQuery,
    response: measureGroupsSchema,
    handle: async ({ query, principal: { sites } }) => {
      const question = { ...query, sites: sites ?? undefined, temporaryDirectory: tmpdir() };
      const { runs, groups } = await measureGroups(results, question).catch(absent);
      return {
        body: {
          by: query.by,
          currency: configuration().configuration.currency,
          runs: runs.map((run) => ({ ...run })),
          groups: groups.map((group) => ({ ...group })),
          definitions: { ...GROUP_DEFINITIONS },
        },
      };
    },
  });
}

/** To the command line a name that is not there is a wrong option, here it is an address. */
const ABSENT = new Set(['NO_RUNS', 'RUN_UNKNOWN', 'ITEM_UNKNOWN', 'PLACE_UNKNOWN']);

function absent(error: unknown): never {
  if (error instanceof Failure && ABSENT.has(error.code))
    throw new Failure('absent', error.code, error.message.replace(/^--/, ''), '');
  throw error;
}

/** Sums over all sites are for those who see all. */
function visibleSite(site: string | undefined, principal: Principal): string | undefined {
  const [first, ...others] = principal.sites ?? [];
  const asked = site ?? (others.length === 0 ? first : undefined);
  if (principal.sites === null || (asked !== undefined && canSee(principal, asked))) return asked;
  throw asked === undefined
    ? new Failure('usage', 'SITE_MISSING', 'site: one of your sites was expected')
    : new Failure('absent', 'SITE_UNKNOWN', `there is no site ${asked}`);
}
