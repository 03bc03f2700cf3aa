import { describe, expect, it } from 'vitest';
import { UNMAPPED } from '../model/balance.ts';
import { addAlias, addItem, addPack, emptyMasterData } from './master-data.ts';
import { type BalanceRow, normalizeBalance, parseUnitCost, type SourceRules } from './normalize-balance.ts';
import { Plan, type PlanInput } from './plan.ts';

const ERP: SourceRules = { system: 'sap', role: 'erp', numberFormat: {}, constants: {} };
const WMS: SourceRules = { system: 'wms1', role: 'wms', numberFormat: {}, constants: {} };
const ROW: BalanceRow = { site: 'DC1', item: 'bolt', status: 'UNRESTRICTED', quantity: '5' };

function plan(change: Partial<PlanInput> = {}): Plan {
  const master = emptyMasterData('EA', 'exact', 'USD');
  addItem(master, { item: 'bolt', base_uom: 'EA', family: 'bolts', abc_class: 'A' }, {});
  addItem(master, { item: 'cream', base_uom: 'EA', family: 'lots' }, {});
  addPack(master, { item: 'bolt', uom: 'CS', factor: '12' }, {});
  addAlias(master, { system: 'wms1', alias: 'SKU-1', item: 'bolt' }, 'item');
  master.siteAliases.set('sap', new Map([['1000', 'DC1']]));
  master.ownerAliases.set('sap', new Map([['01', 'ACME']]));
  return new Plan({
    rules: {
      available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE', { status: 'STAGED', when: { location: ['DOCK*'] } }] },
      held: { erp: ['BLOCKED'], wms: [{ status: 'STAGED', when: { family: ['lots'] } }] },
    },
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

const balanceOf = (row: BalanceRow, source: SourceRules = ERP, change: Partial<PlanInput> = {}) =>
  normalizeBalance(row, source, plan(change));

describe('balances', () => {
  const key = {
    role: 'erp',
    system: 'sap',
    site: 'DC1',
    item: 'bolt',
    owner: '',
    lot: '',
    status: 'UNRESTRICTED',
    category: 0,
    quantity: 5000,
  };
  const cases: readonly [name: string, row: BalanceRow, source: SourceRules, expected: object][] = [
    ['a plain row', ROW, ERP, key],
    ['codes written oddly', { ...ROW, site: ' DC1', item: 'bolt\u200b', status: 'UNRESTRICTED\u00a0' }, ERP, key],
    ['a site alias of its own system', { ...ROW, site: '1000' }, ERP, key],
    [
      'an item alias of its own system',
      { ...ROW, item: 'SKU-1', status: 'AVAILABLE' },
      WMS,
      { ...key, role: 'wms', system: 'wms1', status: 'AVAILABLE' },
    ],
    ['an item alias of another system is a code', { ...ROW, item: 'SKU-1' }, ERP, { ...key, item: 'SKU-1' }],
    ['packs', { ...ROW, quantity: '2.5', uom: 'CS' }, ERP, { ...key, quantity: 30_000 }],
    [
      'a constant for a column that is not there',
      { site: 'DC1', item: 'bolt', quantity: '5' },
      { ...ERP, constants: { status: 'UNRESTRICTED' } },
      key,
    ],
    ['a constant that the column repeats', ROW, { ...ERP, constants: { site: 'DC1' } }, key],
    [
      'a declared notation',
      { ...ROW, quantity: '1.000-' },
      { ...ERP, numberFormat: { decimal: ',', thousands: '.', negative: ['trailing-minus'] } },
      { ...key, quantity: -1_000_000 },
    ],
    ['owner and lot only in the grain of their class', { ...ROW, owner: '01', lot: 'L1' }, ERP, key],
    [
      'owner and lot of a class that has them',
      { ...ROW, item: 'cream', owner: '01', lot: ' L1' },
      ERP,
      { ...key, item: 'cream', owner: 'ACME', lot: 'L1' },
    ],
    [
      'a condition on the location',
      { ...ROW, status: 'STAGED', location: 'DOCK7' },
      WMS,
      { ...key, role: 'wms', system: 'wms1', status: 'STAGED' },
    ],
    [
      'a condition on the family',
      { ...ROW, item: 'cream', status: 'STAGED', location: 'B1' },
      WMS,
      { ...key, role: 'wms', system: 'wms1', item: 'cream', status: 'STAGED', category: 1 },
    ],
    ['a status without a category', { ...ROW, status: 'LOST' }, ERP, { ...key, status: 'LOST', category: UNMAPPED }],
    [
      'upper and lower case of a status differ',
      { ...ROW, status: 'Unrestricted' },
      ERP,
      { ...key, status: 'Unrestricted', category: UNMAPPED },
    ],
  ];
  it.each(cases)('%s', (_name, row, source, expected) => {
    expect(balanceOf(row, source)).toEqual({
      kind: 'balance',
      balance: expected,
      unitCost: undefined,
      costFault: undefined,
    });
  });
});

describe('rows left out on purpose', () => {
  it.each([
    ['a site without a WMS', { ...ROW, site: 'DC9' }, {}, 'out-of-scope', 'DC9'],
    ['an ignored status', { ...ROW, status: 'SCRAP' }, {}, 'ignored', 'written off'],
    ['another site than asked for', ROW, { sites: ['DC2'] }, 'filtered', ''],
    ['another item than asked for', ROW, { items: ['cream'] }, 'filtered', ''],
    [
      'they are not looked at further',
      { ...ROW, status: 'SCRAP', quantity: 'x', uom: '' },
      {},
      'ignored',
      'written off',
    ],
  ] as const)('%s', (_name, row, change, why, detail) => {
    expect(balanceOf(row, ERP, change)).toEqual({ kind: 'excluded', why, detail });
  });
});

describe('rejected rows, the first fault deciding', () => {
  it.each([
    [
      'a constant that a row contradicts',
      { ...ROW, site: 'DC2' },
      { ...ERP, constants: { site: 'DC1' } },
      'site',
      'DC2',
      /always DC1/,
    ],
    ['no site', { ...ROW, site: ' ', item: '' }, ERP, 'site', ' ', /missing/],
    ['no site column', { item: 'bolt', status: 'UNRESTRICTED', quantity: '5' }, ERP, 'site', '', /missing/],
    [
      'a site of no WMS in a WMS’s file',
      { ...ROW, site: 'DC2' },
      WMS,
      'site',
      'DC2',
      /not one of those that wms1 answers for/,
    ],
    ['no item', { ...ROW, item: '\u200b', uom: '' }, ERP, 'item', '\u200b', /missing/],
    ['a blank unit', { ...ROW, uom: ' ', quantity: 'x' }, ERP, 'uom', ' ', /missing/],
    ['an unknown unit', { ...ROW, uom: 'PAL', quantity: 'x' }, ERP, 'uom', 'PAL', /no pack factor/],
    ['a blank quantity', { ...ROW, quantity: ' ' }, ERP, 'quantity', ' ', /not zero/],
    ['no number', { ...ROW, quantity: 'x' }, ERP, 'quantity', 'x', /not a decimal number/],
    ['a part of a piece', { ...ROW, quantity: '0.5' }, ERP, 'quantity', '0.5', /not a whole number/],
    [
      'a bad quantity of a status without a category',
      { ...ROW, status: 'LOST', quantity: 'x' },
      ERP,
      'quantity',
      'x',
      /not a decimal number/,
    ],
  ] as const)('%s', (_name, row, source, column, value, reason) => {
    expect(balanceOf(row, source)).toMatchObject({
      kind: 'rejected',
      column,
      value,
      fault: { scope: 'row', reason: expect.stringMatching(reason) },
    });
  });

  it('a number that can be read in two ways is a fault of the file', () => {
    expect(balanceOf({ ...ROW, quantity: '1,234' })).toMatchObject({ kind: 'rejected', fault: { scope: 'file' } });
  });
});

describe('unit costs', () => {
  it.each([
    ['2.50', undefined, { coefficient: 250n, scale: 2 }, undefined],
    ['0', undefined, { coefficient: 0n, scale: 0 }, undefined],
    ['', undefined, undefined, undefined],
    ['2.50', ' usd', { coefficient: 250n, scale: 2 }, undefined],
    ['2.50', 'EUR', undefined, 'a cost in EUR, not in USD'],
    ['free', undefined, undefined, 'not a decimal number'],
    ['-1', undefined, undefined, 'a unit cost below zero'],
  ])('%s in %s', (unit_cost, currency, unitCost, costFault) => {
    expect(balanceOf({ ...ROW, unit_cost, ...(currency === undefined ? {} : { currency }) })).toMatchObject({
      kind: 'balance',
      unitCost,
      costFault,
    });
  });

  it('no column is no cost', () =>
    expect(parseUnitCost(undefined, {})).toEqual({ unitCost: undefined, costFault: undefined }));
});
