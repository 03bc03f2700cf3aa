import { describe, expect, it } from 'vitest';
import { DEFAULT_PRIORITY, priorityParameters } from './priority-parameters.ts';

describe('priorityParameters', () => {
  it.each([
    ['the one of that name', undefined, ['hold', 'available'], [1]],
    ['else the first', undefined, ['sellable', 'hold'], [0]],
    ['those named', ['hold', 'picked'], ['available', 'picked', 'hold'], [2, 1]],
  ])('what can be sold: %s', (_name, available, categories, expected) => {
    const settings = { ...DEFAULT_PRIORITY, available };
    expect([...priorityParameters(settings, categories).available]).toEqual(expected);
  });

  it('amounts are exact decimals, and without settings the defaults hold', () => {
    const settings = { ...DEFAULT_PRIORITY, cancel_cost: '4.50', order_quantity: '144' };
    expect(priorityParameters(settings, ['available'])).toMatchObject({
      cancelCost: { coefficient: 450n, scale: 2 },
      orderQuantity: { coefficient: 144n, scale: 0 },
      lostShare: { coefficient: 5n, scale: 1 },
    });
    expect(priorityParameters(undefined, ['available'])).toMatchObject({
      ranking: 'dollars',
      horizonDays: 7,
      cancelCost: { coefficient: 0n, scale: 0 },
      orderQuantity: undefined,
    });
  });
});
