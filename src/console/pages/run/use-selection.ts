/** Which lines are selected, by their rank. Decides what a range is; never more than can be handed on. */
import { useCallback, useState } from 'react';
import type { Line } from './line-store.ts';
import type { ListRows } from './list-rows.ts';

/** As many as an export takes by rank. */
export const SELECTED_MAX = 1_000;

export interface Selection {
  readonly lines: ReadonlyMap<string, Line>;
  readonly isFull: boolean;
  readonly toggle: (line: Line, row: number) => void;
  /** From the row that was selected last to this one. */
  readonly extend: (rows: ListRows, row: number) => void;
  readonly clear: () => void;
}

const NONE: ReadonlyMap<string, Line> = new Map();

export function useSelection(): Selection {
  const [lines, setLines] = useState(NONE);
  const [anchor, setAnchor] = useState(0);
  const toggle = useCallback((line: Line, row: number): void => {
    setAnchor(row);
    setLines((before) => {
      const next = new Map(before);
      if (!next.delete(line.rank) && next.size < SELECTED_MAX) next.set(line.rank, line);
      return next;
    });
  }, []);
  const extend = useCallback(
    (rows: ListRows, row: number): void => {
      const [first, last] = [Math.min(anchor, row), Math.max(anchor, row)];
      void rows.linesBetween(first, Math.min(last, first + SELECTED_MAX)).then((found) =>
        setLines((before) => {
          const next = new Map(before);
          for (const line of found) if (next.size < SELECTED_MAX) next.set(line.rank, line);
          return next;
        }),
      );
    },
    [anchor],
  );
  const clear = useCallback(() => setLines(NONE), []);
  return { lines, isFull: lines.size >= SELECTED_MAX, toggle, extend, clear };
}
