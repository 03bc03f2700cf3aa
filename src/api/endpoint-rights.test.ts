import { beforeAll, expect, test } from 'vitest';
import { ROLES } from '../store/work/principal.ts';
import { allRoutes } from './all-routes.ts';
import { type ApiUnderTest, describeApi } from './api-fixture.ts';
import type { Route } from './route.ts';

const addressOf = ({ url }: Route): string => url.replaceAll(/:\w+/g, 'unknown-1');
/** What a route answers when it lets a caller through: whatever it then finds wrong with an empty request. */
const REFUSED = [401, 403];

describeApi('every endpoint', (open) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    // Streams end at once.
    api = await open({ context: { stopping: AbortSignal.abort() } });
  });

  const call = (route: Route, as: string) =>
    api.request(route.method, addressOf(route), {
      as,
      ...(route.method !== 'GET' && route.consumes === undefined && { body: {} }),
      ...(route.consumes !== undefined && { headers: { 'content-type': route.consumes[0] as string } }),
    });

  test('lets in the roles from its own upwards, and nobody else', async () => {
    const wrong: string[] = [];
    const routes = allRoutes(api.context).filter(({ role }) => role !== 'public');
    expect(routes.length).toBeGreaterThan(5);
    for (const route of routes) {
      for (const as of ['none', 'esk_unknown', ...ROLES]) {
        const isLet = ROLES.indexOf(as as 'viewer') >= ROLES.indexOf(route.role as 'viewer');
        const { statusCode, json } = await call(route, as);
        const isRight = isLet
          ? !REFUSED.includes(statusCode) || json().code === 'NO_PERSON'
          : statusCode === (as === 'none' || as === 'esk_unknown' ? 401 : 403);
        if (!isRight) wrong.push(`${route.method} ${route.url} as ${as}: ${statusCode}`);
        if (statusCode === 500) wrong.push(`${route.method} ${route.url} as ${as}: a bug`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('about all sites refuses whoever sees only some', async () => {
    const wrong: string[] = [];
    for (const route of allRoutes(api.context).filter(({ scope }) => scope === 'all-sites')) {
      const { statusCode } = await call(route, await api.keyOf('administrator', ['DC1']));
      if (statusCode !== 403) wrong.push(`${route.method} ${route.url}: ${statusCode}`);
    }
    expect(wrong).toEqual([]);
  });

  test('is what anybody expects of its method: what writes says what a repetition does', () => {
    const routes = allRoutes(api.context);
    expect(routes.filter(({ method, idempotency }) => (method === 'GET') !== (idempotency === undefined))).toEqual([]);
    const names = routes.map(({ method, url }) => `${method} ${url}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
