import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { simulate } from './simulate.ts';

const root = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(root, { recursive: true }));
const SMALL = { items: 20, sites: 1, days: 2 } as const;

it('writes a world into a new folder, and another one over it', async () => {
  const folder = join(root, 'world');
  const first = await simulate(folder, { ...SMALL, seed: 1 });
  expect(first.configuration).toBe(join(folder, 'evenstock.yaml'));
  expect(readdirSync(join(folder, 'truth')).sort()).toEqual([
    'contributions.csv',
    'faults.csv',
    'keys.csv',
    'systemic.csv',
    'world.json',
  ]);
  expect(existsSync(join(folder, 'messages.csv'))).toBe(true);
  await simulate(folder, { ...SMALL, seed: 2, messages: false, openings: false });
  for (const name of ['messages.csv', 'erp_opening.csv', 'wms_opening.csv'])
    expect(existsSync(join(folder, name)), name).toBe(false);
});

it('leaves a folder alone that holds something else', async () => {
  const folder = mkdtempSync(join(root, 'other-'));
  writeFileSync(join(folder, 'erp_balances.csv'), 'mine');
  await expect(simulate(folder, SMALL)).rejects.toMatchObject({ kind: 'usage', code: 'SIMULATION_FOLDER_TAKEN' });
  await expect(simulate(join(folder, 'erp_balances.csv'), SMALL)).rejects.toMatchObject({
    code: 'SIMULATION_FOLDER_UNUSABLE',
  });
  expect(readdirSync(folder)).toEqual(['erp_balances.csv']);
});

it('makes no folder where the faults cannot be read', async () => {
  const folder = join(root, 'never');
  await expect(simulate(folder, { ...SMALL, faults: 'message-lost' })).rejects.toMatchObject({
    code: 'FAULTS_UNREADABLE',
  });
  expect(existsSync(folder)).toBe(false);
});
