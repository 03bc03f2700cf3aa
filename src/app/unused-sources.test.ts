import { expect, it } from 'vitest';
import { expectRefusal, type Given, HEADER, useFiles } from '../../test/bad-inputs/reconciled-files.ts';

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

it('sources that no run uses yet are opened, and the run says so', async () => {
  const { failure, run } = await files().run(given);
  expect(failure).toBeUndefined();
  expect(run.quality).toEqual(
    [
      ['opening', 'opening is not used yet: movements will be followed from it in a later version'],
      ['demand', 'demand is not used yet: it will rank by impact in a later version'],
      ['promotions', 'promotions are not used yet: they will rank by impact in a later version'],
    ].map(([source, message]) => ({
      severity: 'warning',
      code: 'NOT_USED_YET',
      source,
      message,
      action: 'Nothing needs to be done; its file was opened and its columns were found.',
    })),
  );
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
