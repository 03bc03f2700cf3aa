import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { Failure } from '../core/model/failure.ts';
import { hasColor, printFailure, widthOf } from './terminal-io.ts';

const stream = (isTTY: boolean, columns?: number) => ({ isTTY, columns }) as WriteStream;

describe('hasColor', () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
    [false, { TERM: 'xterm-256color' }, false],
  ])('terminal %s, environment %j: %s', (isTTY, env, expected) => {
    expect(hasColor(stream(isTTY), env)).toBe(expected);
  });
});

it('a pipe is 80 columns wide, a terminal as wide as it is', () => {
  expect([widthOf(stream(false, 200)), widthOf(stream(true, 132)), widthOf(stream(true))]).toEqual([80, 132, 80]);
});

describe('printFailure', () => {
  const print = (error: unknown, env: Record<string, string> = {}) => {
    const written: string[] = [];
    const io = {
      out: stream(false),
      err: { write: (text: string) => void written.push(text) } as unknown as WriteStream,
      env,
    };
    return { code: printFailure(io, error), err: written.join('') };
  };

  it.each([
    ['usage', 2],
    ['configuration', 2],
    ['refused', 3],
    ['unreachable', 4],
    ['cancelled', 130],
  ] as const)('a failure of kind %s is exit code %d, with what to do', (kind, code) => {
    expect(print(new Failure(kind, 'CODE', 'what was found', 'What to do.'))).toEqual({
      code,
      err: 'evenstock: what was found\nWhat to do.\n',
    });
  });

  it('anything else is our bug, with its stack only where asked for', () => {
    expect(print(new Error('oops'))).toEqual({
      code: 70,
      err: expect.stringMatching(/this is a bug of evenstock: oops\nRun again with EVENSTOCK_DEBUG=1/),
    });
    expect(print(new Error('oops'), { EVENSTOCK_DEBUG: '1' }).err).toContain('terminal-io.test.ts');
  });
});
