/** Where moments and amounts stand in the drawing of a timeline. Never decides what is drawn. */

/** A stretch of time, in milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Air on both sides, as a share of the whole. */
const AIR = 0.03;

/** From the first to the last of the moments, with air; never of no length. */
export function stretchOf(moments: readonly number[]): Stretch {
  const known = moments.filter((at) => Number.isFinite(at));
  if (known.length === 0) return { from: 0, to: DAY_MS };
  const from = known.reduce((a, b) => Math.min(a, b));
  const to = known.reduce((a, b) => Math.max(a, b));
  const air = Math.max((to - from) * AIR, MINUTE_MS);
  return { from: from - air, to: to + air };
}

const STEPS: readonly number[] = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  28 * DAY_MS,
];

/** Full hours or days of the place's clock, at most `count` of them. `offsetMs`: how far that clock is ahead of UTC. */
export function ticksOf({ from, to }: Stretch, count: number, offsetMs: number): { at: number; isDay: boolean }[] {
  const step = STEPS.find((each) => (to - from) / each <= count) ?? Math.ceil((to - from) / count / DAY_MS) * DAY_MS;
  const ticks = [];
  for (let at = Math.ceil((from + offsetMs) / step) * step; at <= to + offsetMs; at += step)
    ticks.push({ at: at - offsetMs, isDay: at % DAY_MS === 0 });
  return ticks;
}

/** "2026-11-19T07:32:52-06:00" is −6 hours; 0 where the text names none. */
export function offsetOf(moment: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(moment) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS);
}

/** The same moment as text with the offset of the place's clock. */
export function momentAt(at: number, offsetMs: number): string {
  const size = Math.abs(offsetMs) / MINUTE_MS;
  const pad = (number: number): string => String(number).padStart(2, '0');
  const wall = new Date(at + offsetMs).toISOString().slice(0, 19);
  return `${wall}${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** Half as long around a moment, or twice as long, within the whole. */
export function zoomed({ from, to }: Stretch, around: number, factor: number, whole: Stretch): Stretch {
  const length = Math.min(Math.max((to - from) * factor, 2 * MINUTE_MS), whole.to - whole.from);
  const start = Math.min(Math.max(around - length / 2, whole.from), whole.to - length);
  return { from: start, to: start + length };
}

/** Labels that do not cover each other: the row each stands in, or undefined where none of the rows has room. */
export function placeLabels(labels: readonly { x: number; width: number }[], rows: number): (number | undefined)[] {
  const ends = Array.from({ length: rows }, () => Number.NEGATIVE_INFINITY);
  return labels.map(({ x, width }) => {
    const row = ends.findIndex((end) => x >= end);
    if (row < 0) return undefined;
    ends[row] = x + width;
    return row;
  });
}
