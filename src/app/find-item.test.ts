import { describe, expect, it } from 'vitest';
import { findItem, type ItemAlias } from './find-item.ts';

const ITEMS = new Set(['00123', '00207', 'KET-17-BLK', 'KET-17-WHT', 'Ab-9', 'AB-90', '4006381333931', 'X1', 'x1']);
const ALIASES: readonly ItemAlias[] = [
  { system: 'wms1', alias: 'W-55', item: '00207' },
  { system: 'sap', alias: 'MAT-7', item: '00123' },
  { system: 'wms1', alias: 'TWO', item: '00123' },
  { system: 'sap', alias: 'TWO', item: '00207' },
  { system: 'sap', alias: 'GONE', item: 'no such item' },
];

describe('one item', () => {
  it.each([
    ['00123', '00123', ''],
    [' 00123 ', '00123', ''],
    ['ket-17-blk', 'KET-17-BLK', 'the same code but for upper and lower case'],
    ['AB-9', 'Ab-9', 'the same code but for upper and lower case'],
    ['123', '00123', 'the same code but for leading zeros'],
    ['0000207', '00207', 'the same code but for leading zeros'],
    ['w-55', '00207', 'its code in wms1'],
    ['MAT-7', '00123', 'its code in sap'],
    ['38133', '4006381333931', 'the only code that contains it'],
  ])('%s is %s', (text, item, how) => {
    expect(findItem(text, ITEMS, ALIASES)).toEqual({ item, how });
  });

  it('a code of the run is never taken for another system’s code', () => {
    expect(findItem('00123', ITEMS, [{ system: 'sap', alias: '00123', item: '00207' }])).toEqual({
      item: '00123',
      how: '',
    });
  });
});

describe('never a guess between two', () => {
  it.each([
    ['KET-17', ['KET-17-BLK', 'KET-17-WHT'], true],
    ['TWO', ['00123', '00207'], true],
    ['00213', ['00123'], false],
    ['KET-17-BHT', ['KET-17-WHT', 'KET-17-BLK'], false],
    ['GONE', [], false],
    ['12', [], false],
    ['', [], false],
  ])('%s', (text, candidates, isPart) => {
    expect(findItem(text, ITEMS, ALIASES)).toEqual({ item: undefined, candidates, isPart });
  });

  it('two codes that differ by case only', () => {
    expect(findItem('X1', ITEMS, [])).toEqual({ item: 'X1', how: '' });
    expect(findItem('X-1', new Set(['x-1', 'y']), [])).toMatchObject({ item: 'x-1' });
    expect(findItem('ABC', new Set(['Abc', 'aBC']), [])).toMatchObject({ item: undefined, candidates: ['Abc', 'aBC'] });
  });

  it('names five at most', () => {
    const many = new Set(Array.from({ length: 50 }, (_, index) => `KET-${index}`));
    expect(findItem('KET', many, [])).toMatchObject({ candidates: expect.objectContaining({ length: 5 }) });
  });
});
