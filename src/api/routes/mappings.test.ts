import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mappingOf } from '../../app/effective-configuration.ts';
import { KeptResults } from '../../app/kept-results.ts';
import { reportRun } from '../../app/report-run.ts';
import { type SimulatedRuns, simulatedRuns } from '../../app/results-fixture.ts';
import { loadConfiguration } from '../../config/load-configuration.ts';
import type { RunDocument } from '../../contract/run.ts';
import { openDuckDb } from '../../duckdb/open-duckdb.ts';
import type { MappingDocument } from '../../store/work/mapping-versions.ts';
import { describeApi } from '../api-fixture.ts';

let world: SimulatedRuns;
let file: MappingDocument;
let run: RunDocument;
beforeAll(async () => {
  world = await simulatedRuns(11);
  file = mappingOf((await loadConfiguration(world.configuration, {})).configuration);
  run = await world.run('20261123T060000Z-0001');
}, 120_000);
afterAll(() => world.remove());

type Sides = Record<string, Record<string, readonly unknown[]>>;

/** The file's mapping with one status of the warehouse taken out of its category and put into another, or none. */
function moved(from: number, to: number | undefined): { document: MappingDocument; status: string } {
  const categories = structuredClone(file.categories) as unknown as Sides;
  const names = Object.keys(categories);
  const given = categories[names[from] as string] as Record<string, unknown[]>;
  const [side = ''] = Object.keys(given).filter((name) => name !== 'erp');
  const statuses = given[side] as unknown[];
  const status = statuses.pop() as string;
  const target = to === undefined ? undefined : (categories[names[to] as string] as Record<string, unknown[]>);
  if (target !== undefined) target[side] = [...(target[side] ?? []), status];
  return { document: { categories, ignore: file.ignore } as unknown as MappingDocument, status: String(status) };
}

/** From what a run lists: discrepancies, and keys that are out only by what is in flight. */
async function outOfStep(runId: string) {
  const filters = { site: [], category: [], cause: [], minValue: undefined };
  const outputs = await reportRun({ dataDirectory: world.dataDirectory, runId, filters });
  const lines = [...outputs.lines(), ...outputs.timing()].filter(({ variance_quantity }) => variance_quantity !== '0');
  const thousandths = lines.reduce((sum, line) => sum + Math.abs(Math.round(Number(line.variance_quantity) * 1000)), 0);
  const cents = lines.reduce(
    (sum, line) => sum + Math.round(Math.abs(Number(line.variance_quantity) * Number(line.unit_cost)) * 100 + 1e-6),
    0,
  );
  return {
    keys: lines.length,
    gross_variance_quantity: String(thousandths / 1000),
    gross_variance_value: (cents / 100).toFixed(2),
    unvalued: lines.filter(({ unit_cost }) => unit_cost === '').length,
  };
}

describeApi('the mapping', (open) => {
  const openApi = () =>
    open({ configuration: world.configuration, context: { results: new KeptResults(world.dataDirectory) } });

  test('a preview is what a run with that mapping finds', async () => {
    const { request, log } = await openApi();
    for (const [index, [from, to]] of (
      [
        [0, 1],
        [1, undefined],
      ] as const
    ).entries()) {
      const { document } = moved(from, to);
      const answer = await request('POST', '/mappings/preview', { body: { ...document, run: run.run_id } });
      expect(answer.statusCode, log.join()).toBe(200);
      const preview = answer.json();
      expect(preview.before).toEqual(await outOfStep(run.run_id));
      expect(preview.statuses.length).toBeGreaterThan(0);
      expect(preview.undecided).toEqual([]);
      const made = await world.run(`20261123T0${index}0000Z-000${Math.round(Math.random() * 1e9)}`, document);
      expect(preview.after).toEqual(await outOfStep(made.run_id));
      expect(preview.appear + preview.vanish + preview.change).toBeGreaterThan(0);
    }
    const same = (await request('POST', '/mappings/preview', { body: { ...file, run: run.run_id } })).json();
    expect(same).toMatchObject({ appear: 0, vanish: 0, change: 0, after: same.before });
  }, 120_000);

  test('the matrix counts what both systems hold', async () => {
    const { request } = await openApi();
    const matrix = (await request('GET', `/mappings/matrix?run=${run.run_id}`)).json();
    const wms = matrix.cells.filter(
      ({ system, category }: { system: string; category: string }) =>
        matrix.systems[system] === 'wms' && category !== '',
    );
    const sum = wms.reduce((total: number, { quantity }: { quantity: string }) => total + Number(quantity), 0);
    expect(sum).toBeCloseTo(Number(run.totals?.wms_quantity), 3);
    expect(matrix.costs).toEqual({ file: 'items.csv', state: 'as-read', message: 'as the run read it' });
  }, 60_000);

  test('the matrix prices each item at its cost, and says what has none', async () => {
    const { request } = await openApi();
    const told = async () => (await request('GET', `/mappings/matrix?run=${run.run_id}`)).json();
    const { cells, costs: _ } = await told();
    const database = await openDuckDb({ temporaryDirectory: world.folder });
    const priced =
      await database.rows(`SELECT system, status, category, CAST(sum(value) AS VARCHAR), CAST(count(*) FILTER (cost IS NULL AND quantity <> 0) AS VARCHAR)
      FROM (SELECT b.system, b.status, b.category, any_value(i.unit_cost) AS cost, sum(b.quantity) AS quantity,
          round(sum(b.quantity) * any_value(i.unit_cost)::DECIMAL(18,4), 2) AS value
        FROM read_parquet('${join(world.dataDirectory, 'runs', run.run_id, 'balances.parquet')}') AS b
        LEFT JOIN read_csv('${join(world.folder, 'items.csv')}', all_varchar = true) AS i ON i.item = b.item
        GROUP BY b.system, b.status, b.category, b.item) GROUP BY ALL ORDER BY ALL`);
    database.close();
    const named = ({ system, status, category }: Record<string, string>) => `${system} ${status} ${category}`;
    const shown = cells.map((cell: Record<string, string>) => [
      named(cell),
      Number(cell['value']),
      String(cell['unvalued_items']),
    ]);
    expect(shown).toEqual(
      priced.map(([system, status, category, value, unvalued]) => [
        `${system} ${status} ${category}`,
        Number(value ?? 0),
        unvalued,
      ]),
    );
    // Without the file only what the run found of items that are off is known, and that is said.
    const path = join(world.folder, 'items.csv');
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    try {
      const left = await told();
      expect(left.costs).toMatchObject({ file: 'items.csv', state: 'gone' });
      const unvalued = left.cells.reduce(
        (sum: number, cell: { unvalued_items: number }) => sum + cell.unvalued_items,
        0,
      );
      expect(unvalued).toBeGreaterThan(0);
      for (const cell of left.cells)
        if (cell.unvalued_items === cell.items && cell.items > 0) expect(cell.value).toBe('');
    } finally {
      writeFileSync(path, text);
    }
  }, 60_000);

  test('versions have an author and a reason; one that somebody has not seen is not overwritten', async () => {
    const { request } = await openApi();
    const first = await request('GET', '/mappings/current');
    expect(first.json()).toMatchObject({ version: 1, origin: 'file', author: 'system' });
    expect(first.headers['etag']).toBe('"1"');
    const { document } = moved(0, 1);
    const change = { ...document, reason: 'Quality stock counts as blocked' };
    const edit = (ifMatch: string) =>
      request('PUT', '/mappings/current', { body: change, headers: { 'if-match': ifMatch }, as: 'approver' });
    const answers = await Promise.all([edit('"1"'), edit('"1"'), edit('"1"')]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412, 412]);
    expect((await request('GET', '/mappings/current')).json()).toMatchObject({ version: 2, origin: 'edit' });
    const back = { version: 1, reason: 'It was right before' };
    const headers = { 'if-match': '"2"' };
    expect((await request('POST', '/mappings/roll-back', { body: back, headers, as: 'analyst' })).statusCode).toBe(403);
    const rolled = await request('POST', '/mappings/roll-back', { body: back, headers, as: 'approver' });
    expect(rolled.json()).toMatchObject({ version: 3, origin: 'roll-back', reason: back.reason });
    const { items } = (await request('GET', '/mappings/versions?limit=2')).json();
    expect(items.map(({ version }: { version: number }) => version)).toEqual([3, 2]);
    const wrong = { ...document, categories: { available: { nowhere: ['X'] } }, reason: 'a side that is none' };
    const refused = await request('PUT', '/mappings/current', { body: wrong, headers: { 'if-match': '"3"' } });
    expect(refused.json()).toMatchObject({ status: 422, code: 'MAPPING_INVALID' });
    const trail = (await request('GET', '/audit?entity=mapping')).json();
    expect(trail.items.map(({ action }: { action: string }) => action)).toEqual([
      'mapping.roll-back',
      'mapping.edit',
      'mapping.file',
    ]);
    expect((await request('GET', '/audit/verify')).json()).toMatchObject({ is_whole: true });
    const lines = (await request('GET', '/audit/export')).body.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '').action).toBe('mapping.roll-back');
    const page = (await request('GET', '/audit?entity=mapping&limit=2')).json();
    expect((await request('GET', `/audit?entity=mapping&limit=2&cursor=${page.next_cursor}`)).json().items.length).toBe(
      1,
    );
  }, 60_000);
});
