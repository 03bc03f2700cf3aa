/** Puts what the workers found together and gives it names again. */
import type { Comparison, VarianceCell } from '../../core/compare/variance.ts';
import type { RunNames } from './merge-names.ts';
import type { Found } from './partition-comparer.ts';

/** `systems` in the order of the inputs. Several inputs of one system are one system here. */
export function toComparison(found: readonly Found[], names: RunNames, systems: readonly string[]): Comparison {
  const site = (id: number): string => names.sites[id] as string;
  const item = (id: number): string => names.items[id] as string;
  const cells = new Map<string, VarianceCell>();
  for (const cell of found.flatMap((part) => part.cells)) {
    const name = `${cell.site},${cell.category}`;
    const sum = cells.get(name);
    cells.set(name, {
      site: site(cell.site),
      category: cell.category,
      keys: cell.keys + (sum?.keys ?? 0),
      erpKeys: cell.erpKeys + (sum?.erpKeys ?? 0),
      wmsKeys: cell.wmsKeys + (sum?.wmsKeys ?? 0),
      bothKeys: cell.bothKeys + (sum?.bothKeys ?? 0),
      erp: cell.erp + (sum?.erp ?? 0n),
      wms: cell.wms + (sum?.wms ?? 0n),
    });
  }
  const unmapped = new Map<string, Comparison['unmapped'][number]>();
  for (const entry of found.flatMap((part) => part.unmapped)) {
    const system = systems[entry.source] as string;
    const status = names.statuses[entry.status] as string;
    const name = JSON.stringify([system, status, entry.site, entry.item]);
    const sum = unmapped.get(name);
    unmapped.set(name, {
      system,
      status,
      site: site(entry.site),
      item: item(entry.item),
      rows: entry.rows + (sum?.rows ?? 0),
      quantity: entry.quantity + (sum?.quantity ?? 0n),
      rowCost: entry.rowCost,
    });
  }
  return {
    variances: found.flatMap((part) =>
      part.variances.map((variance) => ({
        ...variance,
        site: site(variance.site),
        item: item(variance.item),
        owner: names.owners[variance.owner] as string,
      })),
    ),
    cells: [...cells.values()],
    unmapped: [...unmapped.values()],
    uncoveredKeys: found.reduce((sum, part) => sum + part.uncoveredKeys, 0),
  };
}
