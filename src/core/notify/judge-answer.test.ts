import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTEMPTS_MAX, type DeliveryAnswer, judgeAnswer, pauseMs } from './judge-answer.ts';

const http = (status: number): DeliveryAnswer => ({ kind: 'http', status });
const smtp = (code: number, isOfMessage: boolean): DeliveryAnswer => ({ kind: 'smtp', code, isOfMessage });

test.each<[string, DeliveryAnswer, string]>([
  ['200', http(200), 'delivered'],
  ['204', http(204), 'delivered'],
  ['a redirect, which is not followed', http(302), 'dead'],
  ['a request that is not understood', http(400), 'dead'],
  ['a right that is missing, and may be given', http(403), 'again'],
  ['a page that is not there yet', http(404), 'again'],
  ['a page that is gone for good', http(410), 'dead'],
  ['too many requests', http(429), 'again'],
  ['a server that fails', http(503), 'again'],
  ['nothing', { kind: 'none' }, 'again'],
  ['an address that is not allowed', { kind: 'impossible' }, 'dead'],
  ['a mail that is taken', smtp(250, true), 'delivered'],
  ['a mail that is put off', smtp(451, true), 'again'],
  ['a mail that is refused', smtp(550, true), 'dead'],
  ['a password that is refused, and may be mended', smtp(535, false), 'again'],
])('%s', (_name, answer, state) => {
  expect(judgeAnswer(answer, 1, 0.5).state).toBe(state);
});

test('after the last attempt it is given up', () => {
  expect(judgeAnswer(http(503), ATTEMPTS_MAX - 1, 0).state).toBe('again');
  expect(judgeAnswer(http(503), ATTEMPTS_MAX, 0).state).toBe('dead');
  expect(judgeAnswer(http(200), ATTEMPTS_MAX, 0).state).toBe('delivered');
});

test('pauses double up to an hour, and chance spreads them over the upper half', () => {
  const attempt = fc.integer({ min: 1, max: ATTEMPTS_MAX - 1 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(attempt, random, random, (count, one, other) => {
      const whole = Math.min(15_000 * 2 ** (count - 1), 3_600_000);
      expect(pauseMs(count, one)).toBeGreaterThanOrEqual(whole / 2);
      expect(pauseMs(count, one)).toBeLessThanOrEqual(whole);
      if (one < other) expect(pauseMs(count, one)).toBeLessThanOrEqual(pauseMs(count, other));
    }),
  );
  const all = (chance: number) =>
    Array.from({ length: ATTEMPTS_MAX - 1 }, (_, index) => pauseMs(index + 1, chance)).reduce((a, b) => a + b) /
    3_600_000;
  expect([all(0), all(1)].map((hours) => Math.round(hours * 10) / 10)).toEqual([6, 12.1]);
});

test('a receiver may ask for a longer pause, of an hour at most', () => {
  const asked = (retryAfterMs: number) => judgeAnswer({ kind: 'http', status: 429, retryAfterMs }, 1, 0);
  expect(asked(1)).toEqual({ state: 'again', afterMs: 7_500 });
  expect(asked(120_000)).toEqual({ state: 'again', afterMs: 120_000 });
  expect(asked(999_999_000)).toEqual({ state: 'again', afterMs: 3_600_000 });
});
