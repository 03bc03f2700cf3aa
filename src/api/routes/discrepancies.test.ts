import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeptResults } from '../../app/kept-results.ts';
import { reportRun } from '../../app/report-run.ts';
import { type SimulatedRuns, simulatedRuns } from '../../app/results-fixture.ts';
import type { DiscrepancyLine, RunDocument } from '../../contract/run.ts';
import { type ApiUnderTest, describeApi } from '../api-fixture.ts';

let world: SimulatedRuns;
let run: RunDocument;
beforeAll(async () => {
  world = await simulatedRuns(7);
  run = await world.run('20261123T060000Z-0001');
  await world.run('20261123T070000Z-0002');
}, 120_000);
afterAll(() => world.remove());

async function keptLines(): Promise<readonly DiscrepancyLine[]> {
  const filters = { site: [], category: [], cause: [], minValue: undefined };
  const { report } = await reportRun({ dataDirectory: world.dataDirectory, runId: run.run_id, filters });
  return [...report.lines];
}

async function pagesOf(api: ApiUnderTest, question: string, as?: string): Promise<DiscrepancyLine[]> {
  const lines: DiscrepancyLine[] = [];
  let cursor = '';
  do {
    const url = `/runs/${run.run_id}/discrepancies?limit=17&${question}${cursor}`;
    const answer = await api.request('GET', url, as === undefined ? {} : { as });
    expect(answer.statusCode, answer.body).toBe(200);
    const { items, next_cursor } = answer.json();
    lines.push(...items);
    cursor = next_cursor === null ? '' : `&cursor=${next_cursor}`;
  } while (cursor !== '');
  return lines;
}

describeApi('results of runs', (open) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await open({
      configuration: world.configuration,
      context: { results: new KeptResults(world.dataDirectory) },
    });
  }, 120_000);

  test('pages together are the lines that the report has', async () => {
    const lines = await keptLines();
    expect(lines.length).toBeGreaterThan(30);
    expect(await pagesOf(api, '')).toEqual(lines);
    const [first] = run.by_cause;
    expect(await pagesOf(api, `cause=${first?.cause}&site=${lines[0]?.site}`)).toEqual(
      lines.filter(({ cause, site }) => cause === first?.cause && site === lines[0]?.site),
    );
    const totals = (await api.request('GET', `/runs/latest/discrepancies?limit=1`)).json().totals;
    expect(totals).toMatchObject({
      discrepancies: run.totals?.discrepancies,
      gross_variance_value: run.totals?.gross_variance_value,
    });
  });

  test('who sees one site gets its lines, sums and names only', async () => {
    const lines = await keptLines();
    const [site = '', other = ''] = run.by_site.map((group) => group.site);
    const key = await api.keyOf('viewer', [site]);
    expect(await pagesOf(api, '', key)).toEqual(lines.filter((line) => line.site === site));
    const refused = await api.request('GET', `/runs/latest/discrepancies?site=${other}`, { as: key });
    expect(refused.statusCode).toBe(400);
    expect(refused.json().detail).toBe(`site ${other}: there is none; there are ${site}`);
    const result = (await api.request('GET', `/runs/${run.run_id}/result`, { as: key })).json();
    expect(result).toMatchObject({ totals: null, by_category: [], measures: null });
    expect(result.by_site.map((group: { site: string }) => group.site)).toEqual([site]);
    expect(result.visible.discrepancies).toBe(lines.filter((line) => line.site === site).length);
    const groups = (await api.request('GET', `/runs/${run.run_id}/groups?by=site`, { as: key })).json().groups;
    expect(groups.map(({ group }: { group: string }) => group)).toEqual([site]);
    const csv = await api.request('GET', `/runs/${run.run_id}/discrepancies/export`, { as: key });
    expect(csv.body).not.toContain(`,${other},`);
  });

  test('a cursor of another question, order or run is refused, and so is none at all', async () => {
    const page = (await api.request('GET', `/runs/${run.run_id}/discrepancies?limit=5&sort=item`)).json();
    for (const url of [
      `/runs/${run.run_id}/discrepancies?limit=5&sort=value&cursor=${page.next_cursor}`,
      `/runs/${run.run_id}/discrepancies?limit=5&sort=item&direction=erp-overstated&cursor=${page.next_cursor}`,
      `/runs/20261123T070000Z-0002/discrepancies?limit=5&sort=item&cursor=${page.next_cursor}`,
      `/runs/${run.run_id}/discrepancies?cursor=garbage`,
    ]) {
      const answer = await api.request('GET', url);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().code).toBe('CURSOR_UNKNOWN');
    }
    expect((await api.request('GET', '/runs/..%2Fx/discrepancies')).statusCode).toBe(404);
    expect((await api.request('GET', '/runs/latest/discrepancies?limit=501')).statusCode).toBe(400);
    expect((await api.request('GET', '/runs/latest/discrepancies?min_value=much')).json().code).toBe('AMOUNT_EXPECTED');
  });

  test('an offset jumps, and excludes a cursor; lines are asked for by rank, and those of no finding as none', async () => {
    const lines = await keptLines();
    const url = `/runs/${run.run_id}/discrepancies`;
    const last = (await api.request('GET', `${url}?limit=5&offset=${lines.length - 3}`)).json();
    expect(last.items).toEqual(lines.slice(-3));
    expect(last.next_cursor).toBeNull();
    const middle = (await api.request('GET', `${url}?limit=5&offset=7`)).json();
    const next = (await api.request('GET', `${url}?limit=5&cursor=${middle.next_cursor}`)).json();
    expect([...middle.items, ...next.items]).toEqual(lines.slice(7, 17));
    expect((await api.request('GET', `${url}?offset=1000000`)).json().items).toEqual([]);
    for (const wrong of [`offset=1&cursor=${middle.next_cursor}`, 'offset=-1', 'offset=1.5', 'rank=0', 'age=old'])
      expect((await api.request('GET', `${url}?${wrong}`)).statusCode, wrong).toBe(400);
    expect(await pagesOf(api, 'rank=3,1')).toEqual([lines[0], lines[2]]);
    expect(await pagesOf(api, 'finding=none')).toEqual(lines.filter((line) => line.finding_id === ''));
    const { groups } = (await api.request('GET', `/runs/${run.run_id}/groups?by=age`)).json();
    for (const { group, discrepancies } of groups)
      expect((await pagesOf(api, `age=${group || 'none'}`)).length).toBe(discrepancies);
  });

  test('groups, comparison and exports add up to the run', async () => {
    const { groups } = (await api.request('GET', `/runs/${run.run_id}/groups?by=cause`)).json();
    const known = run.by_cause.map(({ cause, discrepancies }) => [cause, discrepancies]);
    expect(
      groups.map((group: { group: string; discrepancies: number }) => [group.group, group.discrepancies]).sort(),
    ).toEqual(known.sort());
    expect(groups.at(-1).running_share).toBe('1.000000');
    const comparison = (await api.request('GET', '/runs/latest/comparison')).json();
    expect(comparison).toMatchObject({ since: run.run_id, new: { discrepancies: 0 }, gone: { discrepancies: 0 } });
    expect(comparison.same.discrepancies).toBe(run.totals?.discrepancies);
    const json = await api.request('GET', `/runs/${run.run_id}/discrepancies/export?format=json`);
    expect(json.json().length).toBe(run.totals?.discrepancies);
    const xlsx = await api.request('GET', `/runs/${run.run_id}/discrepancies/export?format=xlsx`);
    expect(xlsx.rawPayload.subarray(0, 2).toString()).toBe('PK');
    const url = `/runs/${run.run_id}/discrepancies/export?columns=`;
    const [line] = await keptLines();
    const csv = await api.request('GET', `${url}net_variance_quantity,item,item&columns=rank`);
    expect(csv.body.split('\n').slice(0, 2)).toEqual([
      'net_variance_quantity,item,rank',
      `${line?.net_variance_quantity},${line?.item},1`,
    ]);
    const [object] = (await api.request('GET', `${url}site,rank&format=json`)).json();
    expect(Object.entries(object)).toEqual([
      ['site', line?.site],
      ['rank', '1'],
    ]);
    const sheet = await api.request('GET', `${url}rank,site&format=xlsx`);
    expect(sheet.rawPayload.length).toBeLessThan(xlsx.rawPayload.length);
    expect((await api.request('GET', `${url}password`)).statusCode).toBe(400);
  });

  test('one item, its history and the measures', async () => {
    const [line] = await keptLines();
    const view = await api.request('GET', `/items/${line?.item}?run=${run.run_id}&site=${line?.site}`);
    expect(view.statusCode, view.body).toBe(200);
    expect(view.json().places[0].site).toBe(line?.site);
    const history = (await api.request('GET', `/items/${line?.item}/history`)).json();
    expect(history.runs.length).toBe(2);
    expect(history.runs[0].lines).toContainEqual(
      expect.objectContaining({ site: line?.site, net_variance_quantity: line?.net_variance_quantity }),
    );
    const measures = (await api.request('GET', '/measures?by=run')).json();
    expect(measures.rows.at(-1).discrepancies).toBe(run.totals?.discrepancies);
    const key = await api.keyOf('viewer', ['NOWHERE']);
    expect((await api.request('GET', `/items/${line?.item}`, { as: key })).statusCode).toBe(404);
    expect((await api.request('GET', '/items/no-such-item')).statusCode).toBe(404);
    expect((await api.request('GET', '/measures?site=ELSEWHERE', { as: key })).statusCode).toBe(404);
  });

  test('sources say what the newest run read of them, and schedules are kept with their versions', async () => {
    const { items } = (await api.request('GET', '/sources')).json();
    expect(items.length).toBeGreaterThan(4);
    const balances = items.filter(({ part }: { part: string }) => part === 'balances');
    for (const source of balances) expect(source.last_used).toMatchObject({ run_id: '20261123T070000Z-0002' });
    expect(balances[0].age_seconds).toBeTypeOf('number');
    const schedule = { name: 'nightly', document: { time_zone: 'America/Chicago', times: [{ daily: ['02:30'] }] } };
    const made = await api.request('POST', '/schedules', { body: schedule });
    expect(made.statusCode, made.body).toBe(201);
    const address = made.headers['location']?.toString().replace('/api/v1', '') ?? '';
    const headers = { 'if-match': String(made.headers['etag']) };
    const changed = { ...schedule, is_enabled: false };
    expect((await api.request('PUT', address, { body: changed, headers })).json()).toMatchObject({ version: 2 });
    expect((await api.request('PUT', address, { body: changed, headers })).statusCode).toBe(412);
    expect((await api.request('POST', '/schedules', { body: schedule })).statusCode).toBe(409);
    expect((await api.request('GET', `${address}/slots`)).json()).toEqual({ items: [] });
    expect((await api.request('GET', '/schedules')).json().items.length).toBe(1);
    const last = { 'if-match': '"2"' };
    expect((await api.request('DELETE', address, { headers: last, as: 'analyst' })).statusCode).toBe(403);
    expect((await api.request('DELETE', address, { headers: last })).statusCode).toBe(204);
    expect((await api.request('GET', address)).statusCode).toBe(404);
  });
});
