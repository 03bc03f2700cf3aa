import { describe, expect, it } from 'vitest';
import { isSameFault } from './is-same-fault.ts';

const FAULT = {
  cause: 'message-lost',
  factor: { interface: '945', site: 'DC1' },
  from: '2026-11-20T09:01:00-06:00',
  to: '2026-11-20T09:37:00-06:00',
} as const;

describe('a finding of the run before is the same fault', () => {
  it.each([
    ['as it stands', {}, true],
    ['with its factor in another order', { factor: { site: 'DC1', interface: '945' } }, true],
    ['where it goes on', { to: '2026-11-21T09:00:00-06:00' }, true],
    ['written in another offset', { from: '2026-11-20T15:30:00Z', to: '2026-11-20T16:00:00Z' }, true],
    ['where no time is known', { from: '', to: '' }, true],
    ['of another cause', { cause: 'message-rejected' as const }, false],
    ['of another interface', { factor: { interface: '947', site: 'DC1' } }, false],
    ['of a day later', { from: '2026-11-21T09:01:00-06:00', to: '2026-11-21T09:37:00-06:00' }, false],
  ])('%s: %o is %s', (_name, change, expected) => {
    expect(isSameFault(FAULT, { ...FAULT, ...change })).toBe(expected);
    expect(isSameFault({ ...FAULT, ...change }, FAULT)).toBe(expected);
  });
});
