/** The description of the API, for programs that make clients of it. Never anything of the data. */
import { Readable } from 'node:stream';
import { openApiDocument } from '../openapi-document.ts';
import { type Route, route } from '../route.ts';

/** `routes`: all others. */
export function openApiRoutes(routes: readonly Route[]): Route[] {
  let text: string | undefined;
  const own: Route = route({
    method: 'GET',
    url: '/openapi.json',
    summary: 'This description',
    tag: 'operation',
    role: 'public',
    scope: 'none',
    produces: ['application/json'],
    handle: () => {
      text ??= JSON.stringify(openApiDocument([...routes, own]));
      return { stream: Readable.from([text]) };
    },
  });
  return [own];
}
