import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, type RereadWorld, reread, sumBy, thousandths, variances } from './reread-world-fixture.ts';
import type { WarehouseOptions } from './world-options.ts';
import { writeWarehouseWorld } from './write-warehouse-world.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function write(options: WarehouseOptions): { directory: string; world: RereadWorld } {
  const directory = mkdtempSync(join(tmpdir(), 'warehouse-'));
  folders.push(directory);
  writeWarehouseWorld(directory, options);
  return { directory, world: reread(directory) };
}

/** Every file of a folder as text. */
function textsIn(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true }) as string[];
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

const smallWorlds: fc.Arbitrary<WarehouseOptions> = fc.record({
  seed: fc.nat(1_000_000),
  items: fc.integer({ min: 20, max: 160 }),
  sites: fc.integer({ min: 1, max: 3 }),
  days: fc.integer({ min: 2, max: 7 }),
  faults: fc.constantFrom('none', 'ordinary', 'heavy', 'systemic', 'unseen', 'all'),
  activity: fc.constantFrom(0.5, 1, 3),
  clockSkewMinutes: fc.constantFrom(0, 0, 7, -12),
  cutOffSkewMinutes: fc.constantFrom(undefined, 0, 25, -40).map((minutes) => minutes as number),
  cutOffTime: fc.constantFrom('', '14:00', '23:59:59'),
  hourlySummary: fc.boolean(),
  references: fc.constantFrom(1, 1, 0.5, 0),
  messages: fc.boolean(),
  snapshot: fc.constantFrom('none', 'none', 'none', 'stale', 'time-zone', 'scope'),
});

/** Thousandths that a ledger does not tell of, by key: what faults of one cause made. */
function made(world: RereadWorld, cause: string): Map<string, number> {
  return sumBy(
    world.contributions().filter((row) => row.cause === cause),
    ({ key }) => key,
    ({ amount }) => amount,
  );
}

/** Causes that no row of a ledger tells of. */
const UNLEDGERED = new Set([
  ...[
    'in-flight',
    'wms-ledger-break',
    'erp-ledger-break',
    'opening-difference',
    'item-alias-missing',
    'status-unmapped',
  ],
]);
const PLAIN_ROWS = { messageId: true, eventAt: true, batch: true, line: true, types: 'plain', cases: false } as const;

/** First day of the run of days, up to the last one, at whose end a key differs. */
function firstDayOfRun(byDay: ReadonlyMap<string, ReadonlyMap<string, number>>, key: string): string | undefined {
  let first: string | undefined;
  for (const [day, variance] of byDay) first = (variance.get(key) ?? 0) === 0 ? undefined : (first ?? day);
  return first;
}

describe('any world', () => {
  it('has a truth that adds up to the variance of every key in the files', () => {
    fc.assert(
      fc.property(smallWorlds, (options) => {
        const { world } = write(options);
        const erp = world.balances('erp', 'balances');
        const wms = world.balances('wms', 'balances');
        const found = variances(erp, wms);
        expect(
          sumBy(
            world.contributions(),
            ({ key }) => key,
            ({ amount }) => amount,
          ),
        ).toEqual(found);
        const keys = world.rows('truth/keys');
        expect(sumBy(keys, keyOf, (row) => thousandths(row['variance_quantity']!))).toEqual(found);
        for (const row of keys) {
          expect(thousandths(row['erp_quantity']!), keyOf(row)).toBe(erp.get(keyOf(row)) ?? 0);
          expect(thousandths(row['wms_quantity']!), keyOf(row)).toBe(wms.get(keyOf(row)) ?? 0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('has ledgers that lead from the openings to the balances, but where one was edited', () => {
    fc.assert(
      fc.property(smallWorlds, (options) => {
        const { world } = write({ ...options, snapshot: 'none' });
        const erp = variances(world.replayed('erp'), world.balances('erp', 'balances'));
        const wms = variances(world.replayed('wms'), world.balances('wms', 'balances'));
        expect(negated(erp)).toEqual(made(world, 'erp-ledger-break'));
        expect(wms).toEqual(made(world, 'wms-ledger-break'));
      }),
      { numRuns: 40 },
    );
  });

  it('has openings that agree, but for goods on their way and what never agreed', () => {
    fc.assert(
      fc.property(smallWorlds, (options) => {
        const { world } = write({ ...options, snapshot: 'none', faults: 'opening-difference:0.1' });
        const found = variances(world.balances('erp', 'opening'), world.balances('wms', 'opening'));
        for (const [key, amount] of made(world, 'opening-difference'))
          if (!isOpenAtStart(world, key)) expect(found.get(key), key).toBe(amount);
      }),
      { numRuns: 20 },
    );
  });

  it('knows since which day a key is out of sync, as the ledgers show it day by day', () => {
    const { world } = write({ seed: 4, items: 700, faults: 'heavy', cutOffTime: '23:59:59', cutOffSkewMinutes: 0 });
    const byDay = world.variancesByDay();
    const hidden = new Set(world.contributions().flatMap(({ key, cause }) => (UNLEDGERED.has(cause) ? [key] : [])));
    const keys = world.rows('truth/keys').filter((row) => !hidden.has(keyOf(row)));
    const others = keys.filter((row) => firstDayOfRun(byDay, keyOf(row)) !== row['onset_day']);
    expect(keys.length).toBeGreaterThan(60);
    // What was on its way at a midnight makes a run begin a day early.
    expect(others.length / keys.length).toBeLessThan(0.012);
  });

  it('has ledgers of the last days only where no more is kept', () => {
    const { world } = write({ seed: 5, items: 200, days: 8, retentionDays: 3 });
    for (const [name, column] of [
      ['erp_movements', 'posted_at'],
      ['wms_movements', 'posted_at'],
      ['messages', 'sent_at'],
    ] as const) {
      const times = world.rows(name).map((row) => Date.parse(row[column]!));
      expect(times.length).toBeGreaterThan(100);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(3 * 86_400_000);
    }
    expect(world.has('erp_opening')).toBe(true);
  });

  it('leaves out what it is asked to leave out', () => {
    const { world } = write({ seed: 6, items: 60, days: 3, messages: false, openings: false, references: 0 });
    expect([world.has('messages'), world.has('erp_opening'), world.has('wms_opening')]).toEqual([false, false, false]);
    const [row] = world.rows('erp_movements');
    for (const column of ['reference', 'message_id', 'batch', 'line', 'event_at'])
      expect(row).not.toHaveProperty(column);
    expect(world.rows('wms_movements')[0]).not.toHaveProperty('message_id');
    expect(world.configuration).not.toHaveProperty('messages');
    expect(world.configuration).not.toHaveProperty('opening');
  });

  it('posts one document an hour where the ERP sums up', () => {
    const { world } = write({
      seed: 7,
      items: 400,
      days: 3,
      faults: 'none',
      hourlySummary: true,
      habits: { erpRows: PLAIN_ROWS },
    });
    const shipments = world.rows('erp_movements').filter(({ type }) => type === 'shipment');
    const hours = new Set(
      world
        .rows('wms_movements')
        .filter(({ type }) => type === 'shipment')
        .map(({ site, posted_at }) => `${site} ${posted_at!.slice(0, 13)}`),
    );
    expect(new Set(shipments.map(({ reference }) => reference)).size).toBeLessThanOrEqual(hours.size);
  });

  it('is the same, byte for byte, when it is written again', () => {
    const options: WarehouseOptions = { seed: 4, items: 150, days: 4, faults: 'all' };
    expect(textsIn(write(options).directory)).toEqual(textsIn(write(options).directory));
  });

  it('is another one with another seed', () => {
    const texts = [1, 2, 3].map((seed) => textsIn(write({ seed, items: 60, days: 3 }).directory)['erp_movements.csv']);
    expect(new Set(texts).size).toBe(3);
  });
});

function negated(amounts: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...amounts].map(([key, amount]) => [key, -amount]));
}

/** Whether either ledger has a row of the key's item within half a day of the opening. */
function isOpenAtStart(world: RereadWorld, key: string): boolean {
  const opening = Date.parse(world.configuration.opening![0]!.as_of);
  const [, item] = key.split(',');
  return (['erp', 'wms'] as const).some((role) =>
    world
      .rows(`${role}_movements`)
      .some(
        (row) =>
          Math.abs(Date.parse(row['posted_at']!) - opening) < 16 * 3_600_000 && row['item']!.endsWith(item!.slice(-6)),
      ),
  );
}

describe('an ordinary world', () => {
  let counts: Record<string, number>[];
  beforeAll(() => {
    counts = [1, 2, 3].map((seed) => {
      const { directory } = write({ seed, items: 1500 });
      return (JSON.parse(readFileSync(join(directory, 'truth/world.json'), 'utf8')) as { counts: (typeof counts)[0] })
        .counts;
    });
  });

  it('has few keys with a fault, and some of those with several', () => {
    for (const { keys, faulty_keys } of counts) {
      expect(faulty_keys! / keys!).toBeGreaterThan(0.01);
      expect(faulty_keys! / keys!).toBeLessThan(0.03);
    }
    const several = counts.reduce((sum, each) => sum + each['keys_of_several_causes']!, 0);
    const faulty = counts.reduce((sum, each) => sum + each['faulty_keys']!, 0);
    expect(several / faulty).toBeGreaterThan(0.13);
    expect(several / faulty).toBeLessThan(0.27);
  });

  it('moves some twenty times per item and site in two weeks', () => {
    for (const { wms_movements } of counts) expect(wms_movements).toBeGreaterThan(20_000);
  });
});
