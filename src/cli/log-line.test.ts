import { expect, test } from 'vitest';
import { logLine } from './log-line.ts';

const line = (more: object) => JSON.stringify({ level: 'info', time: '2026-11-24T06:00:01.000Z', pid: 7, ...more });

test('a line of the log reads as a sentence', () => {
  const read = logLine(
    line({ msg: 'the server is ready', address: 'http://127.0.0.1:8470', store: 'sqlite', reason: null }),
  );
  expect(read).toMatch(
    /^\d\d:\d\d:01 info {2}the server is ready {2}address=http:\/\/127\.0\.0\.1:8470 {2}store=sqlite\n$/,
  );
  expect(logLine(line({ msg: 'x', file: 'a b', count: 3, list: ['y'] }))).toContain(
    'x  file="a b"  count=3  list=["y"]',
  );
});

test('an error comes with its stack, and nothing steers the terminal', () => {
  const read = logLine(
    line({ level: 'error', msg: 'a\u001b[2J\nb', err: { message: 'm', stack: 'Error: m\n    at f' } }),
  );
  expect(read).toMatch(/error a \[2J b\nError: m\n {4}at f\n$/);
  expect(logLine(line({ msg: 'x', file: '\u001b[31mred' }))).not.toContain('\u001b');
});

test.each(['', 'no JSON\n', '[1]\n', 'null\n', '{"a":1}\n'])('%j stays as it is', (text) => {
  expect(logLine(text)).toBe(text);
});
