/** What each run found at one place, in the order of their cut-offs. Never fills in a run that is not there. */
import type { ItemPlace } from '../../../contract/item-view.ts';
import type { Answer } from '../../api/ask.ts';
import { isNothing, sumOf } from './exact-sums.ts';

type History = Answer<'GET /items/{item}/history'>;

export interface RunPoint {
  readonly runId: string;
  readonly at: string;
  /** Net variance of the category: 0 where the run found no difference. */
  readonly net: string;
}

export function historyOf(
  { runs }: Pick<History, 'runs'>,
  { site, owner, lot }: Pick<ItemPlace, 'site' | 'owner' | 'lot'>,
  category: string,
): RunPoint[] {
  return runs
    .map(({ run_id, cut_off, lines }) => ({
      runId: run_id,
      at: cut_off,
      net: sumOf(
        lines
          .filter(
            (line) => line.site === site && line.owner === owner && line.lot === lot && line.category === category,
          )
          .map(({ net_variance_quantity }) => net_variance_quantity),
      ),
    }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.runId < b.runId ? -1 : 1));
}

/** One point for each cut-off: what the last run of it found. */
export function latestOf(points: readonly RunPoint[]): RunPoint[] {
  return points.filter(({ at }, index) => points[index + 1]?.at !== at);
}

/** The first run since which the category was off without a break; undefined where the last one found nothing. */
export function onsetOf(points: readonly RunPoint[]): RunPoint | undefined {
  let onset: RunPoint | undefined;
  for (const point of points) {
    if (isNothing(point.net)) onset = undefined;
    else onset ??= point;
  }
  return onset;
}
