import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeNews, REMEMBERED_MS, type Told } from './judge-news.ts';
import { valueSizeOf } from './value-size.ts';

const told = (size: number, goneAt: number | null = null): Told => ({ size, goneAt });

test.each<[string, Told | undefined, number, ReturnType<typeof judgeNews>]>([
  ['never told', undefined, 100, 'new'],
  ['the same', told(100), 100, undefined],
  ['smaller', told(100), 50, undefined],
  ['larger by the limit exactly', told(100), 120, undefined],
  ['larger by more', told(100), 121, 'grown'],
  ['gone for less than an hour', told(100, 1), 100, undefined],
  ['gone for less than an hour, and larger', told(100, 1), 200, 'grown'],
  ['gone for an hour', told(100, 0), 100, 'back'],
  ['without a cost now', told(100), -1, undefined],
  ['without a cost then', told(-1), 1_000, undefined],
  ['of nothing', told(0), 1, 'grown'],
])('%s', (_name, before, size, news) => {
  expect(judgeNews(before, size, REMEMBERED_MS, 20)).toBe(news);
});

/** What somebody is told of a discrepancy that goes through these sizes, minute by minute; null: it is in sync. */
function story(sizes: readonly (number | null)[], percent: number): number[] {
  let known: Told | undefined;
  const said: number[] = [];
  for (const [minute, size] of sizes.entries()) {
    if (size === null) {
      if (known !== undefined) known = { ...known, goneAt: known.goneAt ?? minute * 60_000 };
      continue;
    }
    if (judgeNews(known, size, minute * 60_000, percent) !== undefined) {
      said.push(size);
      known = { size, goneAt: null };
    } else if (known !== undefined) known = { ...known, goneAt: null };
  }
  return said;
}

const size = fc.integer({ min: 1, max: 1_000_000 });

test('whatever a discrepancy does within an hour, each message tells of more than the one before', () => {
  fc.assert(
    fc.property(fc.array(fc.option(size), { maxLength: 60 }), fc.integer({ min: 0, max: 300 }), (sizes, percent) => {
      const said = story(sizes, percent);
      for (let index = 1; index < said.length; index++)
        expect((said[index] as number) * 100).toBeGreaterThan((said[index - 1] as number) * (100 + percent));
      expect(said.length > 0).toBe(sizes.some((each) => each !== null));
    }),
  );
});

test('amounts are compared in minor units, never to the smaller side', () => {
  expect(valueSizeOf('-1430.50', 2)).toBe(143_050);
  expect(valueSizeOf('0.001', 2)).toBe(1);
  expect(valueSizeOf('7', 0)).toBe(7);
  expect(valueSizeOf('', 2)).toBe(-1);
  expect(valueSizeOf('much', 2)).toBe(-1);
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (cents) => {
      const text = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
      expect(valueSizeOf(text, 2)).toBe(Math.abs(cents));
    }),
  );
});
