import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeptResults } from './kept-results.ts';
import { measureGroups } from './measure-groups.ts';
import { MeasuredRuns } from './measured-runs-fixture.ts';

const made = new MeasuredRuns();
const results = new KeptResults(made.dataDirectory);
beforeAll(async () => {
  // A is resolved on the third day and comes back on the fourth; B is resolved on the fourth; C stays; D is always in sync.
  await made.run('2026-11-01T00:00:00Z', 'A 10 9, DC2/B 5 4, C 3 1, D 1 1');
  await made.run('2026-11-02T00:00:00Z', 'A 10 9, DC2/B 5 4, C 3 1, D 1 1');
  await made.run('2026-11-03T00:00:00Z', 'A 10 10, DC2/B 5 4, C 3 1, D 1 1');
  await made.run('2026-11-04T00:00:00Z', 'A 10 9, DC2/B 5 5, C 3 1, D 1 1');
}, 240_000);
afterAll(async () => {
  await results.close();
  made.remove();
});

const groupsBy = async (by: 'site' | 'cause', sites?: readonly string[]) =>
  (await measureGroups(results, { by, days: 30, sites, temporaryDirectory: tmpdir() })).groups;

test('what was resolved, how fast, and what came back, site by site', async () => {
  expect(await groupsBy('site')).toMatchObject([
    {
      ...{ group: 'DC1', discrepancies: 2, gross_variance_value: '6.00', resolved: 1, came_back: 1 },
      ...{ recurrence_share: '1.000000', days_to_resolve_mean: '2.0', ageing: { '0-1': 1, '2-3': 1 } },
    },
    {
      ...{ group: 'DC2', discrepancies: 0, resolved: 1, came_back: 0, recurrence_share: '0.000000' },
      ...{ days_to_resolve_mean: '3.0', days_to_resolve_median: '3.0', sync_accuracy_keys: '1.000000' },
    },
  ]);
});

test('who sees one site gets that one', async () => {
  expect((await groupsBy('site', ['DC2'])).map(({ group }) => group)).toEqual(['DC2']);
  expect((await groupsBy('cause', [])).length).toBe(0);
  const sum = (await groupsBy('cause', ['DC1'])).reduce((all, { discrepancies }) => all + discrepancies, 0);
  expect(sum).toBe(2);
});
