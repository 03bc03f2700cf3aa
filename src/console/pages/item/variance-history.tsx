/** How the variance of a place went from run to run, with its onset marked; the same as a table for who cannot see it. Never interpolates. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { ItemPlace } from '../../../contract/item-view.ts';
import { formatCount, formatSigned, signOf } from '../../format/decimals.ts';
import { formatDay } from '../../format/moments.ts';
import { Moment, Variance } from '../../parts/figures.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { offKeys } from './choose-place.ts';
import { isNothing } from './exact-sums.ts';
import { historyOf, latestOf, onsetOf, type RunPoint } from './history-of-runs.ts';
import { historyQuery, type ShownItem } from './item-queries.ts';
import styles from './variance-history.module.css';

export function VarianceHistory({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const words = texts.item.history;
  const { data } = useQuery(historyQuery(view.item));
  const category = offKeys(place)[0]?.category ?? place.keys[0]?.category ?? '';
  const points = data === undefined ? [] : historyOf(data, place, category);
  const course = latestOf(points);
  return (
    <Panel>
      <div className={styles.strip}>
        <h2>
          {words.title} <span className={styles.category}>{category}</span>
        </h2>
        {data === undefined && <span className={styles.empty} aria-busy="true" />}
        {data !== undefined && course.length < 2 && <p className={styles.empty}>{words.one}</p>}
        {course.length > 1 && course.every(({ net }) => isNothing(net)) && <p className={styles.empty}>{words.none}</p>}
        {course.length > 1 && course.some(({ net }) => !isNothing(net)) && <Course points={course} />}
        {points.length > 1 && points.some(({ net }) => !isNothing(net)) && (
          <RunTable points={points} category={category} />
        )}
      </div>
    </Panel>
  );
}

const HEIGHT = 64;
const EDGE = 8;
/** The first and the last value stand beside the line. */
const RIGHT = 72;

function Course({ points }: { points: readonly RunPoint[] }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const amounts = [0, ...points.map(({ net }) => Number(net))];
  const [lowest, highest] = [Math.min(...amounts), Math.max(...amounts)];
  const times = points.map(({ at }) => Date.parse(at));
  const [from = 0, to = 1] = [times[0], times.at(-1)];
  const x = ({ at }: RunPoint): number =>
    EDGE + ((Date.parse(at) - from) / (to - from || 1)) * Math.max(0, width - EDGE - RIGHT);
  const y = (amount: number): number =>
    EDGE + ((highest - amount) / (highest - lowest || 1)) * (HEIGHT - 2 * EDGE - 14);
  const path = points
    .map((point, index) =>
      index === 0 ? `M${x(point)} ${y(Number(point.net))}` : `H${x(point)}V${y(Number(point.net))}`,
    )
    .join('');
  const [onset, last] = [onsetOf(points), points.at(-1)];
  return (
    <div ref={frame} className={styles.course}>
      <svg aria-hidden="true" width={width} height={HEIGHT} data-sign={signOf(last?.net ?? '0')}>
        <path d={`M0 ${y(0)}H${Math.max(0, width - RIGHT)}`} className={styles.zero} />
        <path d={path} className={styles.line} />
        {points.map((point) => (
          <circle key={point.runId} cx={x(point)} cy={y(Number(point.net))} r={2.5} className={styles.dot} />
        ))}
        {onset !== undefined && (
          <g className={styles.onset}>
            <path d={`M${x(onset)} ${EDGE}V${HEIGHT - 16}`} />
            <text x={x(onset)} y={HEIGHT - 3} textAnchor={x(onset) > width / 2 ? 'end' : 'start'}>
              {`${texts.item.history.onset} ${formatDay(onset.at, Date.now())}`}
            </text>
          </g>
        )}
        {last !== undefined && (
          <text x={x(last) + 8} y={y(Number(last.net)) + 4} className={styles.last}>
            {formatSigned(last.net)}
          </text>
        )}
      </svg>
    </div>
  );
}

function RunTable({ points, category }: { points: readonly RunPoint[]; category: string }): ReactNode {
  const words = texts.item.history;
  return (
    <details className={styles.runs}>
      <summary>{words.runs(formatCount(points.length))}</summary>
      <table>
        <caption className="unseen">{`${words.table}: ${category}`}</caption>
        <tbody>
          {[...points].reverse().map(({ runId, at, net }) => (
            <tr key={runId}>
              <th scope="row">
                <Moment at={at} />
              </th>
              <td className="number">
                <Variance quantity={net} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
