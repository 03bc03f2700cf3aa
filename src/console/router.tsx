/**
 * Which page stands at which address. Each is loaded when it is first opened. Never draws one: see pages/.
 */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { hearEvents } from './api/live-events.ts';
import { sessionQuery } from './api/session.ts';
import { BrokenPage, LostPage } from './shell/lost-page.tsx';
import { Shell } from './shell/shell.tsx';

/** Search parameters as they stand in the address: texts, never parsed by guess. `site` goes from page to page. */
export type Search = { readonly [name: string]: string | undefined };

const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(
      Object.entries(search)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
    ),
  notFoundComponent: LostPage,
});

/** Everything behind the sign-in. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  search: { middlewares: [({ search, next }) => ({ site: search.site, ...next(search) })] },
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.fetchQuery(sessionQuery);
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
    hearEvents(context.queries);
  },
});

const under = { getParentRoute: () => shellRoute } as const;

const pages = [
  createRoute({
    ...under,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/today/today-page.tsx'), 'TodayPage'),
  }),
  createRoute({
    ...under,
    path: '/runs',
    component: lazyRouteComponent(() => import('./pages/runs/runs-page.tsx'), 'RunsPage'),
  }),
  createRoute({
    ...under,
    path: '/runs/$runId',
    component: lazyRouteComponent(() => import('./pages/run/run-page.tsx'), 'RunPage'),
  }),
  createRoute({
    ...under,
    path: '/items/$item',
    component: lazyRouteComponent(() => import('./pages/item/item-page.tsx'), 'ItemPage'),
  }),
  createRoute({
    ...under,
    path: '/findings',
    component: lazyRouteComponent(() => import('./pages/findings/findings-page.tsx'), 'FindingsPage'),
  }),
  createRoute({
    ...under,
    path: '/interfaces',
    component: lazyRouteComponent(() => import('./pages/interfaces/interfaces-page.tsx'), 'InterfacesPage'),
  }),
  createRoute({
    ...under,
    path: '/mapping',
    component: lazyRouteComponent(() => import('./pages/mapping/mapping-page.tsx'), 'MappingPage'),
  }),
  createRoute({
    ...under,
    path: '/sources',
    component: lazyRouteComponent(() => import('./pages/sources/sources-page.tsx'), 'SourcesPage'),
  }),
  createRoute({
    ...under,
    path: '/measures',
    component: lazyRouteComponent(() => import('./pages/measures/measures-page.tsx'), 'MeasuresPage'),
  }),
  createRoute({
    ...under,
    path: '/settings',
    component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
  }),
];

const open = { getParentRoute: () => rootRoute } as const;
const openPages = [
  createRoute({
    ...open,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    ...open,
    path: '/setup',
    component: lazyRouteComponent(() => import('./pages/sign-in/setup-page.tsx'), 'SetupPage'),
  }),
];

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: rootRoute.addChildren([shellRoute.addChildren(pages), ...openPages]),
    context: { queries },
    defaultPreload: 'intent',
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: LostPage,
    scrollRestoration: true,
    // Addresses are read by people: ?site=DC1, not ?site=%22DC1%22.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const parameters = new URLSearchParams();
      for (const [name, value] of Object.entries(search))
        if (value !== undefined && value !== '') parameters.set(name, String(value));
      return parameters.size === 0 ? '' : `?${parameters}`;
    },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
