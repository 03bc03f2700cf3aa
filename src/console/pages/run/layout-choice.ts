/** What a person chose for the list on this device: columns and their order, height of rows, keys. Never anything about the data. */
import { useCallback, useState } from 'react';
import { readOrder } from './column-order.ts';
import { COLUMN_NAMES, COLUMNS_SHOWN, type ColumnName } from './columns.tsx';

export interface LayoutChoice {
  readonly columns: readonly ColumnName[];
  readonly isComfortable: boolean;
  /** Keys of one letter do something. */
  readonly hasKeys: boolean;
}

const NAME = 'evenstock.run-list';
const USUAL: LayoutChoice = { columns: COLUMNS_SHOWN, isComfortable: false, hasKeys: true };

export function useLayoutChoice(): [LayoutChoice, (change: Partial<LayoutChoice>) => void] {
  const [choice, setChoice] = useState(read);
  const change = useCallback((part: Partial<LayoutChoice>): void => {
    setChoice((before) => {
      const next = { ...before, ...part };
      keep(next);
      return next;
    });
  }, []);
  return [choice, change];
}

/** The choice that is kept; the usual one where none is, or what is kept is of another time. */
function read(): LayoutChoice {
  try {
    return readLayout(JSON.parse(localStorage.getItem(NAME) ?? 'null'));
  } catch {
    return USUAL;
  }
}

export function readLayout(kept: unknown): LayoutChoice {
  if (typeof kept !== 'object' || kept === null) return USUAL;
  const { columns, isComfortable, hasKeys } = kept as Record<string, unknown>;
  return {
    columns: readOrder(columns, COLUMN_NAMES, 'item') ?? USUAL.columns,
    isComfortable: isComfortable === true,
    hasKeys: hasKeys !== false,
  };
}

function keep(choice: LayoutChoice): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(choice));
  } catch {
    // A browser that keeps nothing: the choice holds until the page is closed.
  }
}
