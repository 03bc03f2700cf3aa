/**
 * Decides whether the parts of a configuration fit each other: systems, their sites, and who names them.
 * Never looks at files.
 */
import type { Configuration } from '../contract/configuration.ts';
import { normalizeText } from '../core/normalize/text.ts';
import { suggestion } from './nearest-name.ts';
import type { Path } from './node-reading.ts';

/**
 * Tells what is wrong at the key or the value of a place. `found` stands for the value and adds what was written there:
 * messages never hold a value themselves, because the environment may have brought it in. `hint` ends the message.
 */
export type Report = (path: Path, message: string, at?: 'key' | 'value' | 'found', hint?: string) => void;

/** Checks everything that one part says about another. */
export function checkReferences(configuration: Configuration, report: Report): void {
  checkRoles(configuration, report);
  checkSites(configuration, report);
  checkNamedSystems(configuration, report);
  checkCategories(configuration, report);
}

function systemsOf(configuration: Configuration, role: 'erp' | 'wms'): string[] {
  return Object.entries(configuration.systems).flatMap(([id, system]) => (system.role === role ? [id] : []));
}

function checkRoles(configuration: Configuration, report: Report): void {
  const erps = systemsOf(configuration, 'erp');
  const warehouses = systemsOf(configuration, 'wms');
  if (erps.length === 0) report(['systems'], 'no system has the role erp; exactly one must', 'key');
  for (const id of erps.slice(1))
    report(['systems', id, 'role'], `"${id}" is a second erp beside "${erps[0]}"; exactly one system is the erp`);
  if (warehouses.length === 0) report(['systems'], 'no system has the role wms; at least one must', 'key');
  for (const [id, { role }] of Object.entries(configuration.systems)) {
    // Under `categories` the names erp and wms are roles, so a system of the other role could never be meant.
    if ((id === 'erp' || id === 'wms') && id !== role)
      report(['systems', id], `a system called "${id}" cannot have the role ${role}`, 'key');
    if (!configuration.balances.some((source) => source.system === id)) {
      report(['systems', id], `"${id}" has no source under balances`, 'key');
    }
  }
}

function checkSites(configuration: Configuration, report: Report): void {
  const warehouses = systemsOf(configuration, 'wms');
  const answering = new Map<string, string>();
  for (const id of warehouses) {
    const { sites } = configuration.systems[id]!;
    if (sites === undefined) {
      if (warehouses.length > 1)
        report(['systems', id], `"${id}" needs sites: with several wms each says which sites it answers for`, 'key');
      continue;
    }
    if (sites.length === 0) report(['systems', id, 'sites'], `"${id}" answers for no site`);
    sites.map(normalizeText).forEach((site, at) => {
      const other = answering.get(site);
      if (other === undefined) answering.set(site, id);
      else {
        const why =
          other === id
            ? 'this site is listed twice'
            : `this site already belongs to "${other}"; one wms answers for a site`;
        report(['systems', id, 'sites', at], why, 'found');
      }
    });
  }
}

function checkNamedSystems(configuration: Configuration, report: Report): void {
  const known = Object.keys(configuration.systems);
  for (const part of ['balances', 'movements', 'opening', 'ignore'] as const) {
    (configuration[part] ?? []).forEach(({ system }, at) => {
      if (known.includes(system)) return;
      const expected = `expected a system named under systems (${known.join(', ')})`;
      report([part, at, 'system'], expected, 'found', suggestion(system, known));
    });
  }
}

function checkCategories(configuration: Configuration, report: Report): void {
  const sides = [...new Set(['erp', 'wms', ...Object.keys(configuration.systems)])];
  const categories = Object.entries(configuration.categories);
  if (categories.length === 0) report(['categories'], 'no category: without one every status is unmapped', 'key');
  for (const [category, bySide] of categories) {
    // JavaScript puts keys that are whole numbers first, and the order of the categories decides which rule wins.
    if (/^(0|[1-9]\d*)$/.test(category)) {
      report(
        ['categories', category],
        `a category cannot be called "${category}"; its name needs a letter, as in category-${category}`,
        'key',
      );
    }
    if (Object.keys(bySide).length === 0)
      report(['categories', category], `category "${category}" names no side`, 'key');
    for (const side of Object.keys(bySide)) {
      if (sides.includes(side)) continue;
      report(
        ['categories', category, side],
        `no side is called "${side}"${suggestion(side, sides, `; known are ${sides.join(', ')}`)}`,
        'key',
      );
    }
  }
}
