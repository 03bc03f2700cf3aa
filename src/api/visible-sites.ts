/** Decides which sites a list is limited to: those that were asked for, as far as the caller may see them. */
import type { Principal } from '../store/work/principal.ts';

/** undefined: all of them; an empty list: none. */
export function visibleSites(
  { sites }: Principal,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  if (sites === null) return asked;
  return asked === undefined ? sites : asked.filter((site) => sites.includes(site));
}
