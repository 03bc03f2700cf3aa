import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signatureOf } from './webhook-signature.ts';

type Verify = (header: string | undefined, body: Buffer, secrets: Record<string, string>, now?: number) => boolean;

const folder = mkdtempSync(join(tmpdir(), 'evenstock-verify-'));
let isFromEvenstock: Verify;
beforeAll(async () => {
  const guide = readFileSync(new URL('../../docs/guides/notifications.md', import.meta.url), 'utf8');
  const [, code] = /```js\n([\s\S]*?)```/.exec(guide) ?? [];
  const path = join(folder, 'verify.mjs');
  writeFileSync(path, code ?? '');
  ({ isFromEvenstock } = await import(pathToFileURL(path).href));
});
afterAll(() => rmSync(folder, { recursive: true }));

const NOW = Date.parse('2026-11-24T18:00:00.500Z');
const SECRETS = { old: 'the secret of before', new: 'the secret of now' };
const BODY = '{"subject":"−12 € ✓"}';
const header = signatureOf(BODY, SECRETS.new, 'new', NOW);

test('what the guide tells receivers to do takes what is signed', () => {
  expect(isFromEvenstock(header, Buffer.from(BODY), SECRETS, NOW)).toBe(true);
  const before = signatureOf(BODY, SECRETS.old, 'old', NOW);
  expect(isFromEvenstock(before, Buffer.from(BODY), SECRETS, NOW)).toBe(true);
  expect(isFromEvenstock(header, Buffer.from(BODY), SECRETS, NOW + 299_000)).toBe(true);
});

test.each<[string, string | undefined, string, Record<string, string>, number]>([
  ['another body', header, BODY.replace('12', '13'), SECRETS, NOW],
  ['another secret', header, BODY, { new: 'guessed' }, NOW],
  ['an unknown key', header, BODY, { old: SECRETS.old }, NOW],
  ['a replay', header, BODY, SECRETS, NOW + 302_000],
  ['a moment in the future', header, BODY, SECRETS, NOW - 302_000],
  ['another moment', header.replace(/t=\d+/, `t=${NOW / 1_000 + 9}`), BODY, SECRETS, NOW],
  ['no signature', undefined, BODY, SECRETS, NOW],
  ['half a signature', header.slice(0, -2), BODY, SECRETS, NOW],
])('%s is refused', (_name, given, body, secrets, now) => {
  expect(isFromEvenstock(given, Buffer.from(body), secrets, now)).toBe(false);
});
