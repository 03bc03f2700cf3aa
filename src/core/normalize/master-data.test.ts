import { describe, expect, it } from 'vitest';
import { findCaseCollision } from './case-collision.ts';
import {
  addAlias,
  addItem,
  addPack,
  emptyMasterData,
  isForeignCurrency,
  itemCode,
  type MasterRow,
  resolveItem,
  resolveSite,
} from './master-data.ts';

const data = (itemCase: 'exact' | 'upper' = 'exact') => emptyMasterData('EA', itemCase, 'USD');

describe('addItem', () => {
  it('keeps codes as text, costs exactly and everything else as written', () => {
    const master = data();
    const row = {
      item: ' 00123\u00a0',
      description: ' Bolt ',
      base_uom: 'EA',
      unit_cost: '0.125',
      currency: 'usd',
      family: 'bolts',
      abc_class: 'A',
      special: 'Yes',
      margin: '1.50',
    };
    expect(addItem(master, row, {})).toBeUndefined();
    expect(master.items.get('00123')).toEqual({
      item: '00123',
      description: 'Bolt',
      baseUom: 'EA',
      unitCost: { coefficient: 125n, scale: 3 },
      family: 'bolts',
      abcClass: 'A',
      isSpecial: true,
      margin: { coefficient: 150n, scale: 2 },
    });
  });

  it.each([
    ['special', 'perhaps', 'yes or no was expected; the item counts as an ordinary one'],
    ['margin', 'much', 'not a decimal number; the item stays without a margin'],
  ])('keeps an item whose %s cannot be read', (column, value, reason) => {
    const master = data();
    expect(addItem(master, { item: 'A', [column]: value }, {})).toEqual({ column, value, reason });
    expect(master.items.get('A')).toMatchObject({ isSpecial: false, margin: undefined });
  });

  const faults: readonly [name: string, row: MasterRow, column: string, reason: RegExp][] = [
    ['no item', { item: ' ' }, 'item', /missing/],
    ['an item given before', { item: 'A', unit_cost: '2' }, 'item', /first row stands/],
    ['a cost that is no number', { item: 'B', unit_cost: 'free' }, 'unit_cost', /stays without a cost/],
    ['a cost that is ambiguous', { item: 'B', unit_cost: '1,5' }, 'unit_cost', /stays without a cost/],
    [
      'a cost in another currency',
      { item: 'B', unit_cost: '5', currency: 'EUR' },
      'currency',
      /another currency than USD/,
    ],
  ];
  it.each(faults)('%s', (_name, row, column, reason) => {
    const master = data();
    addItem(master, { item: 'A', unit_cost: '1' }, {});
    expect(addItem(master, row, {})).toMatchObject({ column, reason: expect.stringMatching(reason) });
    expect(master.items.get('A')?.unitCost).toEqual({ coefficient: 1n, scale: 0 });
    expect(master.items.get('B')?.unitCost).toBeUndefined();
  });

  it('a blank cost is no cost, and no fault', () => {
    const master = data();
    expect(addItem(master, { item: 'A', unit_cost: ' ', currency: 'EUR' }, {})).toBeUndefined();
    expect(master.items.get('A')?.unitCost).toBeUndefined();
  });
});

describe('addPack', () => {
  it.each([
    ['12', 12n, 0],
    ['12.5', 125n, 1],
    ['0.5', 5n, 1],
  ])('factor %s', (factor, coefficient, scale) => {
    const master = data();
    expect(addPack(master, { item: 'A', uom: 'cs', factor }, {})).toBeUndefined();
    expect(master.packs.find('A', 'CS')).toEqual({ coefficient, scale });
  });

  it.each([
    ['no item', { uom: 'CS', factor: '12' }, 'item', /missing/],
    ['no unit', { item: 'A', factor: '12' }, 'uom', /missing/],
    ['no factor', { item: 'A', uom: 'CS' }, 'factor', /blank/],
    ['zero', { item: 'A', uom: 'CS', factor: '0' }, 'factor', /greater than zero/],
    ['below zero', { item: 'A', uom: 'CS', factor: '-1' }, 'factor', /greater than zero/],
    ['another factor for the same unit', { item: 'A', uom: 'BOX', factor: '11' }, 'factor', /first row stands/],
    [
      'another factor for the same unit under another code',
      { item: 'A', uom: 'Each', factor: '2' },
      'factor',
      /first row stands/,
    ],
  ] as const)('%s', (_name, row, column, reason) => {
    const master = data();
    addPack(master, { item: 'A', uom: 'BOX', factor: '10' }, {});
    addPack(master, { item: 'A', uom: 'PCE', factor: '1' }, {});
    expect(addPack(master, row, {})).toMatchObject({ column, reason: expect.stringMatching(reason) });
    expect(master.packs.find('A', 'BOX')).toEqual({ coefficient: 10n, scale: 0 });
  });

  it('the same factor written in another way is the same', () => {
    const master = data();
    addPack(master, { item: 'A', uom: 'BOX', factor: '10' }, {});
    expect(addPack(master, { item: 'A', uom: 'box', factor: '10.0' }, {})).toBeUndefined();
  });
});

describe('aliases', () => {
  it('belong to one system, and are read as codes are', () => {
    const master = data();
    expect(addAlias(master, { system: 'wms1', alias: ' SKU005', item: '5' }, 'item')).toBeUndefined();
    expect(addAlias(master, { system: 'wms1', alias: 'W1', site: 'DC1' }, 'site')).toBeUndefined();
    expect(resolveItem('wms1', 'SKU005\u00a0', master)).toBe('5');
    expect(resolveItem('sap', 'SKU005', master)).toBe('SKU005');
    expect(resolveSite('wms1', 'W1', master)).toBe('DC1');
    expect(resolveSite('sap', 'W1', master)).toBe('W1');
  });

  it.each([
    ['no system', { alias: 'a', item: 'b' }, 'system'],
    ['no alias', { system: 's', item: 'b' }, 'alias'],
    ['no item', { system: 's', alias: 'a' }, 'item'],
    ['another item', { system: 's', alias: 'x', item: 'z' }, 'alias'],
  ])('%s', (_name, row, column) => {
    const master = data();
    addAlias(master, { system: 's', alias: 'x', item: 'y' }, 'item');
    expect(addAlias(master, row, 'item')).toMatchObject({ column });
    expect(addAlias(master, { system: 's', alias: 'x', item: 'y' }, 'item')).toBeUndefined();
    expect(resolveItem('s', 'x', master)).toBe('y');
  });
});

describe('case and currency', () => {
  it.each([
    ['exact', 'ab1'],
    ['upper', 'AB1'],
  ] as const)('item_case %s', (itemCase, expected) => expect(itemCode(' ab1', data(itemCase))).toBe(expected));

  it.each([
    ['USD', false],
    ['usd ', false],
    ['', false],
    [undefined, false],
    ['EUR', true],
  ])('currency %s', (currency, expected) => expect(isForeignCurrency(currency, data())).toBe(expected));

  it.each([
    ['two unknown codes', [], ['ab', 'x', 'AB'], ['ab', 'AB']],
    ['a known and an unknown one', ['Ab'], ['ab'], ['Ab', 'ab']],
    ['two known ones are two items', ['ab', 'AB'], ['x'], undefined],
    ['nothing unknown', ['ab', 'AB'], [], undefined],
    ['different codes', ['a'], ['b', 'c'], undefined],
    ['ß folds to SS', [], ['straße', 'STRASSE'], ['straße', 'STRASSE']],
  ])('collision: %s', (_name, known, unknown, expected) => expect(findCaseCollision(known, unknown)).toEqual(expected));
});
