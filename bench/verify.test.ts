/** Each way in which an answer can be wrong must show, and no other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { measureProcess } from './measure.ts';
import { isFaultless, verifyAnswer } from './verify.ts';

const root = mkdtempSync(join(tmpdir(), 'verify-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const HEADER = 'site,item,lot,category,erp_quantity,wms_quantity,variance_quantity,variance_value';
const TRUTH = [
  'DC1,00123,L1,available,10,0,-10,-125.50',
  'DC1,00124,,available,0,2.5,2.5,10.00',
  'DC2,00123,,unavailable,1,2,1,0.05',
];
const perfect = { keys: 3, missing: 0, extra: 0, unitsWrong: 0, centsWrong: 0, sorted: true };

test.each([
  ['the truth itself', TRUTH, {}],
  [
    'other ways to write the same numbers',
    [
      TRUTH[0]!.replace('-125.50', '-125.5'),
      TRUTH[1]!.replace(',0,2.5,', ',0.000,2.500,').replace('10.00', '10'),
      TRUTH[2],
    ],
    {},
  ],
  ['a missing key', TRUTH.slice(0, 2), { missing: 1 }],
  ['a key too many', [...TRUTH, 'DC3,00123,,available,1,2,1,0.01'], { extra: 1 }],
  ['a key that comes twice', [...TRUTH, TRUTH[2]], { extra: 1 }],
  ['an item without its zeros', [TRUTH[0], TRUTH[1], TRUTH[2]!.replace('00123', '123')], { missing: 1, extra: 1 }],
  ['a wrong unit', [TRUTH[0], TRUTH[1]!.replace(',2.5,', ',2.50000001,'), TRUTH[2]], { unitsWrong: 1 }],
  ['a wrong cent', [TRUTH[0], TRUTH[1], TRUTH[2]!.replace('0.05', '0.06')], { centsWrong: 1 }],
  ['a wrong sign', [TRUTH[0]!.replace('-125.50', '125.50'), TRUTH[1], TRUTH[2]], { centsWrong: 1 }],
  ['no value at all', [TRUTH[0], TRUTH[1], TRUTH[2]!.replace('0.05', '')], { centsWrong: 1 }],
  ['another order', [TRUTH[1], TRUTH[0], TRUTH[2]], { sorted: false }],
])('%s', (name, lines, difference) => {
  const [truth, answer] = [join(root, 'truth.csv'), join(root, `${name}.csv`)];
  writeFileSync(truth, [HEADER, ...TRUTH, ''].join('\n'));
  writeFileSync(answer, [HEADER, ...lines, ''].join('\n'));
  const verdict = verifyAnswer(truth, answer);
  expect(verdict).toEqual({ ...perfect, ...difference });
  expect(isFaultless(verdict)).toBe(Object.keys(difference).length === 0);
});

test('columns are found by name, among others and in quotes', () => {
  const [truth, answer] = [join(root, 'truth.csv'), join(root, 'wide.csv')];
  writeFileSync(truth, [HEADER, ...TRUTH, ''].join('\n'));
  const wide = TRUTH.map((line, index) => `${index + 1},"Bolt, 1/4"" x 2""",${line}`);
  writeFileSync(answer, [`rank,description,${HEADER}`, ...wide, ''].join('\r\n'));
  expect(verifyAnswer(truth, answer)).toEqual(perfect);
});

test('a process is measured with its children, and its milestone', async () => {
  const milestone = join(root, 'appeared');
  const child = 'const b = Buffer.alloc(150e6, 1); const end = Date.now() + 700; while (Date.now() < end) b[0]++;';
  const script = `require('node:fs').writeFileSync(${JSON.stringify(milestone)}, ''); require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(child)}]);`;
  const measured = await measureProcess([process.execPath, '-e', script], milestone, 30);
  expect(measured.exitCode).toBe(0);
  expect(measured.cpuSeconds).toBeGreaterThan(0.3);
  expect(measured.wallSeconds).toBeGreaterThan(0.7);
  expect(measured.peakBytes).toBeGreaterThan(150e6);
  expect(measured.milestoneSeconds).toBeLessThan(measured.wallSeconds);
});

test('a process that fails or does not end says so', async () => {
  const failed = await measureProcess(
    [process.execPath, '-e', 'console.error("no such table"); process.exit(3)'],
    null,
    30,
  );
  expect(failed).toMatchObject({ exitCode: 3, milestoneSeconds: null });
  expect(failed.complaint).toContain('no such table');
  const endless = await measureProcess([process.execPath, '-e', 'setInterval(() => {}, 1000)'], null, 0.5);
  expect(endless.exitCode).not.toBe(0);
  expect(endless.wallSeconds).toBeLessThan(20);
});
