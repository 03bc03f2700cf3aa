import { describe, expect, it } from 'vitest';
import { shareOf } from './share-of.ts';

describe('a share of counts', () => {
  it.each([
    [0, 0, ''],
    [0, 3, '0.000000'],
    [1, 3, '0.333333'],
    [2, 3, '0.666666'],
    [3, 3, '1.000000'],
    [999_999_999, 1_000_000_000, '0.999999'],
  ])('%i of %i is %s', (part, whole, share) => expect(shareOf(part, whole)).toBe(share));
});
