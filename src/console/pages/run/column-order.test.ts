import { describe, expect, it } from 'vitest';
import { inOrder, movedBy, movedTo, readOrder, turned } from './column-order.ts';

const usual = ['rank', 'item', 'site', 'lot', 'net', 'value'];
const shown = ['item', 'site', 'net', 'value'];

describe('the order of columns', () => {
  it.each([
    ['value', 'item', ['value', 'item', 'site', 'net']],
    ['item', 'value', ['site', 'net', 'value', 'item']],
    ['site', 'net', ['item', 'net', 'site', 'value']],
    ['site', 'site', shown],
    ['lot', 'site', shown],
    ['site', 'lot', shown],
  ])('%s is put where %s stands', (name, onto, expected) => {
    expect(movedTo(shown, name, onto)).toEqual(expected);
  });

  it.each([
    ['net', -1, ['item', 'net', 'site', 'value']],
    ['net', 1, ['item', 'site', 'value', 'net']],
    ['item', -1, shown],
    ['value', 1, shown],
    ['lot', 1, shown],
  ] as const)('%s moves by %i', (name, step, expected) => {
    expect(movedBy(shown, name, step)).toEqual(expected);
  });

  it.each([
    ['lot', shown, ['item', 'site', 'lot', 'net', 'value']],
    ['rank', shown, ['rank', 'item', 'site', 'net', 'value']],
    ['lot', ['net', 'site', 'item'], ['net', 'site', 'lot', 'item']],
    ['site', shown, ['item', 'net', 'value']],
  ])('%s is shown or hidden among %j', (name, among, expected) => {
    expect(turned(among, name, usual)).toEqual(expected);
  });

  it('what is left beside an open item keeps the chosen order', () => {
    expect(inOrder(['item', 'site', 'value'], ['value', 'net', 'item'])).toEqual(['value', 'item', 'site']);
  });

  it.each([
    [
      ['value', 'item', 'value', 'gone', 7],
      ['value', 'item'],
    ],
    [['value'], ['item', 'value']],
    [[], undefined],
    [['gone'], undefined],
    ['value', undefined],
    [null, undefined],
  ])('%j as it was kept', (kept, expected) => {
    expect(readOrder(kept, usual, 'item')).toEqual(expected);
  });
});
