/** Whether a server lives, and whether it can serve. Never says anything about its data. */
import { z } from 'zod';

export const healthSchema = z.strictObject({ status: z.literal('ok'), version: z.string() });

export const readySchema = z.strictObject({
  status: z.enum(['ready', 'not-ready']),
  checks: z.array(z.strictObject({ name: z.string(), is_ok: z.boolean(), detail: z.string().optional() })),
});
