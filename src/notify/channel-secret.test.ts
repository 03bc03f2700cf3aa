import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { keepSecret, openSecret } from './channel-secret.ts';

const ENVIRONMENT = {
  EVENSTOCK_SEALING_KEY: 'a key that is long enough for sealing',
  EVENSTOCK_NOTIFY_HOOK: 'from the environment',
  EVENSTOCK_STORE: 'postgres://user:password@host/database',
};
const keep = (secret: string, environment: Record<string, string> = ENVIRONMENT): string =>
  keepSecret(secret, 'channel-1', environment, randomBytes);
const NAME = '$'.concat('{EVENSTOCK_NOTIFY_HOOK}');

test('a name is kept as a name, and stands for what the environment holds then', () => {
  expect(keep(NAME, {})).toBe(NAME);
  expect(openSecret(NAME, 'channel-1', ENVIRONMENT)).toEqual({ ok: true, text: 'from the environment' });
  expect(openSecret(NAME, 'channel-1', {})).toMatchObject({ ok: false, reason: expect.stringContaining('is not set') });
});

test('a text is sealed: it opens with the key, in its channel, unchanged', () => {
  const kept = keep('hunter2 ✓ $5');
  expect(kept).not.toContain('hunter2');
  expect(keep('hunter2 ✓ $5')).not.toBe(kept);
  expect(openSecret(kept, 'channel-1', ENVIRONMENT)).toEqual({ ok: true, text: 'hunter2 ✓ $5' });
  const changed = `${kept.slice(0, -2)}${kept.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const [text, channel, key] of [
    [kept, 'channel-2', ENVIRONMENT.EVENSTOCK_SEALING_KEY],
    [kept, 'channel-1', 'another key that is long enough too'],
    [changed, 'channel-1', ENVIRONMENT.EVENSTOCK_SEALING_KEY],
    ['sealed:1:', 'channel-1', ENVIRONMENT.EVENSTOCK_SEALING_KEY],
    [kept, 'channel-1', ''],
  ] as const)
    expect(openSecret(text, channel, { EVENSTOCK_SEALING_KEY: key }).ok).toBe(false);
});

test.each([
  ['another variable of the server', '$'.concat('{EVENSTOCK_STORE}'), 'SECRET_NAME_NOT_ALLOWED'],
  ['the key itself', '$'.concat('{EVENSTOCK_SEALING_KEY}'), 'SECRET_NAME_NOT_ALLOWED'],
  ['a name within a text', 'https://x/$'.concat('{EVENSTOCK_NOTIFY_HOOK}'), 'SECRET_NAME_NOT_ALLOWED'],
])('%s is refused', (_name, secret, code) => {
  expect(() => keep(secret)).toThrow(expect.objectContaining({ code }));
});

test('without a key no text is kept, not even a little', () => {
  for (const environment of [{}, { EVENSTOCK_SEALING_KEY: 'short' }])
    expect(() => keep('hunter2', environment)).toThrow(expect.objectContaining({ code: 'SEALING_KEY_MISSING' }));
});
