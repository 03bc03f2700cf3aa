/**
 * The timeline as three lanes: ERP, messages, WMS, and the running variance under them. Documents of both sides are one line;
 * what one side lacks is a dashed ghost. The list below says the same for keys and ears. Never decides what is unmatched.
 */
import { memo, type PointerEvent, type ReactNode, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ItemPlace } from '../../../../contract/item-view.ts';
import { texts } from '../../../texts/texts.ts';
import type { DocumentAddress } from '../item-queries.ts';
import type { Course } from './course-of-variance.ts';
import { DocumentMark, MarkLabels } from './document-mark.tsx';
import { CutOffs, LaneAxis } from './lane-axis.tsx';
import { documentOf, type LaneDocument, laneDocuments, nearestOf } from './lane-documents.ts';
import type { Stretch } from './lane-geometry.ts';
import { LANES, type LaneScale, scaleOf } from './lane-scale.ts';
import styles from './lanes.module.css';
import { Readout } from './readout.tsx';
import { VarianceSteps } from './variance-steps.tsx';

export interface LanesProps {
  readonly place: ItemPlace;
  readonly course: Course | undefined;
  readonly category: string;
  readonly view: Stretch;
  readonly offset: number;
  readonly focused: number | undefined;
  readonly onFocus: (index: number | undefined) => void;
  readonly onDocument: (document: DocumentAddress) => void;
  readonly onShow: (stretch: Stretch) => void;
}

export function Lanes(props: LanesProps): ReactNode {
  const { place, course, category, view, offset, focused } = props;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const id = useId();
  const scale = useMemo(() => scaleOf(width, view), [width, view]);
  const documents = useMemo(() => laneDocuments(place.timeline, category, scale), [place.timeline, category, scale]);
  const pointer = usePointer(props, scale, documents);
  const { erp, messages, wms, variance } = texts.item.timeline.lanes;
  return (
    <div ref={frame} className={styles.frame}>
      <svg
        className={styles.drawing}
        width={width}
        height={LANES.height}
        aria-hidden="true"
        onPointerMove={pointer.onMove}
        onPointerDown={pointer.onDown}
        onPointerUp={pointer.onUp}
        onPointerLeave={pointer.onLeave}
      >
        <defs>
          <clipPath id={`${id}clip`}>
            <rect x={scale.left} y={0} width={Math.max(0, scale.right - scale.left)} height={LANES.height} />
          </clipPath>
          <pattern id={`${id}after`} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0V6" className={styles.hatch} />
          </pattern>
        </defs>
        {(
          [
            [LANES.erp, erp],
            [LANES.messages, messages],
            [LANES.wms, wms],
          ] as const
        ).map(([y, name]) => (
          <g key={name}>
            <text x={0} y={y + 4} className={styles.laneName}>
              {name}
            </text>
            <path d={`M${scale.left} ${y}H${scale.right}`} className={styles.lane} />
          </g>
        ))}
        <text x={0} y={(LANES.varianceTop + LANES.varianceBottom) / 2 + 4} className={styles.laneName}>
          {variance}
        </text>
        <LaneAxis scale={scale} offset={offset} />
        <g clipPath={`url(#${id}clip)`}>
          <CutOffs timeline={place.timeline} scale={scale} hatch={`url(#${id}after)`} />
          <Matched documents={documents} />
          <Marks documents={documents} />
          <FocusLine document={documents.find(({ index }) => index === focused)} />
          {pointer.selection !== undefined && (
            <rect
              x={pointer.selection.x}
              y={0}
              width={pointer.selection.width}
              height={LANES.axis}
              className={styles.selection}
            />
          )}
        </g>
        {course !== undefined && (
          <VarianceSteps course={course} scale={scale} timeline={place.timeline} clip={`url(#${id}clip)`} />
        )}
        <MarkLabels documents={documents} scale={scale} focused={focused} />
      </svg>
      <Readout row={place.timeline.rows[focused ?? -1]} category={category} />
    </div>
  );
}

function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}

/** More lines than this would be one grey block. */
const LINES_MAX = 300;
/** With more marks than this each is drawn small. */
const MARKS_MAX = 40;

/** All that agree as two paths: thousands of them cost no more than one. */
const Matched = memo(function Matched({ documents }: { documents: readonly LaneDocument[] }): ReactNode {
  const matched = documents.filter(({ state }) => state === 'matched');
  return (
    <>
      {matched.length <= LINES_MAX && (
        <path className={styles.matchedLine} d={matched.map(({ line }) => line).join('')} />
      )}
      <path
        className={styles.matchedDots}
        d={matched.flatMap(({ points }) => points.map(({ x, y }) => `M${x} ${y}h0`)).join('')}
      />
    </>
  );
});

const Marks = memo(function Marks({ documents }: { documents: readonly LaneDocument[] }): ReactNode {
  const marked = documents.filter(({ state }) => state !== 'matched');
  return marked.map((document) => (
    <DocumentMark key={document.index} document={document} isSmall={marked.length > MARKS_MAX} />
  ));
});

function FocusLine({ document }: { document: LaneDocument | undefined }): ReactNode {
  if (document === undefined) return null;
  return (
    <g className={styles.focus}>
      <path d={document.line} />
      {document.points.map(({ x, y, lane }) => (
        <circle key={`${lane} ${x}`} cx={x} cy={y} r={8} />
      ))}
    </g>
  );
}

/** Nearer than this the pointer means a document that stands out rather than one that agrees. */
const CLICK_PX = 4;

function usePointer(
  { place, focused, onFocus, onDocument, onShow }: LanesProps,
  scale: LaneScale,
  documents: readonly LaneDocument[],
) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>();
  const xOf = (event: PointerEvent<SVGElement>): number =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const isDragged = drag !== undefined && Math.abs(drag.to - drag.from) > CLICK_PX;
  return {
    selection: isDragged ? { x: Math.min(drag.from, drag.to), width: Math.abs(drag.to - drag.from) } : undefined,
    onMove: (event: PointerEvent<SVGElement>): void => {
      const x = xOf(event);
      if (drag !== undefined) setDrag({ ...drag, to: x });
      else if (event.pointerType === 'mouse') onFocus(nearestOf(documents, x)?.index);
    },
    onDown: (event: PointerEvent<SVGElement>): void => {
      if (event.pointerType === 'mouse' && event.button === 0) setDrag({ from: xOf(event), to: xOf(event) });
    },
    onUp: (event: PointerEvent<SVGElement>): void => {
      const to = xOf(event);
      setDrag(undefined);
      if (isDragged && drag !== undefined) {
        const [start, end] = [Math.min(drag.from, to), Math.max(drag.from, to)];
        onShow({ from: scale.timeAt(start), to: scale.timeAt(end) });
        return;
      }
      const index = event.pointerType === 'mouse' ? focused : nearestOf(documents, to)?.index;
      onFocus(index);
      const row = place.timeline.rows[index ?? -1];
      const document = row === undefined || event.pointerType !== 'mouse' ? undefined : documentOf(row);
      if (document !== undefined) onDocument(document);
    },
    onLeave: (): void => setDrag(undefined),
  };
}
