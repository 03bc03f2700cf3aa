/** The measures of the lanes' drawing, and where a moment stands in it. Never draws. */
import type { Stretch } from './lane-geometry.ts';

/** Heights from the top: two rows of labels, three lanes, the variance, the axis. */
export const LANES = {
  labels: 14,
  labelRows: 2,
  labelHeight: 16,
  erp: 60,
  messages: 100,
  wms: 140,
  varianceTop: 168,
  varianceBottom: 228,
  axis: 236,
  height: 260,
} as const;

const LEFT = 104;
/** The last value of the variance stands here. */
const RIGHT = 72;

export interface LaneScale {
  readonly left: number;
  readonly right: number;
  readonly view: Stretch;
  xAt(time: number): number;
  timeAt(x: number): number;
}

export function scaleOf(width: number, view: Stretch): LaneScale {
  const [left, right] = [LEFT, Math.max(LEFT + 1, width - RIGHT)];
  const length = view.to - view.from;
  const within = (x: number): number => Math.min(Math.max(x, left), right);
  return {
    left,
    right,
    view,
    xAt: (time) => Math.round((left + ((time - view.from) / length) * (right - left)) * 2) / 2,
    timeAt: (x) => view.from + ((within(x) - left) / (right - left)) * length,
  };
}
