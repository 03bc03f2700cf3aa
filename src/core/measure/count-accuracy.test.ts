import { expect, it } from 'vitest';
import { countAccuracy } from './count-accuracy.ts';

it.each([
  ['A', 1000, 1010, 1],
  ['A', 1000, 1011, 0],
  ['B', 1000, 970, 1],
  ['B', 1000, 969, 0],
  ['C', 1000, 1050, 1],
  ['C', 1000, 949, 0],
  ['', 1000, 1010, 1],
  ['', 1000, 1020, 0],
  ['A', 0, 0, 1],
  ['A', 0, 1, 0],
  ['A', -100, -101, 1],
  ['A', 99, 100, 0],
])('class %s, book %i, counted %i: %i hits', (abcClass, book, counted, hits) => {
  expect(countAccuracy([{ abcClass, book, counted }])[0]).toMatchObject({ abc_class: '', counted: 1, hits });
});

it('all counts first, then each class', () => {
  const counts = [
    { abcClass: 'B', book: 10, counted: 10 },
    { abcClass: 'A', book: 10, counted: 11 },
    { abcClass: 'toString', book: 10, counted: 10 },
  ];
  expect(countAccuracy(counts)).toEqual([
    { abc_class: '', counted: 3, hits: 2, count_accuracy: '0.666666' },
    { abc_class: 'A', counted: 1, hits: 0, count_accuracy: '0.000000' },
    { abc_class: 'B', counted: 1, hits: 1, count_accuracy: '1.000000' },
    { abc_class: 'unclassified', counted: 1, hits: 1, count_accuracy: '1.000000' },
  ]);
  expect(countAccuracy([])).toEqual([]);
});
