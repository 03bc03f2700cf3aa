import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BalanceReader } from './balance-reader.ts';
import { addAlias, addItem, addPack, emptyMasterData } from './master-data.ts';
import { type BalanceRow, normalizeBalance, type SourceRules } from './normalize-balance.ts';
import { Plan, type PlanInput } from './plan.ts';

const ERP: SourceRules = { system: 'sap', role: 'erp', numberFormat: {}, constants: {} };
const WMS: SourceRules = { system: 'wms1', role: 'wms', numberFormat: {}, constants: {} };

function planOf(change: Partial<PlanInput> = {}): Plan {
  const master = emptyMasterData('EA', 'upper', 'USD');
  addItem(master, { item: 'BOLT', base_uom: 'EA', family: 'bolts', abc_class: 'A' }, {});
  addItem(master, { item: 'CREAM', base_uom: 'KG', family: 'lots' }, {});
  addPack(master, { item: 'BOLT', uom: 'CS', factor: '12' }, {});
  addPack(master, { item: 'BOLT', uom: 'BIG', factor: '900719925474099' }, {});
  addPack(master, { item: 'CREAM', uom: 'JAR', factor: '0.25' }, {});
  addAlias(master, { system: 'wms1', alias: 'SKU-1', item: 'BOLT' }, 'item');
  master.siteAliases.set('sap', new Map([['1000', 'DC1']]));
  master.ownerAliases.set('sap', new Map([['01', 'ACME']]));
  return new Plan({
    rules: { available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE'] }, held: { erp: ['BLOCKED'], wms: ['HOLD'] } },
    ignore: [{ system: 'sap', status: ['SCRAP'], reason: 'written off' }],
    master,
    quantityDecimals: 3,
    grain: { owner: false, lot: false },
    grainRules: [{ families: ['lots'], abcClasses: undefined, grain: { owner: true, lot: true } }],
    systems: [
      { id: 'sap', role: 'erp', sites: undefined },
      { id: 'wms1', role: 'wms', sites: ['DC1'] },
    ],
    sites: [],
    items: [],
    isCaseDeclared: false,
    ...change,
  });
}

const oneOf = (...texts: (string | undefined)[]): fc.Arbitrary<string | undefined> => fc.constantFrom(...texts);
const number = fc.oneof(
  oneOf(
    ...['', '-', '.', '5.', '.5', '0', '-0', '0.000', '-0.5', '+5', '5-', '(5)', '1,5', '1.234,5', ' 7 ', '1e3', '٣'],
  ),
  oneOf('999999999999999', '9007199254740.991', '9007199254740992', '9007199254740.9921', '123456789012345678'),
  fc.integer({ min: -100_000, max: 100_000 }).map(String),
  fc
    .tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: 0, max: 99_999 }))
    .map(([whole, part]) => `${whole}.${part}`),
);
const row: fc.Arbitrary<BalanceRow> = fc.record({
  site: oneOf('DC1', '1000', ' DC1', 'DC9', '', undefined),
  item: oneOf('BOLT', 'bolt', 'SKU-1', 'cream', 'NUT', 'bolt\u200b', ' ', undefined),
  status: oneOf('UNRESTRICTED', 'BLOCKED', 'AVAILABLE', 'HOLD', 'SCRAP', 'ODD', 'ODD\u00a0', undefined),
  quantity: number,
  owner: oneOf('01', 'ACME', '', undefined),
  lot: oneOf('L1', ' L1', '', undefined),
  location: oneOf('DOCK1', 'A-1', undefined),
  uom: oneOf('EA', 'each', 'CS', 'BIG', 'JAR', 'KG', 'PAL', '', undefined),
});
const costly = fc.record({ unit_cost: oneOf(undefined, '1.5', 'x'), currency: oneOf(undefined, 'EUR') });

const PLANS: readonly [name: string, plan: Plan, sources: readonly SourceRules[]][] = [
  ['plain', planOf(), [ERP, WMS, { ...WMS, isCanonical: true }]],
  ['whole units', planOf({ quantityDecimals: 0 }), [ERP, WMS]],
  ['limited', planOf({ sites: ['DC1'], items: ['BOLT'] }), [ERP, WMS]],
  [
    'statuses under conditions',
    planOf({
      rules: {
        available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE', { status: 'HOLD', when: { location: ['DOCK*'] } }] },
        held: { erp: [{ status: 'BLOCKED', when: { family: ['lots'] } }], wms: ['HOLD'] },
      },
    }),
    [ERP, WMS],
  ],
  [
    'declared notations and constants',
    planOf(),
    [
      { ...ERP, numberFormat: { decimal: ',', thousands: '.' } },
      { ...ERP, numberFormat: { decimal: ',' } },
      { ...ERP, numberFormat: { decimal: '.' } },
      { ...ERP, numberFormat: { thousands: ',' } },
      { ...ERP, numberFormat: { negative: ['trailing-minus', 'parentheses'] } },
      { ...WMS, constants: { site: 'DC1' } },
      { ...WMS, constants: { unit_cost: '2' } },
    ],
  ],
];

describe('many rows of one source', () => {
  it.each(PLANS)('are read as one by one: %s', (_, plan, sources) => {
    const readers = sources.map((source) => [source, new BalanceReader(source, plan)] as const);
    fc.assert(
      fc.property(row, fc.option(costly, { nil: {} }), (balance, cost) => {
        for (const [source, reader] of readers) {
          const both = { ...balance, ...cost };
          expect(reader.read(both)).toStrictEqual(normalizeBalance(both, source, plan));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
