import { expect, it } from 'vitest';
import { SharedTexts } from './shared-texts.ts';

it('changes nothing of what is said', () => {
  const data = [
    { cause: 'unexplained', at: undefined, keys: [{ site: 'DC1', quantity: -5, proofs: [], none: null }] },
    { cause: 'unexplained', at: 3, keys: ['DC1', 7, true, ['DC1']] },
  ];
  const before = structuredClone(data);
  const texts = new SharedTexts();
  texts.share(data);
  expect(data).toStrictEqual(before);
  for (let index = 0; index < 50_001; index++) texts.share([{ id: `M${index}` }]);
  texts.share(data);
  expect(data).toStrictEqual(before);
});
