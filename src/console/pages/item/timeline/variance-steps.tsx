/** The running variance under the lanes: a step for each document that moved it, and its onset. Never interpolates. */
import type { ReactNode } from 'react';
import type { ItemTimeline } from '../../../../contract/item-view.ts';
import { formatSigned, signOf } from '../../../format/decimals.ts';
import { texts } from '../../../texts/texts.ts';
import type { Course } from './course-of-variance.ts';
import { LANES, type LaneScale } from './lane-scale.ts';
import styles from './lanes.module.css';

interface StepsProps {
  readonly course: Course;
  readonly scale: LaneScale;
  readonly timeline: ItemTimeline;
  readonly clip: string;
}

export function VarianceSteps({ course, scale, timeline, clip }: StepsProps): ReactNode {
  const { before, steps, end, onset } = course;
  const { from, to } = scale.view;
  const first = valueAt(course, timeline, from);
  const last = valueAt(course, timeline, to);
  const within = steps.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
  const reached = [0, Number(first), Number(last), ...within.map(({ after }) => Number(after))];
  const lowest = reached.reduce((a, b) => Math.min(a, b));
  const highest = reached.reduce((a, b) => Math.max(a, b));
  const y = (value: number): number =>
    LANES.varianceBottom -
    (highest === lowest ? 0.5 : (value - lowest) / (highest - lowest)) * (LANES.varianceBottom - LANES.varianceTop);
  const x = (moment: string): number => scale.xAt(Date.parse(moment));
  const path = [
    `M${Math.min(scale.left, x(timeline.rows[0]?.at ?? ''))} ${y(Number(before))}`,
    ...steps.map(({ at, after }) => `H${x(at)}V${y(Number(after))}`),
    `H${x(timeline.wms_cut_off)}V${y(Number(end))}H${scale.right}`,
  ].join('');
  const tone = signOf(last) < 0 ? 'over' : signOf(last) > 0 ? 'under' : 'plain';
  return (
    <g className={styles.steps} data-tone={tone}>
      <g clipPath={clip}>
        <path d={`M${scale.left} ${y(0)}H${scale.right}`} className={styles.zero} />
        <path d={`${path}V${y(0)}H${scale.left}Z`} className={styles.area} />
        <path d={path} className={styles.course} />
        {onset.is === 'document' && (
          <g className={styles.onset}>
            <path d={`M${x(onset.step.at)} ${LANES.varianceTop - 8}V${LANES.varianceBottom}`} />
            <text
              x={x(onset.step.at) - 4}
              y={signOf(last) < 0 ? LANES.varianceBottom - 2 : LANES.varianceTop + 4}
              textAnchor="end"
            >
              {texts.item.timeline.onsetMark}
            </text>
          </g>
        )}
        {onset.is === 'before' && (
          <text x={scale.left + 6} y={y(Number(before)) - 6} className={styles.beforeMark}>
            {texts.item.timeline.beforeMark}
          </text>
        )}
      </g>
      <text x={scale.left - 6} y={y(0) + 4} textAnchor="end" className={styles.zeroName}>
        0
      </text>
      <text x={scale.right + 6} y={Math.min(y(Number(last)) + 4, LANES.varianceBottom)} className={styles.end}>
        {formatSigned(last)}
      </text>
    </g>
  );
}

/** What the variance was at a moment: all of it once the warehouse's snapshot was made. */
function valueAt({ before, steps, end }: Course, { wms_cut_off }: ItemTimeline, time: number): string {
  if (time >= Date.parse(wms_cut_off)) return end;
  return steps.findLast(({ at }) => Date.parse(at) <= time)?.after ?? before;
}
