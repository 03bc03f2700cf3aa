import { describe, expect, it } from 'vitest';
import { choosePlace, explainedKeys, offKeys, placeSearch } from './choose-place.ts';
import { contributionOf, keyOf, placeOf } from './item-place-fixture.ts';

const places = [
  placeOf({ site: 'RENO', lot: 'L2' }),
  placeOf({ site: 'CHICAGO', lot: 'L1' }),
  placeOf({ site: 'RENO', lot: 'L1', owner: 'ACME' }),
];

describe('the place that is shown', () => {
  it.each([
    ['the worst where nothing is named', {}, 0],
    ['the worst of a site', { site: 'CHICAGO' }, 1],
    ['the very place', { site: 'RENO', lot: 'L1' }, 2],
    ['that of an owner', { owner: 'ACME' }, 2],
    ['the worst of the site where the lot is not there', { site: 'CHICAGO', lot: 'L2' }, 1],
  ])('is %s', (_, search, index) => {
    expect(choosePlace(places, search)).toBe(places[index]);
  });

  it('is none where the site holds none', () => {
    expect(choosePlace(places, { site: 'DALLAS' })).toBeUndefined();
  });

  it('leaves nothing of the place before in the address', () => {
    expect(placeSearch(placeOf())).toEqual({ site: 'DC1', owner: undefined, lot: undefined });
  });
});

describe('the order of categories', () => {
  const cheap = keyOf({ category: 'cheap', variance_value: '-1', net_variance_quantity: '-900' });
  const dear = keyOf({ category: 'dear', variance_value: '5000', net_variance_quantity: '1' });
  const unknown = keyOf({ category: 'unknown', variance_value: '' });
  const flying = keyOf({ category: 'flying', state: 'timing', contributions: [contributionOf(1, '3')] });
  const sound = keyOf({ category: 'sound', state: 'in-sync' });
  const place = placeOf({ keys: [cheap, sound, unknown, flying, dear] });

  it('is by value for what is off, and what has no value comes last', () => {
    expect(offKeys(place)).toEqual([dear, cheap, unknown]);
  });

  it('is that of the place for what is explained, also where it is only in flight', () => {
    expect(explainedKeys(place)).toEqual([cheap, unknown, flying, dear]);
  });
});
