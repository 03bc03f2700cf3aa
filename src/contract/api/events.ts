/** How server-sent events are asked for. The stream is text/event-stream: id, event and data, which is JSON. */
import { z } from 'zod';
import { texts } from './paging.ts';

export const eventsQuery = z.strictObject({
  kind: texts.default([]).describe('kinds, or what they begin with up to a dot: run, discrepancy.opened'),
  site: texts.default([]).describe('events of these sites, and those of none'),
  last_event_id: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('as the header Last-Event-ID: what came after it is sent first; without both, only what is new'),
});
