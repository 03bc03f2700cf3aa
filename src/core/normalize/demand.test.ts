import { describe, expect, it } from 'vitest';
import { addDemand, DemandBook, type DemandFormat } from './demand.ts';
import { emptyMasterData, type MasterRow } from './master-data.ts';

const FORMAT: DemandFormat = {
  master: emptyMasterData('EA', 'exact'),
  numbers: {},
  quantityDecimals: 3,
  needs: (item) => item !== 'unneeded',
};

describe('addDemand', () => {
  it('reads amounts exactly; what is not given is nothing, and no reorder point', () => {
    const book = new DemandBook();
    const row = {
      item: ' 00123 ',
      site: 'DC1',
      daily_demand: '2.3333333',
      open_order_quantity: '1.5',
      on_order_quantity: '12',
      reorder_point: '0',
    };
    expect(addDemand(book, row, FORMAT)).toBeUndefined();
    expect(addDemand(book, { item: 'B', site: 'DC1', daily_demand: ' ' }, FORMAT)).toBeUndefined();
    expect(book.find('DC1', '00123')).toEqual({
      dailyDemand: 2.3333333,
      openOrders: 1_500,
      onOrder: 12_000,
      reorderPoint: 0,
    });
    expect(book.find('DC1', 'B')).toEqual({ dailyDemand: 0, openOrders: 0, onOrder: 0, reorderPoint: undefined });
    expect(book.find('DC2', 'B')).toBeUndefined();
  });

  it('a row without a site holds at every site without a row of its own', () => {
    const book = new DemandBook();
    addDemand(book, { item: 'A', daily_demand: '1' }, FORMAT);
    addDemand(book, { item: 'A', site: 'DC1', daily_demand: '2' }, FORMAT);
    expect(['DC1', 'DC2'].map((site) => book.find(site, 'A')?.dailyDemand)).toEqual([2, 1]);
  });

  it('items that nobody needs are checked and not kept', () => {
    const book = new DemandBook();
    expect(addDemand(book, { item: 'unneeded', daily_demand: 'many' }, FORMAT)).toMatchObject({
      column: 'daily_demand',
    });
    expect(addDemand(book, { item: 'unneeded', daily_demand: '1' }, FORMAT)).toBeUndefined();
    expect(book.find('', 'unneeded')).toBeUndefined();
  });

  it.each<[string, MasterRow, string, RegExp]>([
    ['no item', { item: ' ', daily_demand: '1' }, 'item', /missing/],
    ['a second row', { item: 'A', site: 'DC1', daily_demand: '9' }, 'item', /first row stands/],
    ['a word', { item: 'B', daily_demand: 'many' }, 'daily_demand', /not a decimal/],
    ['an ambiguous number', { item: 'B', open_order_quantity: '1,5' }, 'open_order_quantity', /more than one way/],
    ['less than nothing', { item: 'B', on_order_quantity: '-1' }, 'on_order_quantity', /below zero/],
    ['too many decimals', { item: 'B', reorder_point: '0.0001' }, 'reorder_point', /more than 3 decimals/],
    ['too large', { item: 'B', reorder_point: '9007199254741' }, 'reorder_point', /too large/],
  ])('rejects %s', (_name, row, column, reason) => {
    const book = new DemandBook();
    addDemand(book, { item: 'A', site: 'DC1', daily_demand: '1' }, FORMAT);
    expect(addDemand(book, row, FORMAT)).toEqual({
      column,
      value: row[column] ?? '',
      reason: expect.stringMatching(reason),
    });
    expect(book.find('DC1', 'A')?.dailyDemand).toBe(1);
    expect(book.find('', 'B')).toBeUndefined();
  });
});
