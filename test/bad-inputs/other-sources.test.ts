import { expect, it } from 'vitest';
import { expectRefusal, type Given, HEADER, useFiles } from './reconciled-files.ts';

const files = useFiles();
const given: Given = {
  erp: `${HEADER}DC1,A,UNRESTRICTED,5\n`,
  files: {
    'opening.csv': `${HEADER}DC1,A,UNRESTRICTED,4\n`,
    'demand.csv': 'item,site,daily_demand\nA,DC1,2\n',
    'promotions.csv': 'item,site,starts_on,ends_on,uplift\nA,DC1,2026-12-01,2026-12-24,1.5\n',
  },
  configuration: {
    opening: [{ system: 'sap', format: 'csv', path: 'opening.csv' }],
    demand: { format: 'csv', path: 'demand.csv' },
    promotions: { format: 'csv', path: 'promotions.csv' },
  },
};

it('reads openings, demand and promotions without a word where they are in order', async () => {
  const { failure, run } = await files().run(given);
  expect(failure).toBeUndefined();
  expect(run.quality).toEqual([]);
});

it('lists rows of demand and promotions that cannot be used, and goes on', async () => {
  const demand = 'item,site,daily_demand\nA,DC1,many\n';
  const promotions = 'item,site,starts_on,ends_on,uplift\nA,DC1,2026-12-24,2026-12-01,1.5\n';
  const outcome = await files().run({
    ...given,
    files: { ...given.files, 'demand.csv': demand, 'promotions.csv': promotions },
  });
  const rejected = outcome.run.inputs.map(({ kind, rows, rejected }) => [kind, rows, rejected]);
  expect(rejected).toContainEqual(['demand', 1, 1]);
  expect(rejected).toContainEqual(['promotions', 1, 1]);
});

const broken: readonly [file: string, content: string, missing: string][] = [
  ['opening.csv', 'site,item,status\nDC1,A,UNRESTRICTED\n', 'quantity'],
  ['demand.csv', 'site,daily_demand\nDC1,2\n', 'item'],
  ['promotions.csv', 'item,site,starts_on\nA,DC1,2026-12-01\n', 'ends_on'],
];
it.each(broken)('%s without a column that it must have refuses the run', async (file, content, missing) => {
  const outcome = await files().run({ ...given, files: { ...given.files, [file]: content } });
  expectRefusal(outcome, 'COLUMN_MISSING', `${file} has no column ${missing};`);
});

it('a file that is not there ends the run', async () => {
  const demand = { format: 'csv', path: 'gone.csv' };
  const configuration = { ...given.configuration, demand };
  const { failure } = await files().attempt({ ...given, configuration }, 'run-x');
  expect(failure).toMatchObject({ kind: 'unreachable', code: 'FILE_NOT_FOUND' });
});
