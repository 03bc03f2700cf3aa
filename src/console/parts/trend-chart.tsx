/** One measure over time, small: a line between its least and its most, or bars from zero. Never draws fewer than two points. */
import type { ReactNode } from 'react';
import { formatDay } from '../format/moments.ts';
import { texts } from '../texts/texts.ts';
import { Defined } from './figures.tsx';
import styles from './trend-chart.module.css';

export interface TrendPoint {
  readonly at: string;
  /** For drawing only. */
  readonly height: number;
  /** The exact figure in words. */
  readonly words: string;
}

interface TrendChartProps {
  readonly name: string;
  readonly definition: string;
  /** Bars begin at zero; a line shows shares, which all lie near 1, between their least and their most. */
  readonly kind: 'line' | 'bars';
  /** The oldest first. */
  readonly points: readonly TrendPoint[];
}

const HEIGHT = 48;
/** What a bar takes of its place; where there are few points, less: fat bars say no more. */
const BAR = 0.8;
const FULL_FROM = 12;
/** Half of the stroke stays inside. */
const EDGE = 2;

export function TrendChart({ name, definition, kind, points }: TrendChartProps): ReactNode {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  const sorted = [...points].sort((a, b) => a.height - b.height);
  const [least, most] = [sorted[0] as TrendPoint, sorted.at(-1) as TrendPoint];
  const floor = kind === 'bars' ? 0 : least.height;
  const share = (height: number): number => (most.height === floor ? 0.5 : (height - floor) / (most.height - floor));
  const range = texts.trend.between(least.words, most.words);
  const now = Date.now();
  const width = BAR * Math.min(1, points.length / FULL_FROM);
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.head}>
        <Defined name={name} definition={definition} />
        <strong>{last.words}</strong>
      </figcaption>
      <svg
        role="img"
        aria-label={texts.trend.said(name, last.words, range)}
        viewBox={`0 0 ${points.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={styles.drawing}
      >
        {kind === 'line' && (
          <polyline
            className={styles.line}
            points={points.map(({ height }, index) => `${index + 0.5},${yOf(share(height))}`).join(' ')}
          />
        )}
        {points.map(({ at, height, words }, index) => (
          <g key={at}>
            {kind === 'bars' && (
              <rect
                className={styles.bar}
                x={index + 0.5 - width / 2}
                width={width}
                y={HEIGHT * (1 - share(height))}
                height={HEIGHT * share(height)}
              />
            )}
            <rect className={styles.touch} x={index} width={1} y={0} height={HEIGHT}>
              <title>{`${formatDay(at, now)}: ${words}`}</title>
            </rect>
          </g>
        ))}
      </svg>
      <div className={styles.foot}>
        <span>{formatDay(first.at, now)}</span>
        <span>{range}</span>
        <span>{formatDay(last.at, now)}</span>
      </div>
    </figure>
  );
}

function yOf(share: number): string {
  return (EDGE + (1 - share) * (HEIGHT - 2 * EDGE)).toFixed(1);
}
