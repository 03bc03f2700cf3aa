/** Lines of an interface hour by hour: bars from zero, the failed part dark. Never scaled by another interface. */
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import type { Interface } from './interface-answers.ts';
import styles from './interfaces.module.css';

const BAR = 5;
const GAP = 1;
const HEIGHT = 28;

export function Heartbeat({ each }: { each: Interface }): ReactNode {
  const { lines, rejected, late } = each.heartbeat;
  const most = Math.max(1, ...lines);
  const failed = lines.map((_, hour) => (rejected[hour] ?? 0) + (late[hour] ?? 0));
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const label = texts.interfaces.heartbeatLabel(
    each.interface === '' ? texts.interfaces.unnamed : each.interface,
    lines.length,
    sum(lines),
    sum(failed),
  );
  return (
    <svg
      className={styles.heartbeat}
      role="img"
      aria-label={label}
      width={lines.length * (BAR + GAP)}
      height={HEIGHT + 1}
      viewBox={`0 0 ${lines.length * (BAR + GAP)} ${HEIGHT + 1}`}
    >
      <title>{label}</title>
      <line x1={0} x2="100%" y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} className={styles.base} />
      {lines.map((count, hour) => {
        const height = count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT);
        const bad = count === 0 ? 0 : ((failed[hour] ?? 0) / count) * height;
        const x = hour * (BAR + GAP);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
          <g key={hour}>
            <rect x={x} y={HEIGHT - height} width={BAR} height={height} className={styles.good} />
            {bad > 0 && <rect x={x} y={HEIGHT - bad} width={BAR} height={bad} className={styles.bad} />}
          </g>
        );
      })}
    </svg>
  );
}
