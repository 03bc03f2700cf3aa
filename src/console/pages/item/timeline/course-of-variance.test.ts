import { describe, expect, it } from 'vitest';
import { keyOf, placeOf, rowOf, timelineOf } from '../item-place-fixture.ts';
import { courseOf, listEntries, movedCategories } from './course-of-variance.ts';

const units = (quantity: string, category = 'available') => [{ category, quantity }];
const day = (number: number) => `2026-11-${number}T08:00:00-06:00`;
const moved = (number: number, quantity: string) => rowOf(day(number), { state: 'named', effects: units(quantity) });

describe('the course of a variance', () => {
  it('leads from the opening over each document to the end', () => {
    const rows = [rowOf(day(16)), moved(17, '-12'), moved(18, '0.5')];
    const course = courseOf(timelineOf({ before: units('2'), rows, unaccounted: units('-1') }), 'available');
    expect(course?.steps.map(({ index, after }) => [index, after])).toEqual([
      [1, '-10'],
      [2, '-9.5'],
    ]);
    expect(course).toMatchObject({ before: '2', moved: '-11.5', unaccounted: '-1', end: '-10.5' });
  });

  it.each([
    ['the document that began it', '0', ['-5', '-4'], '0', { is: 'document', step: { index: 0 } }],
    ['the one after the last agreement', '0', ['-5', '5', '3'], '0', { is: 'document', step: { index: 2 } }],
    ['before the first row', '4', ['-1'], '0', { is: 'before' }],
    ['a document where the opening was made good', '4', ['-4', '2'], '0', { is: 'document', step: { index: 1 } }],
    ['unknown where nothing is off in the end', '0', ['-5', '5'], '0', { is: 'unknown' }],
    ['unknown where no movement tells', '0', [], '7', { is: 'unknown' }],
  ])('begins with %s', (_, before, effects, unaccounted, onset) => {
    const rows = effects.map((effect, index) => moved(16 + index, effect));
    const timeline = timelineOf({ before: units(before), rows, unaccounted: units(unaccounted) });
    expect(courseOf(timeline, 'available')?.onset).toMatchObject(onset);
  });

  it('is not told where a ledger is missing', () => {
    expect(
      courseOf(timelineOf({ given: { erp_ledger: true, wms_ledger: false, messages: true } }), 'x'),
    ).toBeUndefined();
  });
});

describe('the categories of a timeline', () => {
  it('are those that are off or were moved, in the order of the place', () => {
    const keys = ['a', 'b', 'c'].map((category) =>
      keyOf({ category, variance_quantity: category === 'c' ? '1' : '0' }),
    );
    const rows = [rowOf(day(16), { effects: units('3', 'a') })];
    expect(movedCategories(placeOf({ keys, timeline: timelineOf({ rows }) }))).toEqual(['a', 'c']);
    expect(movedCategories(placeOf({ keys: keys.slice(0, 2) }))).toEqual(['a', 'b']);
  });
});

describe('the list', () => {
  const rows = [rowOf(day(16)), rowOf(day(17)), moved(18, '1'), rowOf(day(19))];
  const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

  it('counts what agrees between what differs', () => {
    expect(listEntries(rows, { ...always, isAll: false })).toEqual([
      { agreeing: 2, from: day(16), to: day(17), index: 0 },
      { row: rows[2], index: 2 },
      { agreeing: 1, from: day(19), to: day(19), index: 3 },
    ]);
  });

  it('has all of them where all are wanted, within the period', () => {
    expect(listEntries(rows, { ...always, isAll: true })).toHaveLength(4);
    const period = { from: Date.parse(day(17)), to: Date.parse(day(18)) };
    expect(listEntries(rows, { ...period, isAll: true }).map(({ index }) => index)).toEqual([1, 2]);
  });
});
