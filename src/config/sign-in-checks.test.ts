// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration has its own templates, which stand in these texts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfiguration } from './load-configuration.ts';

const SOUND = `version: 1
currency: USD
systems:
  sap: { role: erp }
  wms1: { role: wms, sites: [DC1] }
balances:
  - { system: sap, format: csv, path: in/erp.csv }
  - { system: wms1, format: csv, path: in/wms.csv }
categories:
  available: { erp: [FREE], wms: [AVAILABLE] }
`;
const folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(issuer: string, role = 'values: { stock: analyst }') {
  const path = join(folder, 'evenstock.yaml');
  const oidc = `issuer: "${issuer}", client_id: x, client_secret: "\${SECRET}", role: { ${role} }`;
  writeFileSync(path, `${SOUND}sign_in: { oidc: { ${oidc} } }\n`);
  return loadConfiguration(path, { SECRET: 'hunter2' });
}

test.each([
  'https://login.example.com',
  'https://login.example.com/tenant/v2.0',
  'http://127.0.0.1:8080',
  'http://[::1]',
])('an issuer at %s is taken, and the hash knows its secret by name only', async (issuer) => {
  const { configuration, hash } = await load(issuer);
  expect(configuration.sign_in?.oidc).toMatchObject({
    client_secret: 'hunter2',
    scopes: ['openid', 'profile', 'email'],
    role: { claim: 'groups', values: { stock: 'analyst' } },
    creates_people: true,
  });
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  'http://login.example.com',
  'http://127.0.0.1.evil.example',
  'login.example.com',
  'file:///etc/passwd',
  'https://login.example.com/?x=1',
  'https://a:b@login.example.com',
])('an issuer at %s is refused', async (issuer) => {
  await expect(load(issuer)).rejects.toThrow(/11:\d+: expected an https address/);
});

test('a role that does not exist, and a mapping through which nobody gets in, are refused', async () => {
  await expect(load('https://x.example', 'values: { stock: chief }')).rejects.toThrow(
    'expected one of viewer, analyst',
  );
  await expect(load('https://x.example', 'values: {}')).rejects.toThrow('no value gives a role: nobody could sign in');
  await expect(load('https://x.example', 'values: {}, otherwise: viewer')).resolves.toBeDefined();
});
