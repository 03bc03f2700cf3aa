import { expect, it } from 'vitest';
import { persistenceOf } from './persistence.ts';

it.each([
  ['nothing is explained', [], 1],
  ['a cause that nobody heals', [{ cause: 'message-lost', quantity: -4 }], 1],
  ['on its way', [{ cause: 'in-flight', quantity: -4 }], 0.03],
  [
    'weighted by units, whatever their sign',
    [
      { cause: 'snapshot-stale', quantity: 30 },
      { cause: 'unexplained', quantity: -10 },
    ],
    0.325,
  ],
] as const)('%s', (_name, contributions, expected) => expect(persistenceOf(contributions)).toBeCloseTo(expected, 12));
