import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DISCREPANCY_COLUMNS } from '../contract/run.ts';
import { writeJson } from './json.ts';
import { sampleLine } from './sample-report-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'json-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an array of objects with the columns of the contract, decimals as strings', async () => {
  const path = join(folder, 'discrepancies.json');
  const line = sampleLine({
    rank: '1',
    item: '00123',
    description: '19" rack\n',
    erp: 10,
    wms: 9,
    cents: 150,
    absent_from: 'wms',
  });
  await writeJson(path, [line, { ...line, rank: '2', erp_quantity: '12345678901234567890.123456' }]);
  const text = readFileSync(path, 'utf8');
  const read = JSON.parse(text) as Record<string, unknown>[];
  expect(read.map((each) => Object.keys(each))).toEqual([[...DISCREPANCY_COLUMNS], [...DISCREPANCY_COLUMNS]]);
  expect(read[0]).toMatchObject({
    item: '00123',
    description: '19" rack\n',
    variance_value: '-1.50',
    unit_cost: '1.50',
    lot: '',
  });
  expect(read[1]).toMatchObject({ rank: '2', erp_quantity: '12345678901234567890.123456' });
  expect(text.split('\n')).toHaveLength(5);
});

test('no lines: an empty array', async () => {
  const path = join(folder, 'none.json');
  await writeJson(path, []);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([]);
});
