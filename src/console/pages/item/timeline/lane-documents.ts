/**
 * What is drawn of each document: its points in the lanes, the line that joins them, and the ghost of what one side lacks.
 * Never decides whether it is unmatched: the run did.
 */
import type { ItemTimeline, TimelineMessage, TimelineRow } from '../../../../contract/item-view.ts';
import { isNothing, sumOf } from '../exact-sums.ts';
import { LANES, type LaneScale } from './lane-scale.ts';

export type Lane = 'erp' | 'messages' | 'wms';
export type MessageMark = 'done' | 'refused' | 'open';

export interface LanePoint {
  readonly lane: Lane;
  readonly x: number;
  readonly y: number;
  /** '' for a posting. */
  readonly mark: '' | MessageMark;
  readonly isAfterCutOff: boolean;
}

/** `ghost`: the side that never posted, or has yet to. */
export interface LaneDocument {
  readonly index: number;
  readonly state: TimelineRow['state'];
  readonly name: string;
  readonly effect: string;
  readonly x: number;
  readonly points: readonly LanePoint[];
  readonly line: string;
  readonly ghost:
    | { readonly x: number; readonly y: number; readonly line: string; readonly isToCome: boolean }
    | undefined;
}

const MARKS: Readonly<Record<TimelineMessage['state'], MessageMark>> = {
  created: 'open',
  sent: 'open',
  received: 'open',
  acknowledged: 'done',
  applied: 'done',
  partial: 'refused',
  rejected: 'refused',
  failed: 'refused',
  abandoned: 'refused',
  superseded: 'done',
};

export function markOf({ state }: Pick<TimelineMessage, 'state'>): MessageMark {
  return MARKS[state];
}

/** Documents of which anything lies in the view. */
export function laneDocuments(timeline: ItemTimeline, category: string, scale: LaneScale): LaneDocument[] {
  return timeline.rows.flatMap((row, index) => {
    const points = pointsOf(row, scale);
    if (points.every(({ x }) => x < scale.left || x > scale.right)) return [];
    const effect = sumOf(row.effects.filter((each) => each.category === category).map(({ quantity }) => quantity));
    const joined = (['erp', 'messages', 'wms'] as const).flatMap(
      (lane) => points.find((point) => point.lane === lane) ?? [],
    );
    return [
      {
        index,
        state: row.state,
        name: row.document || row.type,
        effect: isNothing(effect) ? '' : effect,
        x: joined[0]?.x ?? 0,
        points,
        line: joined.length < 2 ? '' : joined.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join(''),
        ghost: ghostOf(row, timeline, joined),
      },
    ];
  });
}

function pointsOf(row: TimelineRow, { xAt }: LaneScale): LanePoint[] {
  const x = (at: string): number => xAt(Date.parse(at));
  const posted = (lane: 'erp' | 'wms'): LanePoint[] =>
    row[lane].map(({ at, after_cut_off }) => ({
      lane,
      x: x(at),
      y: LANES[lane],
      mark: '',
      isAfterCutOff: after_cut_off,
    }));
  const sent = row.messages.map(
    (message): LanePoint => ({
      lane: 'messages',
      x: x(message.at),
      y: LANES.messages,
      mark: markOf(message),
      isAfterCutOff: false,
    }),
  );
  const points = new Map<string, LanePoint>();
  // Both legs of a move, and the lines of one message, stand at one spot.
  for (const point of [...posted('erp'), ...sent, ...posted('wms')])
    points.set(`${point.lane} ${point.x} ${point.mark}`, point);
  return [...points.values()];
}

/** The side that a document is missing on; undefined where it moves nothing, or where that side's ledger was not given. */
export function missingSide(
  { state, erp, wms, effects }: TimelineRow,
  { given }: Pick<ItemTimeline, 'given'>,
): 'erp' | 'wms' | undefined {
  if (state === 'matched' || state === 'message-only' || effects.length === 0) return undefined;
  if (erp.length === 0 && given.erp_ledger) return 'erp';
  return wms.length === 0 && given.wms_ledger ? 'wms' : undefined;
}

export function isToCome({ causes }: Pick<TimelineRow, 'causes'>): boolean {
  return causes.length > 0 && causes.every((cause) => cause === 'in-flight');
}

const ELSEWHERE: readonly string[] = ['lot-swapped', 'item-cross-posted', 'site-cross-posted', 'item-alias-missing'];

/** Whether the other side booked it, only not here: to another lot, item or site. */
export function isElsewhere({ causes }: Pick<TimelineRow, 'causes'>): boolean {
  return causes.some((cause) => ELSEWHERE.includes(cause));
}

function ghostOf(row: TimelineRow, timeline: ItemTimeline, joined: readonly LanePoint[]): LaneDocument['ghost'] {
  const side = missingSide(row, timeline);
  const nearest = side === 'erp' ? joined[0] : joined.at(-1);
  if (side === undefined || nearest === undefined) return undefined;
  const y = LANES[side];
  return { x: nearest.x, y, line: `M${nearest.x} ${nearest.y}L${nearest.x} ${y}`, isToCome: isToCome(row) };
}

/** Nearer than this a document that stands out wins over one that agrees. */
const PREFERRED_PX = 10;
const REACH_PX = 24;

export function nearestOf(documents: readonly LaneDocument[], x: number): LaneDocument | undefined {
  const distanceOf = ({ points }: LaneDocument): number =>
    points.reduce((least, point) => Math.min(least, Math.abs(point.x - x)), Number.POSITIVE_INFINITY);
  let best: LaneDocument | undefined;
  let least = REACH_PX;
  for (const document of documents) {
    const distance = distanceOf(document) - (document.state === 'matched' ? 0 : PREFERRED_PX);
    if (distance >= least) continue;
    best = document;
    least = distance;
  }
  return best;
}

/** What a click opens: the message that was refused or got no answer, else the posting that is there. */
export function documentOf({ messages, wms, erp }: TimelineRow): { file: string; row: number } | undefined {
  const broken = messages.find((message) => markOf(message) !== 'done');
  const chosen = broken ?? wms[0] ?? erp[0] ?? messages[0];
  return chosen === undefined ? undefined : { file: chosen.file, row: chosen.row };
}
