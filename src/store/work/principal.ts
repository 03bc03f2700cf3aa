/** Who asks, and what they may: a role that includes the ones below it, and the sites they see. Never says how they proved it. */
import type { Role } from '../database/work-state.ts';

export interface Principal {
  /** `person:<id>`, `key:<id>` or `system`. */
  readonly actor: string;
  readonly role: Role;
  /** null: all sites. */
  readonly sites: readonly string[] | null;
}

/** From the least to the most. */
export const ROLES = ['viewer', 'analyst', 'approver', 'administrator'] as const satisfies readonly Role[];

export function hasRole(principal: Principal, least: Role): boolean {
  return ROLES.indexOf(principal.role) >= ROLES.indexOf(least);
}

export function canSee(principal: Principal, site: string): boolean {
  return principal.sites === null || principal.sites.includes(site);
}
