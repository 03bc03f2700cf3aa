/** `evenstock init` and `evenstock reconcile` from end to end. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../../src/contract/run.ts';
import { change, makeFounding } from './founding-world.ts';
import { FOUNDING, filesBelow, makeFolder, readText, runCli, runJson } from './run-cli.ts';

const TABLES = [
  'discrepancies.csv',
  'discrepancies.json',
  'discrepancies.parquet',
  'unmapped.csv',
  'timing.csv',
  'rejections.csv',
  'contributions.csv',
];

/** run.json without what differs from run to run. */
function lasting(text: string): unknown {
  const { run_id, started_at, finished_at, timings_ms, ...rest } = JSON.parse(text) as RunDocument;
  return rest;
}

describe('init', () => {
  it('writes the example, says what to do next, and never overwrites', async () => {
    const folder = makeFolder('init');
    const first = await runCli(folder, 'init', 'acme');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/wrote evenstock\.yaml[\s\S]*Next: cd acme && evenstock reconcile --out out/);
    writeFileSync(join(folder, 'acme/evenstock.yaml'), 'mine');
    const again = await runJson<{ written: string[]; kept: string[] }>(folder, 'init', 'acme');
    expect(again.value).toMatchObject({
      written: [],
      kept: expect.arrayContaining(['evenstock.yaml', 'in/erp_stock.csv']),
    });
    expect(readText(folder, 'acme/evenstock.yaml')).toBe('mine');
  });
});

describe('reconcile', () => {
  it('gives the founding example’s report byte for byte', async () => {
    const folder = await makeFounding('founding');
    const run = await runCli(folder, 'reconcile', '--out', 'out');
    expect(run.code, run.err).toBe(0);
    for (const name of readdirSync(join(FOUNDING, 'expected')))
      expect(readText(folder, 'out', name), name).toBe(readText(FOUNDING, 'expected', name));
    expect(run.out).toContain('8 discrepancies');
    expect(run.out).toContain('HOLD-QC2');
    expect(run.out, 'no colours in a pipe').not.toContain('\u001b');
    expect(Math.max(...run.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(run.err).toContain('open out/report.html');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(
      [...TABLES, 'discrepancies.xlsx', 'report.html', 'run.json'].sort(),
    );
    expect(readdirSync(join(folder, '.evenstock/work'))).toEqual([]);
  });

  it('gives the same bytes twice, but for ids and times', async () => {
    const folder = await makeFounding('twice');
    for (const out of ['one', 'two']) expect((await runCli(folder, 'reconcile', '--out', out, '--quiet')).code).toBe(0);
    for (const name of TABLES)
      expect(filesBelow(join(folder, 'two')).get(name), name).toBe(filesBelow(join(folder, 'one')).get(name));
    expect(lasting(readText(folder, 'two/run.json'))).toEqual(lasting(readText(folder, 'one/run.json')));
    expect(readdirSync(join(folder, '.evenstock/runs'))).toHaveLength(2);
  });

  it('replaces an earlier report whole, in the formats asked for', async () => {
    const folder = await makeFounding('formats');
    await runCli(folder, 'reconcile', '--out', 'out');
    const { code, out } = await runCli(folder, 'reconcile', '--out', 'out', '--format', 'csv,html');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      'contributions.csv',
      'discrepancies.csv',
      'rejections.csv',
      'report.html',
      'run.json',
      'timing.csv',
      'unmapped.csv',
    ]);
  });

  it('prints run.json with --json, and nothing on stderr with --quiet', async () => {
    const folder = await makeFounding('json');
    const { code, out, err } = await runCli(folder, 'reconcile', '--out', 'out', '--json', '--quiet');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual(JSON.parse(readText(folder, 'out/run.json')));
  });

  it('limits the run to sites and items', async () => {
    const folder = await makeFounding('filters');
    const lines = (out: string) =>
      readText(folder, out, 'discrepancies.csv')
        .trimEnd()
        .split('\n')
        .slice(1)
        // Rank and priority are told among the lines of a run.
        .map((line) => line.replace(/^\d+,/, '').replace(/,(critical|high|medium|low),/, ',,'));
    await runCli(folder, 'reconcile', '--out', 'all');
    await runCli(folder, 'reconcile', '--out', 'site', '--site', 'DC1');
    await runCli(folder, 'reconcile', '--out', 'item', '--item', '00185,00131');
    expect(lines('site')).toEqual(lines('all').filter((line) => line.startsWith('DC1,')));
    expect(lines('item')).toEqual(lines('all').filter((line) => /^DC2,00(185|131),/.test(line)));
    expect(lines('site').length * lines('item').length).toBeGreaterThan(0);
    const run = JSON.parse(readText(folder, 'site/run.json')) as RunDocument;
    expect(run.filters).toEqual({ site: ['DC1'], item: [] });
    expect(run.by_site.map((group) => group.site)).toEqual(['DC1']);
  });

  it('writes nothing with --dry-run, and says the same', async () => {
    const folder = await makeFounding('dry');
    const before = filesBelow(folder);
    const dry = await runCli(folder, 'reconcile', '--out', 'out', '--dry-run');
    expect(dry.code).toBe(0);
    expect(filesBelow(folder)).toEqual(before);
    expect(existsSync(join(folder, 'out'))).toBe(false);
    const body = (text: string) => text.split('\n').slice(1).join('\n');
    expect(body(dry.out)).toBe(body((await runCli(folder, 'reconcile')).out));
  });

  it('leaves a folder alone that holds something else', async () => {
    const folder = await makeFounding('foreign');
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine/thesis.txt'), 'precious');
    const { code, err } = await runCli(folder, 'reconcile', '--out', 'mine');
    expect(code).toBe(2);
    expect(err).toMatch(/mine holds other files than a report; it is not replaced\nName a new or empty folder/);
    expect(filesBelow(join(folder, 'mine'))).toEqual(
      new Map([['thesis.txt', Buffer.from('precious').toString('base64')]]),
    );
    expect(existsSync(join(folder, '.evenstock/runs'))).toBe(false);
  });
});

describe('exit codes', () => {
  it('0, and 1 only with --exit-code', async () => {
    const folder = await makeFounding('exit-1');
    expect((await runCli(folder, 'reconcile')).code).toBe(0);
    expect((await runCli(folder, 'reconcile', '--exit-code')).code).toBe(1);
    expect((await runCli(folder, 'reconcile', '--exit-code', '--item', '00124')).code, 'nothing is off').toBe(0);
  });

  it.each([
    [['reconcile', '--config', 'nowhere.yaml'], 'there is no configuration at nowhere.yaml'],
    [['reconcile', '--format', 'docx'], '--format docx: expected some of'],
    [['reconcile', '--top', '-1'], '--top -1: a whole number'],
    [['reconcile', '--threads', 'many'], '--threads many: a whole number'],
    [['reconcile', '--memory', '1'], '--memory 1: a size such as'],
    [['reconcile', '--memory', '1MB'], 'at least 256MB'],
    [['reconcile', '--wat'], "unknown option '--wat'"],
    [['recncile'], "unknown command 'recncile'"],
    [['report', 'x', 'y'], 'too many arguments'],
  ])('2 for %j', async (args, message) => {
    const folder = await makeFounding('exit-2');
    const { code, out, err } = await runCli(folder, ...args);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('2 for a configuration, with every problem and its place', async () => {
    const folder = await makeFounding('config');
    change(folder, 'evenstock.yaml', /^currency: USD/m, 'currncy: USD');
    change(folder, 'evenstock.yaml', /^ {4}role: erp/m, '    role: epr');
    const { code, err } = await runCli(folder, 'reconcile');
    expect(code).toBe(2);
    expect(err).toMatch(/evenstock\.yaml:9:1: .*currncy.*currency/);
    expect(err).toMatch(/evenstock\.yaml:15:11: .*epr/);
  });

  it('3 for a run that the quality gate refuses; the run is kept with the reason', async () => {
    const folder = await makeFounding('refused');
    await runCli(folder, 'reconcile', '--out', 'out');
    writeFileSync(join(folder, 'in/wms_stock.csv'), `${readText(folder, 'in/wms_stock.csv').split('\n')[0]}\n`);
    const { code, out, err } = await runCli(folder, 'reconcile', '--out', 'out');
    expect(code).toBe(3);
    expect(out).toContain('The run was refused');
    expect(err).toContain('a header and no rows');
    const run = JSON.parse(readText(folder, 'out/run.json')) as RunDocument;
    expect(run).toMatchObject({ state: 'refused', totals: null });
    expect(run.quality).toContainEqual(
      expect.objectContaining({ severity: 'refused', code: 'NO_ROWS', source: 'wms1 balances' }),
    );
    expect(existsSync(join(folder, 'out/discrepancies.csv')), 'the earlier report is gone').toBe(false);
    const forced = await runJson<RunDocument>(folder, 'reconcile', '--force', 'the site is really empty');
    expect(forced.code).toBe(0);
    expect(forced.value.forced?.reason).toBe('the site is really empty');
  });

  it('4 where a file is not there; nothing is kept', async () => {
    const folder = await makeFounding('missing');
    rmSync(join(folder, 'in/erp_stock.csv'));
    const { code, err } = await runCli(folder, 'reconcile', '--out', 'out');
    expect(code).toBe(4);
    expect(err).toContain('there is no file in/erp_stock.csv');
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect(existsSync(join(folder, '.evenstock/runs'))).toBe(false);
  });
});

describe('help', () => {
  it.each(['', 'init', 'check', 'reconcile', 'report', 'demo', 'doctor'])('of "%s" has an example', async (command) => {
    const { code, out, err } = await runCli(makeFolder('help'), ...[command, '--help'].filter((each) => each !== ''));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Example: evenstock ${command === '' ? 'init' : command}`);
  });

  it('names every command, and the version', async () => {
    const folder = makeFolder('version');
    const { out } = await runCli(folder, '--help');
    for (const command of ['init', 'check', 'reconcile', 'report', 'demo', 'doctor'])
      expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect((await runCli(folder, '--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
