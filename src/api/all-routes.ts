/** Every endpoint of the API, in the order of its description. Never answers anything itself. */
import type { ApiContext } from './api-context.ts';
import type { Route } from './route.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit.ts';
import { discrepancyRoutes } from './routes/discrepancies.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/imports.ts';
import { intakeRoutes } from './routes/intake.ts';
import { itemRoutes } from './routes/items.ts';
import { liveRoutes } from './routes/live.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { runResultRoutes } from './routes/run-result.ts';
import { runRoutes } from './routes/runs.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { sessionRoutes } from './routes/session.ts';
import { sourceRoutes } from './routes/sources.ts';
import { userRoutes } from './routes/users.ts';

export function allRoutes(context: ApiContext): Route[] {
  const routes = [
    ...healthRoutes(context),
    ...metricsRoutes(context),
    ...sessionRoutes(context),
    ...userRoutes(context),
    ...apiKeyRoutes(context),
    ...runRoutes(context),
    ...discrepancyRoutes(context),
    ...itemRoutes(context),
    ...importRoutes(context),
    ...intakeRoutes(context),
    ...liveRoutes(context),
    ...runResultRoutes(context),
    ...eventRoutes(context),
    ...scheduleRoutes(context),
    ...mappingRoutes(context),
    ...sourceRoutes(context),
    ...auditRoutes(context),
  ];
  return [...routes, ...openApiRoutes(routes)];
}
