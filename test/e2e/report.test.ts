/** `evenstock report` from end to end: what a run said is said again, whole or in part. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DiscrepancyLine, RunDocument, Selection } from '../../src/contract/run.ts';
import { change, makeFounding } from './founding-world.ts';
import { filesBelow, makeFolder, readText, runCli, runJson } from './run-cli.ts';

interface ReportJson {
  readonly run: RunDocument;
  readonly discrepancies: DiscrepancyLine[];
}

/** "−12.5" → −12500000n. */
function micro(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const amount = BigInt(whole + fraction.padEnd(6, '0'));
  return text.startsWith('-') ? -amount : amount;
}
const magnitude = (value: bigint) => (value < 0n ? -value : value);

let folder: string;
let printed: string;
let lines: DiscrepancyLine[];
let runId: string;

beforeAll(async () => {
  folder = await makeFounding('report');
  // Text that a spreadsheet would run, and text with everything that CSV must quote.
  change(folder, 'in/wms_stock.csv', 'DC1,00123,DAMAGED,D-01,,10,EA', 'DC1,00123,DAMAGED,D-01,,=1+1,EA');
  change(folder, 'in/wms_stock.csv', 'DC1,00123,QUALITY,Q-01,,23,EA', 'DC1,00123,QUALITY,Q-01,,"2,3 ""or"" so",EA');
  const run = await runCli(folder, 'reconcile', '--out', 'out');
  printed = run.out;
  lines = JSON.parse(readText(folder, 'out/discrepancies.json')) as DiscrepancyLine[];
  runId = (JSON.parse(readText(folder, 'out/run.json')) as RunDocument).run_id;
});

describe('a whole run', () => {
  it('prints what the run printed', async () => {
    for (const args of [
      ['report'],
      ['report', runId],
      ['report', '--format', 'table'],
      ['report', '--data', '.evenstock', '--config', 'gone.yaml'],
    ]) {
      expect(await runCli(folder, ...args), args.join(' ')).toEqual({ code: 0, out: printed, err: '' });
    }
  });

  it('writes the same bytes as the run did', async () => {
    const { code, err } = await runCli(folder, 'report', '--out', 'again');
    expect(code, err).toBe(0);
    const [first, again] = [filesBelow(join(folder, 'out')), filesBelow(join(folder, 'again'))];
    expect([...again.keys()]).toEqual([...first.keys()]);
    for (const [name, bytes] of first) expect(again.get(name), name).toBe(bytes);
    expect(readText(folder, 'out/rejections.csv'), 'the example holds what must be guarded').toContain("'=1+1");
  });

  it('shows the trend up to the run, as the run did', async () => {
    const later = await makeFounding('report-trend');
    await runCli(later, 'reconcile');
    for (const file of ['in/erp_stock.csv', 'in/wms_stock.csv', 'evenstock.yaml']) {
      const text = readText(later, file);
      writeFileSync(join(later, file), text.replaceAll('2026-11-22', '2026-11-23').trimEnd());
    }
    await runCli(later, 'reconcile', '--out', 'out');
    expect((await runCli(later, 'report', '--out', 'again')).code).toBe(0);
    const page = readText(later, 'out/report.html');
    expect(page).toContain('Trend: 2 runs from');
    expect(readText(later, 'again/report.html')).toBe(page);
  });

  it('prints one form to stdout, and asks for a folder where that cannot be', async () => {
    for (const [format, file] of [
      ['csv', 'discrepancies.csv'],
      ['json', 'discrepancies.json'],
      ['html', 'report.html'],
    ] as const) {
      expect(await runCli(folder, 'report', '--format', format), format).toEqual({
        code: 0,
        out: readText(folder, 'out', file),
        err: '',
      });
    }
    for (const format of ['xlsx', 'parquet', 'csv,json', 'table,csv']) {
      const { code, err } = await runCli(folder, 'report', '--format', format);
      expect({ code, err }, format).toEqual({ code: 2, err: expect.stringContaining('Add --out DIR') });
    }
  });

  it('gives the run and its lines as JSON', async () => {
    const { value } = await runJson<ReportJson>(folder, 'report');
    expect(value.run).toEqual(JSON.parse(readText(folder, 'out/run.json')));
    expect(value.discrepancies.map(({ absent_from, ...line }) => line)).toEqual(lines);
    expect((await runJson<ReportJson>(folder, 'report', '--top', '2')).value.discrepancies).toHaveLength(2);
  });

  it('leaves a folder alone that holds something else', async () => {
    const { code, err } = await runCli(folder, 'report', '--out', 'in');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('holds other files than a report') });
  });
});

describe('part of a run', () => {
  const select = async (
    ...args: string[]
  ): Promise<{ selection: Selection; discrepancies: DiscrepancyLine[]; run: RunDocument }> => {
    const { code, value } = await runJson<ReportJson>(folder, 'report', ...args);
    expect(code).toBe(0);
    if (value.run.selection === undefined) throw new Error('no selection');
    return { selection: value.run.selection, discrepancies: value.discrepancies, run: value.run };
  };

  it.each([
    ['one site', ['--site', 'DC2'], (line: DiscrepancyLine) => line.site === 'DC2'],
    ['two sites', ['--site', 'DC1', '--site', 'DC2'], () => true],
    ['a category', ['--category', 'unavailable'], (line: DiscrepancyLine) => line.category === 'unavailable'],
    ['a cause', ['--cause', 'unexplained'], (line: DiscrepancyLine) => line.cause === 'unexplained'],
    [
      'a value, whatever the sign',
      ['--min-value', '88.50'],
      (line: DiscrepancyLine) => magnitude(micro(line.variance_value)) >= 88_500_000n,
    ],
    [
      'a cent more',
      ['--min-value', '88.51'],
      (line: DiscrepancyLine) => magnitude(micro(line.variance_value)) >= 88_510_000n,
    ],
    [
      'all together',
      ['--site', 'DC2', '--category', 'available', '--min-value', '50'],
      (line: DiscrepancyLine) =>
        line.site === 'DC2' && line.category === 'available' && magnitude(micro(line.variance_value)) >= 50_000_000n,
    ],
    ['nothing', ['--min-value', '1000000'], () => false],
  ] as const)('%s: the lines, and sums of these lines alone', async (_, args, fits) => {
    const { selection, discrepancies } = await select(...args);
    const expected = lines.filter(fits);
    expect(discrepancies.map(({ absent_from, ...line }) => line)).toEqual(expected);
    const sum = (of: (line: DiscrepancyLine) => bigint) => expected.reduce((all, line) => all + of(line), 0n);
    expect(selection.discrepancies).toBe(expected.length);
    expect(micro(selection.gross_variance_quantity)).toBe(sum((line) => magnitude(micro(line.net_variance_quantity))));
    expect(micro(selection.net_variance_quantity)).toBe(sum((line) => micro(line.net_variance_quantity)));
    expect(micro(selection.gross_variance_value)).toBe(sum((line) => magnitude(micro(line.variance_value))));
    expect(micro(selection.net_variance_value)).toBe(sum((line) => micro(line.variance_value)));
    expect(micro(selection.erp_overstated_value) + micro(selection.erp_understated_value)).toBe(
      micro(selection.gross_variance_value),
    );
  });

  it('says what is shown and what the other figures are of', async () => {
    const { out } = await runCli(folder, 'report', '--site', 'DC2', '--min-value', '50', '--top', '1');
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toMatch(
      /\d of the run’s \d+ discrepancies are shown \(site DC2; value of at least \$50\): \$[\d.,]+ gross, −?\$[\d.,]+ net\./,
    );
    expect(text).toMatch(/All other figures are of the whole run, in which \d+ keys are off/);
    expect(text).toMatch(/Top 1 of \d discrepancies/);
    expect(out, 'whose accuracy is unknown').not.toContain('Accuracy');
  });

  it('writes only what belongs to it, and says so in run.json and on the page', async () => {
    await runCli(folder, 'report', '--out', 'part', '--category', 'available');
    const run = JSON.parse(readText(folder, 'part/run.json')) as RunDocument;
    const { selection, ...whole } = run;
    expect(whole).toEqual(JSON.parse(readText(folder, 'out/run.json')));
    expect(selection?.category).toEqual(['available']);
    for (const name of ['discrepancies.csv', 'contributions.csv']) {
      const all = readText(folder, 'out', name).split('\n');
      expect(readText(folder, 'part', name).split('\n'), name).toEqual(
        all.filter((line, index) => index === 0 || !line.includes(',unavailable,')),
      );
    }
    expect(readText(folder, 'part/report.html')).toContain(
      `${selection?.discrepancies} of the run’s ${run.totals?.discrepancies} discrepancies are shown (category available)`,
    );
  });

  it.each([
    [['--site', 'DC9'], '--site DC9: the run has no such site; it has DC1, DC2'],
    [['--category', 'Available'], '--category Available: the run has no such category; it has'],
    [['--cause', 'theft'], '--cause theft: the run has no such cause; it has unexplained'],
    [['--min-value', 'much'], '--min-value much: an amount such as 500 or 12.50 was expected'],
    [['--min-value', '-5'], '--min-value -5: an amount'],
    [['--top', 'x'], '--top x: a whole number'],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await runCli(folder, 'report', ...args);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

describe('which run', () => {
  it('names the newest where it knows none of that name, and says what to do where there are none', async () => {
    const unknown = await runCli(folder, 'report', '../../etc');
    expect(unknown).toEqual({
      code: 2,
      out: '',
      err: `evenstock: there is no run ../../etc; the newest are ${runId}\nName one of these; \`evenstock report --list\` lists all.\n`,
    });
    const none = await runCli(makeFolder('no-runs'), 'report');
    expect(none.code).toBe(2);
    expect(none.err).toMatch(/there are no runs in .*\.evenstock yet\nRun `evenstock reconcile` first/);
    expect((await runCli(makeFolder('no-list'), 'report', '--list')).out).toContain('There are no runs yet');
  });

  it('lists runs, the newest first, refused and damaged ones too', async () => {
    const other = await makeFounding('list');
    await runCli(other, 'reconcile');
    const whole = readText(other, 'in/erp_stock.csv');
    writeFileSync(join(other, 'in/erp_stock.csv'), `${whole.split('\n')[0]}\n`);
    expect((await runCli(other, 'reconcile')).code).toBe(3);
    const { value } = await runJson<
      { run_id: string; state: string; discrepancies: number | null; gross_variance_value: string }[]
    >(other, 'report', '--list');
    expect(value).toMatchObject([
      { state: 'refused', discrepancies: null, gross_variance_value: '' },
      { state: 'complete', discrepancies: 8, gross_variance_value: '1215.15' },
    ]);
    const refused = await runCli(other, 'report');
    expect(refused.code).toBe(0);
    expect(refused.out).toContain('The run was refused');
    expect(refused.out).toContain('a header and no rows');
    expect((await runCli(other, 'report', '--format', 'csv')).code).toBe(2);
    expect((await runCli(other, 'report', value[1]?.run_id ?? '')).out).toContain('8 discrepancies');
    writeFileSync(join(other, '.evenstock/runs', value[0]?.run_id ?? '', 'run.json'), '{');
    const { out } = await runCli(other, 'report', '--list');
    expect(out).toMatch(/Run +When +State +Off +Gross\n\S+ +unreadable\n\S+ +.*complete +8 +\$1,215\.15\n/);
    expect((await runCli(other, 'report')).code, 'a damaged run').toBe(4);
  });
});
