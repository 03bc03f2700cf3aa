/** How a document that stands out is drawn, and the words beside it. Never the only place that says it: the list does too. */
import type { ReactNode } from 'react';
import { formatSigned, signOf } from '../../../format/decimals.ts';
import type { LaneDocument, LanePoint } from './lane-documents.ts';
import { placeLabels } from './lane-geometry.ts';
import { LANES, type LaneScale } from './lane-scale.ts';
import styles from './lanes.module.css';

function toneOf({ effect }: LaneDocument): 'over' | 'under' | 'plain' {
  const sign = signOf(effect);
  return sign < 0 ? 'over' : sign > 0 ? 'under' : 'plain';
}

export function DocumentMark({ document, isSmall }: { document: LaneDocument; isSmall: boolean }): ReactNode {
  const { ghost, line, points } = document;
  return (
    <g className={styles.mark} data-tone={toneOf(document)}>
      <path d={line} className={styles.markLine} />
      {ghost !== undefined && (
        <>
          <path d={ghost.line} className={styles.ghostLine} />
          <circle cx={ghost.x} cy={ghost.y} r={isSmall ? 4 : 7} className={styles.ghost} />
          {!isSmall && (
            <text x={ghost.x} y={ghost.y + 4} className={styles.ghostSign}>
              {ghost.isToCome ? '…' : '?'}
            </text>
          )}
        </>
      )}
      {points.map((point) => (
        <Point key={`${point.lane} ${point.x} ${point.mark}`} point={point} radius={isSmall ? 3.5 : 5} />
      ))}
    </g>
  );
}

function Point({ point: { x, y, mark, isAfterCutOff }, radius }: { point: LanePoint; radius: number }): ReactNode {
  if (mark === 'refused')
    return (
      <path
        className={styles.cross}
        d={`M${x - radius} ${y - radius}l${2 * radius} ${2 * radius}m0 ${-2 * radius}l${-2 * radius} ${2 * radius}`}
      />
    );
  if (mark === 'open') return <circle cx={x} cy={y} r={radius} className={styles.open} />;
  return <circle cx={x} cy={y} r={radius} className={styles.point} data-after={isAfterCutOff} />;
}

/** About what a digit or letter of the small size takes. */
const LETTER_PX = 6.6;
const GAP_PX = 12;

/** The document and its amount above its first point, as long as there is room. */
export function MarkLabels({
  documents,
  scale,
  focused,
}: {
  documents: readonly LaneDocument[];
  scale: LaneScale;
  focused: number | undefined;
}): ReactNode {
  const named = documents
    .filter(({ state, x }) => state !== 'matched' && x >= scale.left && x <= scale.right)
    .sort((a, b) => a.x - b.x)
    .map((document) => {
      const words = `${document.name} ${formatSigned(document.effect)}`.trim();
      const width = words.length * LETTER_PX + GAP_PX;
      return { document, words, width, x: Math.max(scale.left, Math.min(document.x - 6, scale.right + 64 - width)) };
    });
  const rows = placeLabels(named, LANES.labelRows);
  return (
    <>
      {named.map(({ document, words, x }, index) => {
        const row = rows[index];
        if (row === undefined) return null;
        const y = LANES.labels + row * LANES.labelHeight;
        return (
          <g key={document.index} className={styles.label} data-tone={toneOf(document)}>
            <path d={`M${document.x} ${y + 4}V${LANES.erp - 9}`} />
            <text x={x} y={y} data-focused={document.index === focused}>
              {words}
            </text>
          </g>
        );
      })}
    </>
  );
}
