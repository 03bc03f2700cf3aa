/** Reads the live discrepancies of a generation: page by page, and how many there are. Never works one out. */
import type { Kysely, Selectable } from 'kysely';
import type { LiveLineState, WorkState } from '../database/work-state.ts';
import type { LiveKey } from './live-state.ts';

export type LiveLineRow = Selectable<WorkState['live_lines']>;

/** What live lines are chosen by; what is undefined does not matter. */
export interface LiveFilter {
  readonly sites?: readonly string[] | undefined;
  readonly items?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
  /** |value| in minor units, at least. */
  readonly valueMin?: number | undefined;
}

export interface LiveSelection extends LiveFilter {
  readonly state: LiveLineState;
  /** Only lines behind this one in the order. */
  readonly after?: (LiveKey & { readonly valueSize: number }) | undefined;
  readonly limit: number;
}

/** The highest value first; those of which no cost is known last. */
export function listLiveLines(
  db: Kysely<WorkState>,
  generation: number,
  { state, after, limit, ...filter }: LiveSelection,
): Promise<LiveLineRow[]> {
  let query = chosen(db, generation, filter).selectAll().where('state', '=', state);
  if (after !== undefined) {
    const place = [after.item, after.site, after.owner, after.lot, after.category];
    query = query.where((row) =>
      row.or([
        row('value_size', '<', after.valueSize),
        row.and([
          row('value_size', '=', after.valueSize),
          row(row.refTuple('item', 'site', 'owner', 'lot', 'category'), '>', row.tuple(...(place as Place))),
        ]),
      ]),
    );
  }
  return query
    .orderBy('value_size', 'desc')
    .orderBy('item')
    .orderBy('site')
    .orderBy('owner')
    .orderBy('lot')
    .orderBy('category')
    .limit(limit)
    .execute();
}

type Place = [string, string, string, string, string];

/** All lines that fit, by their state. Lines of items are few and found by their key; else an index alone is counted: see migration 9. */
export async function countLiveLines(
  db: Kysely<WorkState>,
  generation: number,
  filter: LiveFilter,
): Promise<Record<LiveLineState, number>> {
  if (filter.items !== undefined) {
    const lines = await chosen(db, generation, filter).select('state').execute();
    const discrepancy = lines.filter(({ state }) => state === 'discrepancy').length;
    return { discrepancy, timing: lines.length - discrepancy };
  }
  const count = async (state: LiveLineState): Promise<number> => {
    const query = chosen(db, generation, filter).where('state', '=', state);
    return Number((await query.select((row) => row.fn.countAll<number>().as('lines')).executeTakeFirstOrThrow()).lines);
  };
  return { discrepancy: await count('discrepancy'), timing: await count('timing') };
}

function chosen(db: Kysely<WorkState>, generation: number, { sites, items, categories, valueMin }: LiveFilter) {
  let query = db.selectFrom('live_lines').where('generation', '=', generation);
  const none = [' '];
  if (sites !== undefined) query = query.where('site', 'in', sites.length === 0 ? none : sites);
  if (items !== undefined) query = query.where('item', 'in', items.length === 0 ? none : items);
  if (categories !== undefined) query = query.where('category', 'in', categories.length === 0 ? none : categories);
  if (valueMin !== undefined) query = query.where('value_size', '>=', valueMin);
  return query;
}
