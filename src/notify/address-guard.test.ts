import { expect, test } from 'vitest';
import { judgeHost } from './address-guard.ts';

/** As the host stands in an address: `new URL` has read decimal, octal and short forms already. */
const hostOf = (host: string): string => new URL(`http://${host}/`).hostname;

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[fe80::1]',
  '[fd00::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[2002:7f00:1::]',
  '[2001::1]',
  '[2001:db8::1]',
  'localhost',
])('%s is within the own network, and no message goes there', async (host) => {
  expect(await judgeHost(hostOf(host), [])).toMatchObject({ ok: false, isFinal: true });
});

test.each([
  '93.184.216.34',
  '172.32.0.1',
  '172.15.255.255',
  '100.128.0.1',
  '[2606:2800:220:1::1]',
  '1.1.1.1',
  '[::ffff:1.1.1.1]',
])('%s is public', async (host) => {
  expect(await judgeHost(hostOf(host), [])).toMatchObject({ ok: true, isAllowed: false });
});

test.each([
  ['10.1.2.3', ['10.1.0.0/16'], true],
  ['10.2.2.3', ['10.1.0.0/16'], false],
  ['10.1.2.3', ['10.1.2.3'], true],
  ['10.1.2.3', ['10.1.2.0/33'], false],
  ['[fd00::5]', ['fd00::/8'], true],
  ['[fd00::5]', ['10.0.0.0/8'], false],
  ['[::ffff:10.1.2.3]', ['10.1.0.0/16'], true],
  ['localhost', ['LOCALHOST'], true],
  ['localhost', ['localhost.example.com'], false],
] as const)('%s where %s is allowed: %s', async (host, allowed, ok) => {
  expect((await judgeHost(hostOf(host), allowed)).ok).toBe(ok);
});

test('a name that nobody knows is asked for again', async () => {
  expect(await judgeHost('no-such-host.invalid', [])).toMatchObject({ ok: false, isFinal: false });
});
