/** Every endpoint of the API, in the order of its description. Never answers anything itself. */
import type { ApiContext } from './api-context.ts';
import type { Route } from './route.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit.ts';
import { discrepancyRoutes } from './routes/discrepancies.ts';
import { documentRoutes } from './routes/documents.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/imports.ts';
import { intakeRoutes } from './routes/intake.ts';
import { interfaceRoutes } from './routes/interfaces.ts';
import { itemRoutes } from './routes/items.ts';
import { liveRoutes } from './routes/live.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { runResultRoutes } from './routes/run-result.ts';
import { runRoutes } from './routes/runs.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { sessionRoutes } from './routes/session.ts';
import { sessionLinkRoutes } from './routes/session-link.ts';
import { sourceWizardRoutes } from './routes/source-wizard.ts';
import { sourceRoutes } from './routes/sources.ts';
import { userRoutes } from './routes/users.ts';
import { viewRoutes } from './routes/views.ts';

export function allRoutes(context: ApiContext): Route[] {
  const routes = [
    ...healthRoutes(context),
    ...metricsRoutes(context),
    ...sessionRoutes(context),
    ...sessionLinkRoutes(context),
    ...oidcRoutes(context),
    ...userRoutes(context),
    ...apiKeyRoutes(context),
    ...runRoutes(context),
    ...discrepancyRoutes(context),
    ...itemRoutes(context),
    ...importRoutes(context),
    ...intakeRoutes(context),
    ...liveRoutes(context),
    ...interfaceRoutes(context),
    ...documentRoutes(context),
    ...runResultRoutes(context),
    ...eventRoutes(context),
    ...scheduleRoutes(context),
    ...notificationRoutes(context),
    ...mappingRoutes(context),
    ...sourceRoutes(context),
    ...sourceWizardRoutes(context),
    ...viewRoutes(context),
    ...auditRoutes(context),
  ];
  return [...routes, ...openApiRoutes(routes)];
}
