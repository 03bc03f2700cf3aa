import { describe, expect, it } from 'vitest';
import { contributionOf, keyOf } from './item-place-fixture.ts';
import { otherLegOf, waterfallOf } from './waterfall.ts';

const waterfall = (variance: string, ...quantities: string[]) =>
  waterfallOf({
    variance_quantity: variance,
    contributions: quantities.map((quantity, index) => contributionOf(index + 1, quantity)),
  });

describe('the waterfall of a variance', () => {
  it('begins each bar where the one before it ended', () => {
    const { steps, zero, whole, addsUp } = waterfall('-9', '-12', '3');
    expect(steps.map(({ start, end, after }) => [start, end, after])).toEqual([
      [1, 0, '-12'],
      [0, 0.25, '-9'],
    ]);
    expect({ zero, whole, addsUp }).toEqual({ zero: 1, whole: 0.25, addsUp: true });
  });

  it.each([
    ['0.3', ['0.1', '0.2'], true, '0'],
    ['-9', ['-12'], false, '3'],
    ['9007199254740993', ['9007199254740992'], false, '1'],
    ['5', [], false, '5'],
    ['0', [], true, '0'],
  ])('%s of %j: adds up is %s, %s is missing', (variance, quantities, addsUp, missing) => {
    expect(waterfall(variance, ...quantities)).toMatchObject({ addsUp, missing });
  });

  it('of nothing has no width, and divides by none', () => {
    expect(waterfall('0', '0').steps).toMatchObject([{ start: 0, end: 0 }]);
  });
});

describe('the other leg of a move', () => {
  const evidence = [{ kind: 'message', id: 'M1', reference: 'ST-1', file: 'm.csv', row: 4, says: '' }] as const;
  const first = contributionOf(1, '12', { document: 'ST-1', evidence });
  const second = contributionOf(2, '-12', { document: 'ST-1', evidence });
  const keys = [keyOf({ contributions: [first] }), keyOf({ contributions: [second] })];

  it('is the earlier contribution of the same document and proof', () => {
    expect(otherLegOf(second, keys)).toBe(first);
    expect(otherLegOf(first, keys)).toBeUndefined();
  });

  it('is none without a document, or with another proof', () => {
    expect(otherLegOf({ ...second, document: '' }, keys)).toBeUndefined();
    expect(otherLegOf({ ...second, evidence: [] }, keys)).toBeUndefined();
  });
});
