/** Reads what a request asks of the lines of a run, and writes and reads the cursors of their pages. Never reads a line. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LinePlace } from '../app/lines/line-book.ts';
import type { LineOrder } from '../app/lines/line-order.ts';
import type { LineQuestion } from '../app/read-discrepancies.ts';
import type { DiscrepancyQuery } from '../contract/api/discrepancies.ts';
import type { Principal } from '../store/work/principal.ts';
import { cursorOf, positionOf } from './cursor.ts';

type AskedLines = Omit<DiscrepancyQuery, 'sort' | 'limit' | 'cursor' | 'offset' | 'change'> & {
  readonly change?: DiscrepancyQuery['change'];
};

/** How lines are asked for that have no finding, or no priority. */
const NONE = 'none';
const orNone = (texts: readonly string[]): string[] => texts.map((text) => (text === NONE ? '' : text));

export function questionOf(runId: string, query: AskedLines, principal: Principal): LineQuestion {
  const text = query.text?.trim() ?? '';
  return {
    runId,
    filter: {
      site: query.site,
      category: query.category,
      cause: query.cause,
      finding: orNone(query.finding),
      direction: query.direction,
      priority: orNone(query.priority),
      age: orNone(query.age),
      item: query.item,
      minValue: query.min_value,
      firstSeen: query.first_seen,
      text: text === '' ? undefined : text,
      rank: query.rank.map(Number),
    },
    sites: principal.sites,
    changes: query.change ?? [],
    since: query.since,
  };
}

export function orderOf(sort: DiscrepancyQuery['sort']): LineOrder {
  const isReversed = sort.startsWith('-');
  return { by: (isReversed ? sort.slice(1) : sort) as LineOrder['by'], isReversed };
}

/** What a cursor belongs to: with another run, question or order it is refused. */
function listOf(runId: string, question: LineQuestion, order: LineOrder): readonly [string, string, string] {
  const { filter, sites, changes, since } = question;
  const digest = createHash('sha256')
    .update(JSON.stringify([filter, sites, changes, since ?? null]))
    .digest('hex');
  return [runId, `${order.isReversed ? '-' : ''}${order.by}`, digest.slice(0, 16)];
}

export function lineCursorOf(
  runId: string,
  question: LineQuestion,
  order: LineOrder,
  { position, rank }: LinePlace,
): string {
  return cursorOf([...listOf(runId, question, order), position, rank]);
}

export function linePlaceOf(
  cursor: string | undefined,
  runId: string,
  question: LineQuestion,
  order: LineOrder,
): LinePlace | undefined {
  const [run, sort, digest] = listOf(runId, question, order);
  const whole = z.int().min(0);
  const schema = z.tuple([z.literal(run), z.literal(sort), z.literal(digest), whole, whole]);
  const place = positionOf(cursor, schema);
  return place && { position: place[3], rank: place[4] };
}
