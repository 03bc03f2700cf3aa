import { expect, it } from 'vitest';
import { persistenceOf } from './persistence.ts';

it.each([
  ['nothing is explained', [], 1],
  ['a cause that nobody heals', [{ cause: 'message-lost', quantity: -4 }], 1],
  ['stale', [{ cause: 'snapshot-stale', quantity: -4 }], 0.1],
  [
    'what is on its way is no part of it',
    [
      { cause: 'in-flight', quantity: -10 },
      { cause: 'message-lost', quantity: -3 },
    ],
    1,
  ],
  [
    'weighted by units, whatever their sign',
    [
      { cause: 'snapshot-stale', quantity: 30 },
      { cause: 'unexplained', quantity: -10 },
    ],
    0.325,
  ],
] as const)('%s', (_name, contributions, expected) => expect(persistenceOf(contributions)).toBeCloseTo(expected, 12));
