/** How lists are asked for and answered, page by page. Never counts what is not shown: counting costs a whole read. */
import { z } from 'zod';

const PAGE_MAX = 1_000;

/** Spread into the query of every list: `z.strictObject({ ...pageQuery, state: … })`. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(100).describe('most rows of a page'),
  cursor: z.string().max(2_000).optional().describe('next_cursor of the page before'),
};

/** One page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    next_cursor: z.string().nullable().describe('null: this is the last page'),
  });
}

/** A parameter that may stand several times, or once with commas, as on the command line. */
export const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((given) =>
    [given]
      .flat()
      .flatMap((part) => part.split(','))
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .describe('may be repeated, or hold commas');
