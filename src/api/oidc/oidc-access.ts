/**
 * Decides what somebody may do here by what the provider says of them: role and sites, as `sign_in.oidc` maps its claims. Never
 * lets in whom nothing names.
 */
import type { OidcSettings } from '../../contract/sign-in-configuration.ts';
import type { Role } from '../../store/database/work-state.ts';
import { ROLES } from '../../store/work/principal.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface OidcAccess {
  readonly role: Role;
  /** null: all sites. */
  readonly sites: readonly string[] | null;
}

/** More is an attack or a mistake; the table of people is not the place for it. */
const SITES_MAX = 1_000;
const SITE_LENGTH_MAX = 200;

/** `no-role` and `no-site` where the claims give none. */
export function accessOf(claims: Claims, { role, sites }: OidcSettings): OidcAccess | 'no-role' | 'no-site' {
  const named = textsAt(claims, role.claim).flatMap((value) =>
    Object.hasOwn(role.values, value) ? [role.values[value] as Role] : [],
  );
  const highest = ROLES.findLast((one) => named.includes(one)) ?? role.otherwise;
  if (highest === undefined) return 'no-role';
  if (sites === undefined) return { role: highest, sites: null };
  const { values } = sites;
  const seen = new Set<string>();
  for (const value of textsAt(claims, sites.claim)) {
    const given = values === undefined ? [value] : Object.hasOwn(values, value) ? values[value] : [];
    if (given === 'all') return { role: highest, sites: null };
    for (const site of given ?? []) if (site !== '' && site.length <= SITE_LENGTH_MAX) seen.add(site);
  }
  if (seen.size === 0 || seen.size > SITES_MAX) return 'no-site';
  return { role: highest, sites: [...seen].sort() };
}

/** Whether the claims say anything at all that decides on rights. */
export function saysAccess(claims: Claims, { role, sites }: OidcSettings): boolean {
  return valueAt(claims, role.claim) !== undefined && (!sites || valueAt(claims, sites.claim) !== undefined);
}

/** A claim of this very name counts first: some providers name theirs by an address. */
function valueAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function textsAt(claims: Claims, path: string): string[] {
  const value = valueAt(claims, path);
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}
