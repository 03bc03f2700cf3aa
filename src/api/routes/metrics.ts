/** What Prometheus collects. Never without a key: it tells how busy a business is. */
import { Readable } from 'node:stream';
import type { ApiContext } from '../api-context.ts';
import { type Route, route } from '../route.ts';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function metricsRoutes(context: ApiContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/metrics',
      summary: 'Metrics in the text format of Prometheus',
      tag: 'operation',
      role: 'viewer',
      scope: 'none',
      produces: [TYPE],
      handle: async () => ({ stream: Readable.from([await context.metrics()]) }),
    }),
  ];
}
