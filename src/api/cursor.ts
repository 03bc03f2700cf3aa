/** Where a page ended, as text that callers hand back. Never trusted: it holds values to compare with, no conditions. */
import type { z } from 'zod';
import { ApiProblem } from './problem.ts';

/** `position`: the values of the last row of the page in the order of the list. */
export function cursorOf(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position, where it is one of this list: `schema` is a tuple, its first place a literal where a list has several orders. */
export function positionOf<T extends z.ZodType>(cursor: string | undefined, schema: T): z.output<T> | undefined {
  if (cursor === undefined) return undefined;
  let given: unknown;
  try {
    given = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    given = undefined;
  }
  const read = schema.safeParse(given);
  if (!read.success) throw unknownCursor();
  return read.data;
}

export function unknownCursor(): ApiProblem {
  return new ApiProblem(400, 'CURSOR_UNKNOWN', 'the cursor is none of this list in this order', {
    action: 'Begin with the first page, without a cursor.',
  });
}

/** Cuts what was read with one row more than `limit` to a page. */
export function pageFrom<T, D>(
  rows: readonly T[],
  limit: number,
  document: (row: T) => D,
  position: (row: T) => readonly unknown[],
): { items: D[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(document),
    next_cursor: rows.length > limit && last !== undefined ? cursorOf(position(last)) : null,
  };
}
