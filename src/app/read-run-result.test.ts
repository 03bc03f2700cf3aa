import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument, SiteOrdersAtRisk } from '../contract/run.ts';
import { KeptResults } from './kept-results.ts';
import { readRunResult } from './read-run-result.ts';
import { type SimulatedRuns, simulatedRuns } from './results-fixture.ts';

const RUN = '20261123T060000Z-0001';
let world: SimulatedRuns;
let run: RunDocument;
beforeAll(async () => {
  world = await simulatedRuns(5);
  run = await world.run(RUN);
}, 120_000);
afterAll(() => world.remove());

/** The result of the run as if it had found these orders; undefined: as a run that was given no demand. */
async function resultWith(orders: readonly SiteOrdersAtRisk[] | undefined, sites: readonly string[] | null) {
  const path = join(world.dataDirectory, 'runs', RUN, 'run.json');
  const { orders_at_risk: _, ...document } = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...document, ...(orders !== undefined && { orders_at_risk: orders }) }));
  const results = new KeptResults(world.dataDirectory);
  try {
    return await readRunResult(results, RUN, sites);
  } finally {
    await results.close();
  }
}

describe('orders at risk', () => {
  const [one, other] = [0, 1].map((at) => ({ items: at + 1, quantity: '7', value: '21.00', unvalued: 0 }));

  it('are those of the sites that the asker sees', async () => {
    const [a = '', b = ''] = run.by_site.map(({ site }) => site);
    const orders = [
      { site: a, ...(one as Omit<SiteOrdersAtRisk, 'site'>) },
      { site: b, ...(other as Omit<SiteOrdersAtRisk, 'site'>) },
    ];
    expect((await resultWith(orders, null)).orders_at_risk).toEqual(orders);
    expect((await resultWith(orders, [b])).orders_at_risk).toEqual(orders.slice(1));
    expect((await resultWith(orders, ['ELSEWHERE'])).orders_at_risk).toEqual([]);
  });

  it('are not known where the run was given no demand', async () => {
    expect((await resultWith(undefined, null)).orders_at_risk).toBeNull();
  });
});
