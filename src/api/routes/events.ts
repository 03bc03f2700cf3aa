/** What happens, as it happens, to who listens. Never tells of other sites than the caller's. */
import { eventsQuery } from '../../contract/api/events.ts';
import { EventWatch } from '../../store/work/event-watch.ts';
import type { ApiContext } from '../api-context.ts';
import { streamEvents } from '../event-stream.ts';
import { ApiProblem } from '../problem.ts';
import { type Route, route } from '../route.ts';

export function eventRoutes({ database: { db } }: ApiContext): Route[] {
  const watch = new EventWatch(db);
  return [
    route({
      method: 'GET',
      url: '/events',
      summary:
        'Server-sent events: run.*, discrepancy.*, alert.*, schedule.*; `reset` where events were missed and are not kept any more',
      tag: 'events',
      role: 'viewer',
      scope: 'filtered',
      query: eventsQuery,
      produces: ['text/event-stream'],
      handle: ({ query, principal, request, reply, signal }) => ({
        stream: streamEvents({
          db,
          watch,
          principal,
          after: lastEventOf(request.headers['last-event-id']) ?? query.last_event_id,
          kinds: query.kind,
          sites: query.site,
          signal,
          cutOff: () => reply.raw.destroy(),
        }),
        headers: { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' },
      }),
    }),
  ];
}

function lastEventOf(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw new ApiProblem(400, 'LAST_EVENT_UNREADABLE', 'the header Last-Event-ID is no id of an event of this API');
}
