/** Days and hours under the lanes, the opening, and where each side's snapshot ends. Never draws a document. */
import type { ReactNode } from 'react';
import type { ItemTimeline } from '../../../../contract/item-view.ts';
import { formatClock, formatDay } from '../../../format/moments.ts';
import { texts } from '../../../texts/texts.ts';
import { momentAt, ticksOf } from './lane-geometry.ts';
import { LANES, type LaneScale } from './lane-scale.ts';
import styles from './lanes.module.css';

const TICK_PX = 90;

export function LaneAxis({ scale, offset }: { scale: LaneScale; offset: number }): ReactNode {
  const { view, left, right } = scale;
  const ticks = ticksOf(view, Math.max(2, Math.floor((right - left) / TICK_PX)), offset);
  return (
    <g className={styles.axis}>
      <path d={`M${left} ${LANES.axis}H${right}`} />
      {ticks.map(({ at, isDay }) => {
        const moment = momentAt(at, offset);
        return (
          <g key={at} data-day={isDay}>
            <path d={`M${scale.xAt(at)} ${LANES.erp - 8}V${LANES.axis + 4}`} />
            <text x={scale.xAt(at)} y={LANES.height - 6}>
              {isDay ? formatDay(moment, Date.now()) : formatClock(moment)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

const HALF_LANE = 16;

/** Beyond a side's cut-off nothing counts: its snapshot does not hold it. */
export function CutOffs({
  timeline,
  scale,
  hatch,
}: {
  timeline: ItemTimeline;
  scale: LaneScale;
  hatch: string;
}): ReactNode {
  const words = texts.item.timeline;
  return (
    <g className={styles.cutOffs}>
      {(['erp', 'wms'] as const).map((side) => {
        const x = scale.xAt(Date.parse(timeline[`${side}_cut_off`]));
        const y = LANES[side];
        if (Number.isNaN(x)) return null;
        return (
          <g key={side}>
            <rect x={x} y={y - HALF_LANE} width={Math.max(0, scale.right - x)} height={2 * HALF_LANE} fill={hatch} />
            <path d={`M${x} ${y - HALF_LANE}v${2 * HALF_LANE}`} />
            <text x={x - 4} y={y + HALF_LANE - 3} textAnchor="end">
              {words.cutOff}
            </text>
          </g>
        );
      })}
      {timeline.opening_at !== '' && (
        <g>
          <path
            d={`M${scale.xAt(Date.parse(timeline.opening_at))} ${LANES.erp - HALF_LANE}V${LANES.varianceBottom}`}
            className={styles.opening}
          />
          <text x={scale.xAt(Date.parse(timeline.opening_at)) + 4} y={LANES.erp + HALF_LANE - 3}>
            {words.opening}
          </text>
        </g>
      )}
    </g>
  );
}
