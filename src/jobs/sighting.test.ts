import { expect, it } from 'vitest';
import type { FoundFile } from '../ingest/files/find-file.ts';
import { type ArrivalRule, readiness, type Sighting, seen } from './sighting.ts';

const SECOND = 1_000;
const T = Date.parse('2026-11-24T06:00:00Z');
const file = (bytes: number, modifiedMs = T): FoundFile => ({ path: '/in/a.csv', name: 'a.csv', bytes, modifiedMs });
const rule = (marker?: string): ArrivalRule => ({ settleMs: 10 * SECOND, marker });
const sighting = (quietSeconds: number, sha256?: string): Sighting => ({
  ...{ bytes: 9, modifiedMs: T, since: T + 60 * SECOND - quietSeconds * SECOND, sha256 },
});

it.each<[string, Sighting, FoundFile[], ArrivalRule, string]>([
  ['just seen', sighting(0), [], rule(), 'wait'],
  ['quiet for half of the time', sighting(5), [], rule(), 'hash'],
  ['hashed, not quiet for long enough', sighting(9, 'h'), [], rule(), 'wait'],
  ['hashed and quiet for long enough', sighting(10, 'h'), [], rule(), 'take'],
  ['quiet for ever and never hashed', sighting(900), [], rule(), 'hash'],
  ['a marker of the same moment', sighting(0), [file(0, T)], rule(), 'hash'],
  ['a later marker, hashed', sighting(0, 'h'), [file(0, T + 1)], rule(), 'take'],
  ['the marker of an earlier file of that name', sighting(900, 'h'), [file(0, T - 1)], rule(), 'wait'],
  ['no marker where one is demanded', sighting(900, 'h'), [], rule('.done'), 'wait'],
  ['the marker that is demanded', sighting(0, 'h'), [file(0, T)], rule('.done'), 'take'],
])('a file that is: %s', (_name, seenAs, markers, given, step) => {
  expect(readiness(seenAs, markers, given, T + 60 * SECOND).step).toBe(step);
});

it('whatever changes makes another sighting, and what was known of the content is forgotten', () => {
  const before: Sighting = { bytes: 9, modifiedMs: T, since: T, sha256: 'h' };
  expect(seen(file(9), before, T + 5)).toBe(before);
  for (const changed of [file(10), file(8), file(9, T + 1), file(9, T - 1)])
    expect(seen(changed, before, T + 5)).toMatchObject({ since: T + 5, sha256: undefined });
});
