/**
 * Keeps the rows that are drawn in step with the scroll bar: in the same frame, however far one drags. Decides nothing of
 * what a row is: see scroll-window for the arithmetic.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import {
  barHeight,
  barTop,
  clampTop,
  isPressed,
  listTop,
  type ScrollRange,
  type Shown,
  shownRows,
  topToShow,
} from './scroll-window.ts';

export interface ScrollWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly slide: RefObject<HTMLDivElement | null>;
  readonly shown: Shown;
  /** The row that stands at the top of what slides. */
  readonly base: number;
  readonly barHeight: number;
  readonly viewHeight: number;
  readonly showRow: (row: number) => void;
  readonly toTop: () => void;
}

/** Rows keep their places for so many rows; then all get new ones, because places far down are not exact. */
const BASE_ROWS = 1_000;
const baseOf = ({ first }: Shown): number => Math.floor(first / BASE_ROWS) * BASE_ROWS;
/** What the bar rounds its place by. */
const ROUNDED = 1.5;

/** `headHeight`: of what stays above the rows, inside of what scrolls. */
export function useScrollWindow(count: number, rowHeight: number, headHeight: number): ScrollWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const slide = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const [viewHeight, setViewHeight] = useState(0);
  const range = useMemo((): ScrollRange => ({ count, rowHeight, viewHeight }), [count, rowHeight, viewHeight]);
  const [shown, setShown] = useState<Shown>({ first: 0, last: -1 });
  const drawn = useRef(shown);

  const place = useCallback((): void => {
    if (slide.current !== null)
      slide.current.style.transform = `translateY(${baseOf(drawn.current) * range.rowHeight - top.current}px)`;
  }, [range]);

  const draw = useCallback(
    (isInFrame: boolean): void => {
      const next = shownRows(range, top.current);
      const { first, last } = drawn.current;
      if (next.first === first && next.last === last) return place();
      if (isInFrame) flushSync(() => setShown(next));
      else setShown(next);
    },
    [range, place],
  );

  useLayoutEffect(() => {
    drawn.current = shown;
    place();
  }, [shown, place]);

  const moveTo = useCallback(
    (wanted: number, isInFrame = true): void => {
      top.current = clampTop(range, wanted);
      if (scroller.current !== null) scroller.current.scrollTop = barTop(range, top.current);
      draw(isInFrame);
    },
    [range, draw],
  );

  // The list became longer or shorter, or its window did.
  useLayoutEffect(() => moveTo(top.current, false), [moveTo]);
  useHeight(scroller, headHeight, setViewHeight);
  useBar(scroller, range, top, draw, moveTo);

  return {
    scroller,
    slide,
    shown,
    base: baseOf(shown),
    barHeight: barHeight(range),
    viewHeight,
    showRow: (row) => moveTo(topToShow(range, row, top.current), false),
    toTop: () => moveTo(0, false),
  };
}

function useHeight(
  scroller: RefObject<HTMLDivElement | null>,
  headHeight: number,
  setViewHeight: (height: number) => void,
): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setViewHeight(Math.max(0, element.clientHeight - headHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, headHeight, setViewHeight]);
}

function useBar(
  scroller: RefObject<HTMLDivElement | null>,
  range: ScrollRange,
  top: RefObject<number>,
  draw: (isInFrame: boolean) => void,
  moveTo: (top: number) => void,
): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = (): void => {
      const bar = element.scrollTop;
      // Where it was put by hand, it stands already; a pressed bar cannot say where to the pixel.
      if (isPressed(range) && Math.abs(bar - barTop(range, top.current)) < ROUNDED) return;
      top.current = listTop(range, bar);
      draw(true);
    };
    let frame = 0;
    // A step of a pressed bar would be several of the list: the wheel moves the list itself, once a frame.
    const onWheel = (event: WheelEvent): void => {
      if (!isPressed(range) || event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? range.rowHeight : 1;
      const wanted = clampTop(range, top.current + event.deltaY * step);
      if (wanted === top.current) return;
      event.preventDefault();
      top.current = wanted;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => moveTo(top.current));
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [scroller, range, top, draw, moveTo]);
}
