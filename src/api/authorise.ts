/** Decides whether a principal may call a route. Never looks at rows: what a route `filtered` by site shows is its handler's. */
import { hasRole, type Principal } from '../store/work/principal.ts';
import { ANONYMOUS } from './authenticate.ts';
import { ApiProblem } from './problem.ts';
import type { Route } from './route.ts';

/** Throws 401 or 403 where not. */
export function authorise({ role, scope }: Route, principal: Principal): void {
  if (role === 'public') return;
  if (principal === ANONYMOUS)
    throw new ApiProblem(401, 'NOT_SIGNED_IN', 'the request names nobody', {
      action: 'Sign in, or send an API key as Authorization: Bearer.',
      headers: { 'www-authenticate': 'Bearer' },
    });
  if (!hasRole(principal, role))
    throw new ApiProblem(403, 'ROLE_TOO_LOW', `this needs the role ${role}; you have ${principal.role}`);
  if (scope === 'all-sites' && principal.sites !== null)
    throw new ApiProblem(403, 'SITES_TOO_FEW', 'this needs the right to see all sites');
}
