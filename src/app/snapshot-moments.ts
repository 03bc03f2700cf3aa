/** Writes the cut-offs of a run as the clock shows them that each was given in. Never decides one. */
import type { SnapshotMoments } from '../contract/run.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { isoAt } from './kept-item.ts';

/** The offset that a time was written in, such as -06:00; Z where it names none. */
export function clockIn(text: string | undefined): string {
  return /(Z|[+-]\d\d:\d\d)$/.exec(text ?? '')?.[1] ?? 'Z';
}

/**
 * The moment of each side's snapshot. `clockOf` gives the offset that a system's times were written in. Moments that are not
 * known are ''.
 */
export function snapshotMoments(
  times: { readonly erp: number | undefined; readonly wms: ReadonlyMap<string, number> },
  sites: Iterable<string>,
  plan: Plan,
  clockOf: (system: string) => string,
): SnapshotMoments {
  const write = (system: string, at: number | undefined): string =>
    at === undefined ? '' : isoAt(at, clockOf(system));
  const erp = plan.systems.find(({ role }) => role === 'erp')?.id ?? '';
  const wms = [...sites].sort().map((site) => {
    const system = plan.wmsOf(site) ?? '';
    return [site, write(system, times.wms.get(system) ?? times.wms.values().next().value)] as const;
  });
  return { erp: write(erp, times.erp), wms: Object.fromEntries(wms) };
}
