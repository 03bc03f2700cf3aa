import { describe, expect, it } from 'vitest';
import { keyOf, placeOf } from './item-place-fixture.ts';
import { liveChanges } from './live-changes.ts';

const line = (category: string, net: string, site = 'DC1') => ({
  site,
  owner: '',
  lot: '',
  category,
  net_variance_quantity: net,
});

describe('what changed since the run', () => {
  const place = placeOf({
    keys: [keyOf(), keyOf({ category: 'sound', state: 'in-sync', net_variance_quantity: '0' })],
  });

  it.each([
    ['nothing where all is the same', [line('available', '-9')], []],
    ['nothing where only the writing differs', [line('available', '-9.0')], []],
    ['another amount', [line('available', '-4')], [{ category: 'available', before: '-9', now: '-4' }]],
    ['a category that is off no more', [], [{ category: 'available', before: '-9', now: '' }]],
    [
      'one that is off now',
      [line('available', '-9'), line('sound', '2')],
      [{ category: 'sound', before: '0', now: '2' }],
    ],
    [
      'one that the run did not know',
      [line('available', '-9'), line('blocked', '7')],
      [{ category: 'blocked', before: '0', now: '7' }],
    ],
    ['nothing of other sites', [line('available', '5', 'DC2'), line('available', '-9')], []],
  ])('is %s', (_, lines, changes) => {
    expect(liveChanges(place, lines)).toEqual(changes);
  });
});
