/** What every failed request is answered with, as application/problem+json (RFC 9457). Never holds a stack or a query. */
import { z } from 'zod';

export const problemSchema = z
  .strictObject({
    type: z.string().describe('names the kind of problem: urn:evenstock:problem:<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what was found'),
    code: z.string().describe('stable name, such as VERSION_STALE'),
    action: z.string().optional().describe('what to do'),
    request_id: z.string().describe('also in the header x-request-id and in the log'),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe('places of the request that are wrong'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;
