import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseTime } from './time.ts';
import { TimeReader } from './time-reader.ts';

const formats = [
  {},
  { timeZone: 'America/Chicago' },
  { timeZone: 'Australia/Lord_Howe' },
  { timeZone: 'Asia/Kolkata' },
  { timeZone: 'No/Where' },
  { timeFormat: 'dd/MM/yyyy HH:mm', timeZone: 'Europe/Berlin' },
];

const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
const text = fc
  .tuple(
    fc.constantFrom('2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04', '2026-02-30', '2026-11-22', '2026-11-22'),
    fc.constantFrom('T', ' '),
    fc.constantFrom('00', '01', '01', '02', '23', '24'),
    two(61),
    fc.option(two(61)),
    fc.constantFrom('', '.5', ',25', '.123', '.123456789'),
    fc.constantFrom('', 'Z', '+00:00', '-06:00', '+0530', '-06', ' Z'),
  )
  .map(
    ([day, mark, hour, minute, second, fraction, offset]) =>
      `${day}${mark}${hour}:${minute}${second === null ? '' : `:${second}${fraction}`}${offset}`,
  );

it('reads every time as parseTime does', () => {
  fc.assert(
    fc.property(fc.constantFrom(...formats), fc.array(text, { minLength: 1, maxLength: 12 }), (format, texts) => {
      const reader = new TimeReader(format);
      for (const each of [...texts, ...texts]) {
        const expected = parseTime(each, format);
        const found = reader.read(each);
        expect([each, found.ok && found.value]).toEqual([each, expected.ok && expected.value.epochMs]);
        if (!expected.ok) expect(found).toEqual(expected);
      }
    }),
    { numRuns: 400 },
  );
});
