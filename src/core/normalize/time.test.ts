import { describe, expect, it } from 'vitest';
import { durationMs, parseTime, type TimeFormat } from './time.ts';

const CHICAGO: TimeFormat = { timeZone: 'America/Chicago' };

describe('parseTime', () => {
  const accepted: readonly [text: string, format: TimeFormat, utc: string, written: string][] = [
    ['2026-11-22T23:59:59-06:00', {}, '2026-11-23T05:59:59.000Z', '2026-11-22T23:59:59-06:00'],
    ['2026-11-22T23:59:59Z', {}, '2026-11-22T23:59:59.000Z', '2026-11-22T23:59:59Z'],
    ['2026-11-22 23:59:59 +0530', {}, '2026-11-22T18:29:59.000Z', '2026-11-22T23:59:59+05:30'],
    ['2026-11-22 23:59', CHICAGO, '2026-11-23T05:59:00.000Z', '2026-11-22T23:59:00-06:00'],
    ['2026-11-22', CHICAGO, '2026-11-22T06:00:00.000Z', '2026-11-22T00:00:00-06:00'],
    ['2026-07-01T12:00:00', CHICAGO, '2026-07-01T17:00:00.000Z', '2026-07-01T12:00:00-05:00'],
    ['2026-11-22T23:59:59.123456789Z', {}, '2026-11-22T23:59:59.123Z', '2026-11-22T23:59:59.123Z'],
    ['2026-11-22T23:59:59,5Z', {}, '2026-11-22T23:59:59.500Z', '2026-11-22T23:59:59.500Z'],
    [
      '22.11.2026 23:59',
      { ...CHICAGO, timeFormat: 'dd.MM.yyyy HH:mm' },
      '2026-11-23T05:59:00.000Z',
      '2026-11-22T23:59:00-06:00',
    ],
    [
      '22.11.2026 23:59 +01:00',
      { timeFormat: 'dd.MM.yyyy HH:mm ZZ' },
      '2026-11-22T22:59:00.000Z',
      '2026-11-22T23:59:00+01:00',
    ],
    ['2026-11-01T01:30:00-06:00', CHICAGO, '2026-11-01T07:30:00.000Z', '2026-11-01T01:30:00-06:00'],
  ];
  it.each(accepted)('%s', (text, format, utc, written) => {
    const result = parseTime(text, format);
    expect(result).toEqual({ ok: true, value: { epochMs: Date.parse(utc), text: written } });
  });

  const refused: readonly [text: string, format: TimeFormat, scope: 'row' | 'file', reason: RegExp][] = [
    ['', {}, 'row', /blank/],
    ['2026-11-22T23:59:59', {}, 'row', /declare time_zone/],
    ['22.11.2026 23:59', { timeFormat: 'dd.MM.yyyy HH:mm' }, 'row', /declare time_zone/],
    ["22.11.2026 'Z'", { timeFormat: "dd.MM.yyyy 'Z'" }, 'row', /declare time_zone/],
    ['22/11/2026', CHICAGO, 'row', /declare time_format/],
    ['20261122', CHICAGO, 'row', /declare time_format/],
    ['2026-W47-7', CHICAGO, 'row', /declare time_format/],
    ['1795391999', CHICAGO, 'row', /declare time_format/],
    ['2026-02-30', CHICAGO, 'row', /does not exist/],
    ['2026-13-01T00:00:00Z', {}, 'row', /does not exist/],
    ['2026-11-22T24:30:00Z', {}, 'row', /does not exist/],
    ['30.02.2026', { ...CHICAGO, timeFormat: 'dd.MM.yyyy' }, 'row', /does not exist/],
    ['2026-11-22', { ...CHICAGO, timeFormat: 'dd.MM.yyyy' }, 'row', /as time_format says/],
    ['2026-03-08T02:30:00', CHICAGO, 'file', /put forward/],
    ['2026-11-01T01:30:00', CHICAGO, 'file', /put back/],
    ['2011-12-30T12:00:00', { timeZone: 'Pacific/Apia' }, 'file', /put forward/],
    ['2026-11-22T00:00:00', { timeZone: 'Mars/Olympus' }, 'file', /unknown time zone/],
  ];
  it.each(refused)('refuses %s', (text, format, scope, reason) => {
    expect(parseTime(text, format)).toMatchObject({
      ok: false,
      fault: { scope, reason: expect.stringMatching(reason) },
    });
  });
});

describe('durationMs', () => {
  it.each([
    ['30s', 30_000],
    ['30m', 1_800_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
  ])('%s', (text, expected) => expect(durationMs(text)).toBe(expected));
});
