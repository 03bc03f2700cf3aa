import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../core/normalize/time.ts';
import { plainTime } from './plain-time.ts';

const read = (text: string): number => {
  const bytes = new TextEncoder().encode(`x${text},`);
  return plainTime(bytes, 1, bytes.length - 1);
};

describe('plainTime', () => {
  it.each([
    ['2026-11-22T23:59:59-06:00', Date.UTC(2026, 10, 23, 5, 59, 59)],
    ['2026-11-22 23:59:59Z', Date.UTC(2026, 10, 22, 23, 59, 59)],
    ['2026-11-22T23:59:59.987+05:30', Date.UTC(2026, 10, 22, 18, 29, 59)],
  ])('reads %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    '2026-11-22',
    '2026-11-22T23:59:59',
    '2026-11-31T23:59:59Z',
    '2026-02-29T23:59:59Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T23:59:59-15:00',
    '2026-11-22T23:59:59.Z',
    '2026-11-22T23:59:5xZ',
    '22.11.2026 23:59:59 Z',
  ])('leaves %s to the core', (text) => expect(read(text)).toBeNaN());

  it('never says anything else than the core', () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
    const text = fc
      .tuple(
        fc.tuple(fc.constantFrom('2024', '2026', '0999'), part(13), part(32)),
        fc.tuple(part(24), part(60), part(60)),
        fc.constantFrom('', '.5', '.123456789', '.1234567890', ',5'),
        fc.constantFrom('Z', '+00:00', '-06:00', '+14:00', '+15:00', '-0600', ''),
      )
      .map(([day, clock, fraction, offset]) => `${day.join('-')}T${clock.join(':')}${fraction}${offset}`);
    fc.assert(
      fc.property(text, (each) => {
        const found = read(each);
        if (Number.isNaN(found)) return;
        const expected = parseTime(each, {});
        expect(expected.ok && Math.floor(expected.value.epochMs / 1000) * 1000).toBe(found);
      }),
      { numRuns: 2000 },
    );
  });
});
