import { describe, expect, it } from 'vitest';
import { emptyMasterData } from './master-data.ts';
import { Plan, type PlanInput, type SystemScope } from './plan.ts';

function plan(change: Partial<PlanInput> = {}): Plan {
  return new Plan({
    rules: { available: { erp: ['A'], wms: ['A'] } },
    ignore: [],
    master: emptyMasterData('EA', 'exact'),
    quantityDecimals: 6,
    grain: { owner: false, lot: false },
    grainRules: [],
    systems: [],
    sites: [],
    items: [],
    isCaseDeclared: false,
    ...change,
  });
}

describe('siteScope', () => {
  const two: SystemScope[] = [
    { id: 'sap', role: 'erp', sites: undefined },
    { id: 'wms1', role: 'wms', sites: ['DC1'] },
    { id: 'wms2', role: 'wms', sites: ['DC2', 'DC3'] },
  ];
  const open: SystemScope[] = [
    two[0] as SystemScope,
    two[1] as SystemScope,
    { id: 'wms2', role: 'wms', sites: undefined },
  ];
  const limited: SystemScope[] = [
    { id: 'sap', role: 'erp', sites: ['DC1'] },
    two[1] as SystemScope,
    two[2] as SystemScope,
  ];
  it.each([
    ['the ERP at a site with a WMS', two, 'sap', 'erp', 'DC2', 'in-scope'],
    ['the ERP at a site without one', two, 'sap', 'erp', 'DC9', 'out-of-scope'],
    ['a WMS at its own site', two, 'wms2', 'wms', 'DC3', 'in-scope'],
    ['a WMS at another’s site', two, 'wms1', 'wms', 'DC2', 'foreign'],
    ['a WMS at nobody’s site', two, 'wms1', 'wms', 'DC9', 'foreign'],
    ['nothing at no site', two, 'sap', 'erp', '', 'missing'],
    ['a WMS that answers for all others', open, 'wms2', 'wms', 'DC9', 'in-scope'],
    ['but not for those that another claims', open, 'wms2', 'wms', 'DC1', 'foreign'],
    ['the ERP at such a site', open, 'sap', 'erp', 'DC9', 'in-scope'],
    ['an ERP that does not answer for a site', limited, 'sap', 'erp', 'DC2', 'out-of-scope'],
  ] as const)('%s', (_name, systems, system, role, site, expected) => {
    expect(plan({ systems }).siteScope(system, role, site)).toBe(expected);
  });

  it.each([
    ['DC1', 'wms1'],
    ['DC9', undefined],
  ])('the WMS of %s', (site, expected) => expect(plan({ systems: two }).wmsOf(site)).toBe(expected));
});

describe('filters and grain', () => {
  it.each([
    [[], [], true],
    [['DC1'], [], true],
    [['DC2'], [], false],
    [[], ['A'], true],
    [[], ['B'], false],
    [['DC1'], ['A'], true],
    [['DC1'], ['B'], false],
  ])('sites %j and items %j', (sites, items, expected) =>
    expect(plan({ sites, items }).keeps('DC1', 'A')).toBe(expected),
  );

  it('the first rule that fits gives the grain', () => {
    const owner = { owner: true, lot: false };
    const lot = { owner: false, lot: true };
    const both = { owner: true, lot: true };
    const made = plan({
      grainRules: [
        { families: ['food*'], abcClasses: ['A'], grain: both },
        { families: ['food*'], abcClasses: undefined, grain: lot },
        { families: undefined, abcClasses: ['C'], grain: owner },
      ],
    });
    expect(made.grainOf('food-cold', 'A')).toEqual(both);
    expect(made.grainOf('food-cold', 'C')).toEqual(lot);
    expect(made.grainOf('tools', 'C')).toEqual(owner);
    expect(made.grainOf('tools', 'A')).toEqual({ owner: false, lot: false });
    expect(made.grainOf('', '')).toEqual({ owner: false, lot: false });
  });
});
