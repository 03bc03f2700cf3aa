/**
 * Decides which rows of a long list are seen at which place of its scroll bar. Browsers draw nothing that is taller than some
 * 17 to 33 million pixels: a longer list is pressed together behind the bar, and its rows stay as tall as they are. Never
 * touches an element.
 */

/** Below what any browser draws. */
const HEIGHT_MAX = 15_000_000;

export interface ScrollRange {
  readonly count: number;
  readonly rowHeight: number;
  /** Height of the part of the window that shows rows. */
  readonly viewHeight: number;
}

export interface Shown {
  readonly first: number;
  /** The last row that is seen, at least in part; −1 where there is none. */
  readonly last: number;
}

/** How tall the element is that the bar belongs to. */
export function barHeight({ count, rowHeight }: ScrollRange): number {
  return Math.min(count * rowHeight, HEIGHT_MAX);
}

/** How far the list goes beyond its window. */
function travel({ count, rowHeight, viewHeight }: ScrollRange): number {
  return Math.max(0, count * rowHeight - viewHeight);
}

function barTravel(range: ScrollRange): number {
  return Math.max(0, barHeight(range) - range.viewHeight);
}

/** Whether a step of the bar is more than a step of the list. */
export function isPressed(range: ScrollRange): boolean {
  return range.count * range.rowHeight > HEIGHT_MAX;
}

/** How many pixels of rows lie above the window when the bar stands here. */
export function listTop(range: ScrollRange, barTop: number): number {
  const whole = barTravel(range);
  return whole === 0 ? 0 : Math.min(travel(range), (Math.max(0, barTop) * travel(range)) / whole);
}

/** Where the bar stands when so many pixels of rows lie above the window. */
export function barTop(range: ScrollRange, top: number): number {
  const whole = travel(range);
  return whole === 0 ? 0 : (clampTop(range, top) * barTravel(range)) / whole;
}

export function clampTop(range: ScrollRange, top: number): number {
  return Math.min(Math.max(0, top), travel(range));
}

export function shownRows({ count, rowHeight, viewHeight }: ScrollRange, top: number): Shown {
  return {
    first: Math.min(Math.floor(top / rowHeight), Math.max(0, count - 1)),
    last: Math.min(count - 1, Math.ceil((top + viewHeight) / rowHeight) - 1),
  };
}

/** Where the list has to stand so that a row is seen whole: nowhere else where it is already. */
export function topToShow(range: ScrollRange, row: number, now: number): number {
  const top = row * range.rowHeight;
  if (top < now) return clampTop(range, top);
  if (top + range.rowHeight > now + range.viewHeight) return clampTop(range, top + range.rowHeight - range.viewHeight);
  return now;
}
