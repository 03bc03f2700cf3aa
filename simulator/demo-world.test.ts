import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoWorld, writeDemoWorld } from './demo-world.ts';
import { keyOf, type RereadWorld, reread, sumBy, variances } from './warehouse/reread-world-fixture.ts';

let directory: string;
let demo: DemoWorld;
let world: RereadWorld;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'demo-world-'));
  demo = writeDemoWorld(directory);
  world = reread(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('the demonstration company', () => {
  it('has a dozen faults of a dozen causes, and one outage of many documents', () => {
    expect(demo.faults).toHaveLength(13);
    expect(new Set(demo.faults.map(({ cause }) => cause)).size).toBe(13);
    const [outage, ...others] = world.rows('truth/systemic');
    expect(others).toEqual([]);
    expect(outage).toMatchObject({ cause: 'message-lost', factor: 'interface=945' });
    expect(Number(outage?.['documents'])).toBeGreaterThanOrEqual(12);
  });

  it('tells each fault in words, with an item that shows it', () => {
    const told = world.rows('faults');
    expect(told.map(({ story }) => story)).toEqual(demo.faults.map(({ story }) => story));
    const places = new Set(world.rows('truth/keys').map(({ site, item }) => `${site},${item}`));
    for (const { site, item, description, story } of [...demo.faults, ...demo.inFlight]) {
      expect(places).toContain(`${site},${item}`);
      expect(description, item).not.toBe('');
      expect(story).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('leaves a few movements in flight between the cut-offs', () => {
    const inFlight = sumBy(
      world.contributions().filter(({ cause }) => cause === 'in-flight'),
      ({ key }) => key,
      ({ amount }) => amount,
    );
    const only = world.rows('truth/keys').filter((row) => row['main_cause'] === 'in-flight');
    expect(only.length).toBe(demo.inFlight.length);
    expect(demo.inFlight.length).toBeGreaterThanOrEqual(2);
    for (const row of only) expect(inFlight.has(keyOf(row))).toBe(true);
  });

  it('can be explained to the unit from its own files', () => {
    const found = variances(world.balances('erp', 'balances'), world.balances('wms', 'balances'));
    const explained = sumBy(
      world.contributions(),
      ({ key }) => key,
      ({ amount }) => amount,
    );
    expect(explained).toEqual(found);
    for (const side of ['erp', 'wms'] as const)
      expect(variances(world.replayed(side), world.balances(side, 'balances'))).toEqual(new Map());
    const inLog = new Set(world.rows('messages').map(({ reference }) => reference));
    const lost = world.rows('truth/faults').filter(({ systemic_id: id }) => id === 'S1');
    for (const { documents } of lost) expect(inLog).toContain(documents);
  });

  it('is small', () => {
    const bytes = ['erp_movements', 'wms_movements', 'messages'].map(
      (name) => readFileSync(join(directory, `${name}.csv`)).length,
    );
    expect(Math.max(...bytes)).toBeLessThan(600_000);
  });
});
