import { describe, expect, it } from 'vitest';
import { editDistance, nearestName, suggestion } from './nearest-name.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['columns', 'columns', 0],
    ['colums', 'columns', 1],
    ['columnns', 'columns', 1],
    ['colunns', 'columns', 1],
    ['lga', 'lag', 1],
    ['kitten', 'sitting', 3],
  ])('%s to %s: %i', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
    expect(editDistance(b, a)).toBe(expected);
  });
});

describe('nearestName', () => {
  const known = ['lag', 'columns', 'constants', 'completeness', 'path'];
  it.each([
    ['colums', 'columns'],
    ['COLUMNS', 'columns'],
    ['constant', 'constants'],
    ['pth', 'path'],
    ['wms', undefined],
    ['x'.repeat(5000), undefined],
  ])('%s: %s', (name, expected) => {
    expect(nearestName(name, known)).toBe(expected);
  });

  it('takes the first of two equally near', () => {
    expect(nearestName('cat', ['bat', 'rat'])).toBe('bat');
    expect(suggestion('cat', ['dog'], '; known is dog')).toBe('; known is dog');
  });
});
