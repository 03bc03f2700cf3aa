import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CountedDocument, FactorCounts } from './factor-counts.ts';
import { type Attribute, type Factor, PopulationCounts } from './population-counts.ts';

const SLOT_MS = 1_800_000;
const NOW = Date.UTC(2026, 10, 21);
const row = (of: Partial<CountedDocument>): CountedDocument => ({
  ...{ document: 'D1', item: 'A', at: NOW, interface: '945', type: 'shipment', site: 'DC1' },
  ...{ user: 'RFC', family: 'tools', status: 'AVAILABLE', batch: 'B1', file: 'f.csv', ...of },
});

it('rows of one document and item count once while they come close together', () => {
  const counts = new FactorCounts();
  for (const document of ['D1', 'D1', 'D2', 'D1']) counts.countDocument('wms', row({ document }));
  counts.countDocument('wms', row({ item: 'B' }));
  counts.countDocument('erp', row({}));
  expect(counts.populations.wms.lines).toBe(3);
  expect(counts.populations.erp.lines).toBe(1);
});

it('a document loaded again with another batch is counted again', () => {
  const counts = new FactorCounts();
  for (const batch of ['B1', 'B2']) counts.countDocument('erp', row({ batch }));
  expect(counts.populations.erp.linesWith({ batch: 'B2' })).toBe(1);
});

const value = (prefix: string, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: most }).map((number) => `${prefix}${number}`);
const rows = fc.array(
  fc.record({
    ...{
      interface: value('I', 3),
      type: value('T', 4),
      site: value('S', 5),
      user: value('U', 6),
      family: value('F', 4),
    },
    ...{
      status: value('X', 3),
      batch: value('B', 30),
      file: value('f', 2),
      at: fc.integer({ min: NOW, max: NOW + 5e8 }),
    },
  }),
  { maxLength: 200 },
);
const FACTORS: readonly (readonly Attribute[])[] = [
  ...([
    ['interface'],
    ['batch'],
    ['type', 'site'],
    ['family', 'type'],
    ['user', 'site'],
    ['interface', 'type', 'site'],
  ] as const),
];

it('counts what a plain count counts, in one thread or in two', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 200 }), (all, half) => {
      const one = new PopulationCounts();
      const two = [new PopulationCounts(), new PopulationCounts()] as const;
      for (const [index, { at, ...attributes }] of all.entries()) {
        one.add(attributes, at);
        two[index < half ? 0 : 1].add(attributes, at);
      }
      two[0].merge(structuredClone(two[1].toData()));
      for (const counts of [one, two[0]]) {
        expect(counts.lines).toBe(all.length);
        for (const attributes of FACTORS) {
          const [sample] = all;
          if (sample === undefined) continue;
          const factor: Factor = Object.fromEntries(attributes.map((attribute) => [attribute, sample[attribute]]));
          const having = all.filter((each) => attributes.every((attribute) => each[attribute] === sample[attribute]));
          expect(counts.linesWith(factor)).toBe(having.length);
          if (attributes.includes('batch')) continue;
          const slots = new Map<number, number>();
          for (const { at } of having) {
            const start = Math.floor(at / SLOT_MS) * SLOT_MS;
            slots.set(start, (slots.get(start) ?? 0) + 1);
          }
          expect(new Map(counts.linesBySlot(factor)?.slots)).toEqual(slots);
        }
      }
    }),
    { numRuns: 40 },
  );
});

it('does not tell combinations that it did not count', () => {
  const counts = new PopulationCounts();
  counts.add(row({}), NOW);
  expect(counts.linesWith({ user: 'RFC', family: 'tools' })).toBeUndefined();
  expect(counts.linesWith({ batch: 'B1', site: 'DC1' })).toBeUndefined();
  expect(counts.linesWith({ family: 'never seen' })).toBe(0);
});

it('more cells than fit make the slots longer, and lose no line', () => {
  const counts = new PopulationCounts(1000);
  for (let hour = 0; hour < 24 * 365; hour++) counts.add(row({ site: `S${hour % 4}` }), NOW + hour * 3_600_000);
  const found = counts.linesBySlot({ site: 'S3' });
  expect(found?.slotMs).toBe(128 * SLOT_MS);
  expect([...(found?.slots.values() ?? [])].reduce((sum, lines) => sum + lines, 0)).toBe((24 * 365) / 4);
});

it('what another thread counted in longer slots is not told finer than it was', () => {
  const long = new PopulationCounts(20);
  for (let hour = 0; hour < 60; hour++) long.add(row({}), NOW + hour * 3_600_000);
  const counts = new PopulationCounts();
  counts.add(row({}), NOW);
  counts.merge(long.toData());
  const found = counts.linesBySlot({ site: 'DC1' });
  expect(found?.slotMs).toBe(long.linesBySlot({ site: 'DC1' })?.slotMs);
  expect([...(found?.slots.values() ?? [])].reduce((sum, lines) => sum + lines, 0)).toBe(61);
});
