import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../config/load-configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { refusedReport } from '../report/sample-report-fixture.ts';
import { type ExplainOptions, explainItem, readItemAliases } from './explain-item.ts';
import { buildItemView } from './item-view.ts';
import { readItemViews } from './item-views.ts';
import { keptItem, SAMPLE_RUN, sampleBalances } from './kept-item-fixture.ts';
import { explainedRun, keepRun } from './kept-run-fixture.ts';
import { clock, hose, kettle, toaster } from './sample-items-fixture.ts';

const ITEMS = [
  kettle(),
  toaster(),
  clock(),
  hose(),
  ...['KET-1', 'KET-2'].map((item) => keptItem({ item, balances: sampleBalances('wms | AVAILABLE | 1') })),
];
let folder: string;

/** A data directory with two complete runs, and behind them one of an earlier version and a refused one. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'explain [1] '));
  await keepRun(folder, explainedRun('20261121', ITEMS), ITEMS);
  await keepRun(folder, explainedRun('20261122', ITEMS, { name: 'newer' }), ITEMS);
  const { explanation: _, ...old } = explainedRun('20261120', ITEMS);
  await keepRun(folder, old, ITEMS);
  await keepRun(folder, { ...refusedReport().run, run_id: '20261123' }, []);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explain = (item: string, more: Partial<ExplainOptions> = {}) =>
  explainItem({
    dataDirectory: folder,
    runId: undefined,
    item,
    site: undefined,
    lot: undefined,
    aliases: async () => [{ system: 'wms1', alias: 'W-55', item: '00207' }],
    ...more,
  });
const failureOf = async (item: string, more: Partial<ExplainOptions> = {}): Promise<string> => {
  const error = await explain(item, more).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  const { kind, code, message, action } = error as Failure;
  return `${kind} ${code}: ${message.replace(folder, 'DATA')}. ${action}`;
};

describe('finds', () => {
  it('the newest complete run, and the item by its code', async () => {
    const { view, how } = await explain('00123');
    expect([view.run_id, view.run_name, view.item, how]).toEqual(['20261122', 'newer', '00123', '']);
  });

  it('the run that is named', async () => {
    expect((await explain('00123', { runId: '20261121' })).view.run_id).toBe('20261121');
  });

  it('the item by another system’s code, and asks for these only then', async () => {
    expect(await explain('W-55')).toMatchObject({ view: { item: '00207' }, how: 'its code in wms1' });
    const aliases = () => Promise.reject(new Error('not to be asked'));
    expect((await explain('00123', { aliases })).view.item).toBe('00123');
  });

  it('an item in sync', async () => {
    expect((await explain('402')).view.places[0]?.keys[0]?.state).toBe('in-sync');
  });

  it('all that was kept, as if it were explained just now', async () => {
    const { view } = await explain('00207');
    const [place] = view.places;
    const [expected] = buildItemView(toaster(), { run: SAMPLE_RUN }).places;
    expect(place?.keys).toEqual(expected?.keys);
    expect(place?.timeline.rows).toEqual(expected?.timeline.rows);
    expect([view.description, view.uom, view.unit_cost]).toEqual(['Toaster, 2 slots', 'EA', '24.99']);
  });
});

describe('says what is missing and what to do', () => {
  it.each<[string, string, Partial<ExplainOptions>, string]>([
    [
      'no run at all',
      '00123',
      { dataDirectory: '/nowhere' },
      'usage NO_RUNS: there are no runs in /nowhere yet. Run `evenstock reconcile` first, or name the data directory with --data.',
    ],
    [
      'another run',
      '00123',
      { runId: 'x' },
      'usage RUN_UNKNOWN: there is no run x; the newest are 20261123, 20261122, 20261121, 20261120. Name one of these; `evenstock report --list` lists all.',
    ],
    [
      'a refused run',
      '00123',
      { runId: '20261123' },
      'usage RUN_WAS_REFUSED: run 20261123 was refused: it compared nothing. `evenstock report 20261123` says why.',
    ],
    [
      'a mistyped item',
      '00132',
      {},
      'usage ITEM_UNKNOWN: item 00132: neither system holds it in run 20261122; the nearest are 00123. Name one of these, or check the code.',
    ],
    [
      'an item far from any',
      'QQQQ-9',
      {},
      'usage ITEM_UNKNOWN: item QQQQ-9: neither system holds it in run 20261122. Check the code; it may have leading zeros.',
    ],
    [
      'a part of several',
      'ket',
      {},
      'usage ITEM_AMBIGUOUS: item ket: several fit, such as KET-1, KET-2. Name one of them.',
    ],
    [
      'another site',
      '00123',
      { site: 'DC9' },
      'usage PLACE_UNKNOWN: --site DC9: item 00123 is in no such site; it has DC1, DC2. Correct the option.',
    ],
    [
      'a lot where the grain has none',
      '00123',
      { site: 'DC1', lot: 'L1' },
      'usage PLACE_UNKNOWN: --lot L1: item 00123 is in no such lot; the run tells no lots apart. Correct the option.',
    ],
    [
      'a run of an earlier version',
      '00123',
      { runId: '20261120' },
      'usage RUN_NOT_EXPLAINED: run 20261120 explained nothing: it was refused, or an earlier version made it. Run `evenstock reconcile` again, or name another run.',
    ],
  ])('%s', async (_, item, more, expected) => {
    expect(await failureOf(item, more)).toBe(expected);
  });

  it('only refused runs', async () => {
    const other = mkdtempSync(join(tmpdir(), 'explain-refused-'));
    mkdirSync(join(other, 'runs', 'r'), { recursive: true });
    writeFileSync(join(other, 'runs', 'r', 'run.json'), JSON.stringify(refusedReport().run));
    const text = await failureOf('00123', { dataDirectory: other });
    rmSync(other, { recursive: true });
    expect(text).toContain('is complete. `evenstock report` says why the newest one was refused.');
  });
});

describe('readItemViews', () => {
  it('the items of the lines, in their order, each once', async () => {
    const run = explainedRun('20261121', ITEMS);
    const lines = [toaster(), kettle(), toaster()].flatMap(({ keys }) => keys.map(({ line }) => line));
    const views = await readItemViews(join(folder, 'runs', '20261121'), run, lines);
    expect(views?.map(({ item, description }) => `${item} ${description}`)).toEqual([
      '00207 Toaster, 2 slots',
      '00123 Kettle 1.7 l',
    ]);
  });

  it('none where the run explained nothing', async () => {
    expect(await readItemViews(folder, refusedReport().run, [])).toBeUndefined();
  });
});

it('aliases come from the configuration’s file', async () => {
  const path = join(folder, 'evenstock.yaml');
  writeFileSync(join(folder, 'aliases.csv'), 'system,alias,item\nwms1,W-55,00207\nsap,MAT-7,00123\n');
  writeFileSync(join(folder, 'stock.csv'), 'site,item,status,quantity\nDC1,1,A,1\n');
  writeFileSync(
    path,
    `version: 1
name: Acme
currency: USD
systems: { sap: { role: erp }, wms1: { role: wms, sites: [DC1] } }
balances:
  - { system: sap, format: csv, path: stock.csv, as_of: 2026-11-22T23:59:59-06:00 }
  - { system: wms1, format: csv, path: stock.csv, as_of: 2026-11-22T23:59:59-06:00 }
aliases: { format: csv, path: aliases.csv }
categories: { available: { erp: [A], wms: [A] } }
`,
  );
  expect(await readItemAliases(await loadConfiguration(path, {}))).toEqual([
    { system: 'wms1', alias: 'W-55', item: '00207' },
    { system: 'sap', alias: 'MAT-7', item: '00123' },
  ]);
});
