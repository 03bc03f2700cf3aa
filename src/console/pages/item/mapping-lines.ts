/** Where the lines between statuses and categories run: from box to box as they stand. Never decides which belong together. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import type { ItemPlace } from '../../../contract/item-view.ts';

interface MappingLine {
  readonly path: string;
  readonly tone: string;
}

/** Measured before it is shown, and again whenever the drawing changes its size. */
export function useMappingLines(drawing: RefObject<HTMLElement | null>, place: ItemPlace): readonly MappingLine[] {
  const [lines, setLines] = useState<readonly MappingLine[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place has other boxes
  useLayoutEffect(() => {
    const root = drawing.current;
    if (root === null) return;
    const measure = (): void => setLines(linesOf(root));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(root);
    return () => observer.disconnect();
  }, [drawing, place]);
  return lines;
}

function linesOf(root: HTMLElement): MappingLine[] {
  const origin = root.getBoundingClientRect();
  return [...root.querySelectorAll<HTMLElement>('[data-line]')].flatMap((status) => {
    const box = root.querySelector<HTMLElement>(`[data-box="${status.dataset['band']}"]`);
    if (box === null) return [];
    const [from, to] = [status.getBoundingClientRect(), box.getBoundingClientRect()];
    const isLeft = status.dataset['line'] === 'erp';
    const [x1, x2] = isLeft ? [from.right, to.left] : [from.left, to.right];
    const y1 = from.top + from.height / 2 - origin.top;
    const y2 = to.top + to.height / 2 - origin.top;
    const [a, b] = [x1 - origin.left, x2 - origin.left];
    const middle = (a + b) / 2;
    const numbers = [a, y1, middle, y1, middle, y2, b, y2].map((number) => Math.round(number * 2) / 2);
    const [ax, ay, ...rest] = numbers;
    return [{ path: `M${ax} ${ay}C${rest.join(' ')}`, tone: box.dataset['tone'] ?? 'plain' }];
  });
}
