/** Views that people keep: a page, what is asked of it, and its columns. Never holds what a view shows. */
import { z } from 'zod';

const COLUMNS_MAX = 200;

export const viewParams = z.strictObject({ id: z.string().min(1).max(64) });
export const viewsQuery = z.strictObject({ page: z.string().max(100).optional() });

export const viewContentSchema = z.strictObject({
  page: z.string().trim().min(1).max(100).describe('which page it is a view of, such as run or interfaces'),
  name: z.string().trim().min(1).max(100),
  query: z.string().max(8_000).default('').describe('as in the address of the page, without the question mark'),
  columns: z
    .array(z.string().min(1).max(100))
    .max(COLUMNS_MAX)
    .default([])
    .describe('in their order; empty: the usual ones'),
  is_shared: z.boolean().default(false).describe('seen by all; analysts may share'),
});

export const viewSchema = z
  .strictObject({
    id: z.string(),
    page: z.string(),
    name: z.string(),
    query: z.string(),
    columns: z.array(z.string()),
    is_shared: z.boolean(),
    is_mine: z.boolean(),
    owner: z.string(),
    version: z.int(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'View' });

export const viewsSchema = z.strictObject({ items: z.array(viewSchema).describe('own ones first, by name') });
