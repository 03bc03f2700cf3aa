import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flowMeasures } from '../core/measure/flow-measures.ts';
import { keyName, type ListedKey, type RunScope } from '../core/measure/key-history.ts';
import { cutOffText, KeyHistoryWorld, type Sighting, sightingsOf, type WorldRun } from './key-history-world-fixture.ts';

let world: KeyHistoryWorld;
beforeEach(() => {
  world = new KeyHistoryWorld();
});
afterEach(() => world.remove());

const SCOPE: RunScope = {
  sites: new Set(['DC1', 'DC2']),
  categories: new Set(['available']),
  items: new Set(),
  isPartial: false,
};

function listed(site: string, item: string, variance = '1', cause = 'unexplained'): ListedKey {
  return { site, item, owner: '', lot: '', category: 'available', net_variance_quantity: variance, cause };
}

const run = (day: number, items: string, change: Partial<WorldRun> = {}): WorldRun => ({
  day,
  isRefused: false,
  grain: ['site', 'item', 'category'],
  scope: SCOPE,
  lists: items
    .split(' ')
    .filter((item) => item !== '')
    .map((item) => listed('DC1', item)),
  handsOn: true,
  ...change,
});

describe('which run is compared with', () => {
  it('the one of the cut-off before, whenever it was made', async () => {
    await world.run(run(10, 'A'));
    const backfill = await world.run(run(5, 'A B'));
    expect([backfill.comparedWith, backfill.isLatest]).toEqual(['', false]);
    const between = await world.run(run(7, 'A B'));
    expect([between.comparedWith, between.isLatest]).toEqual(['run-002', false]);
    const next = await world.run(run(11, 'A B'));
    expect([next.comparedWith, next.isLatest]).toEqual(['run-001', true]);
    expect(next.history.seen(listed('DC1', 'A')).first_seen).toBe(cutOffText(10));
    expect(next.history.seen(listed('DC1', 'B')).first_seen).toBe(cutOffText(11));
  });

  it('never one of the same cut-off: a run that is made again says the same', async () => {
    await world.run(run(1, 'A'));
    const first = await world.run(run(2, 'A B'));
    const again = await world.run(run(2, 'A B'));
    expect([first.comparedWith, again.comparedWith, again.isLatest]).toEqual(['run-001', 'run-001', true]);
    expect(again.handedOn).toEqual(first.handedOn);
  });

  it('neither a refused one, nor one of another grain, nor one that cannot be read', async () => {
    await world.run(run(1, 'A'));
    await world.run(run(2, '', { isRefused: true }));
    await world.run(run(3, '', { grain: ['site', 'item', 'lot', 'category'] }));
    const damaged = await world.run(run(4, ''));
    writeFileSync(join(world.store.folderOf(damaged.runId), 'run.json'), '{"schema":');
    const last = await world.run(run(5, 'A'));
    expect(last.comparedWith).toBe('run-001');
    expect(last.history.seen(listed('DC1', 'A'))).toEqual({ first_seen: cutOffText(1), days_out_of_sync: '4' });
  });

  it('one file is read, however many runs there are', async () => {
    for (let day = 1; day <= 20; day++) await world.run(run(day, 'A'));
    const read: string[] = [];
    const { read: readRun } = world.store;
    world.store.read = (id) => {
      read.push(id);
      return readRun.call(world.store, id);
    };
    const last = await world.run(run(21, 'A'));
    expect(read).toEqual(['run-020']);
    expect(world.rebuilt).toEqual([]);
    expect(last.history.seen(listed('DC1', 'A')).days_out_of_sync).toBe('20');
  });
});

describe('runs that handed nothing on', () => {
  const historyFile = (runId: string) => join(world.store.folderOf(runId), 'key-history.jsonl.gz');

  it('are read from their tables, up to the first that did', async () => {
    await world.run(run(1, 'A'));
    for (const day of [2, 3, 4]) await world.run(run(day, 'A', { handsOn: false }));
    world.rebuilt.length = 0;
    const last = await world.run(run(5, 'A'));
    expect(world.rebuilt.sort()).toEqual(['run-002', 'run-003', 'run-004']);
    expect(last.history.seen(listed('DC1', 'A')).first_seen).toBe(cutOffText(1));
  });

  it.each(['', 'no gzip', undefined])('a file that holds %j is one of them', async (content) => {
    await world.run(run(1, 'A'));
    const { runId } = await world.run(run(2, 'A'));
    if (content === undefined) rmSync(historyFile(runId));
    else writeFileSync(historyFile(runId), content);
    const last = await world.run(run(3, 'A'));
    expect(world.rebuilt).toEqual([runId]);
    expect(last.history.seen(listed('DC1', 'A')).first_seen).toBe(cutOffText(1));
  });

  it('a run whose table cannot be read either is as if it had not been made', async () => {
    await world.run(run(1, 'A'));
    const { runId } = await world.run(run(2, ''));
    rmSync(historyFile(runId));
    world.damaged.add(runId);
    const last = await world.run(run(3, 'A'));
    expect(last.history.seen(listed('DC1', 'A')).first_seen).toBe(cutOffText(1));
  });
});

/** A run of a random world: some runs are limited, refused, partial, made again for the same cut-off, or hand nothing on. */
const worldRun = fc.record({
  sameDay: fc.integer({ min: 0, max: 5 }),
  gap: fc.constantFrom(1, 1, 1, 2, 20),
  isRefused: fc.integer({ min: 0, max: 9 }),
  sites: fc.constantFrom(['DC1', 'DC2'], ['DC1', 'DC2'], ['DC1', 'DC2'], ['DC1']),
  items: fc.constantFrom([], [], [], ['A', 'B']),
  isPartial: fc.integer({ min: 0, max: 5 }),
  lists: fc.uniqueArray(
    fc.record({
      site: fc.constantFrom('DC1', 'DC2'),
      item: fc.constantFrom('A', 'B', 'C'),
      variance: fc.constantFrom('1', '-2.5'),
      cause: fc.constantFrom('message-lost', 'pick-short'),
    }),
    { selector: ({ site, item }) => `${site} ${item}`, maxLength: 4 },
  ),
  handsOn: fc.integer({ min: 0, max: 4 }),
});
const worlds = fc.array(worldRun, { minLength: 1, maxLength: 12 }).map((runs) => {
  let day = 0;
  return runs.map(({ sameDay, gap, sites, items, lists, ...rest }): WorldRun => {
    day += sameDay === 0 ? 0 : gap;
    const scope: RunScope = {
      ...SCOPE,
      sites: new Set(sites),
      items: new Set(items),
      isPartial: rest.isPartial === 0,
    };
    return {
      ...run(day, ''),
      scope,
      isRefused: rest.isRefused === 0,
      handsOn: rest.handsOn !== 0,
      lists: lists
        .filter(({ site, item }) => scope.sites.has(site) && (items.length === 0 || scope.items.has(item)))
        .map(({ site, item, variance, cause }) => listed(site, item, variance, cause)),
    };
  });
});

/** The last unbroken sequence of sightings that listed the key; empty where the last one does not. */
function openSequence(sightings: readonly Sighting[]): Sighting[] {
  const broken = sightings.findLastIndex((sighting) => sighting.listed === undefined);
  return sightings.slice(broken + 1);
}

/** The last time before the open sequence that the key was found in sync after it had been listed. */
function lastResolved(
  sightings: readonly Sighting[],
): { day: number; cause: string; isRecurrence: boolean } | undefined {
  for (let at = sightings.length - 1; at > 0; at--) {
    const [before, now] = [sightings[at - 1], sightings[at]] as [Sighting, Sighting];
    if (now.listed !== undefined || before.listed === undefined) continue;
    const earlier = lastResolved(sightings.slice(0, at));
    const isRecurrence = earlier !== undefined && earlier.cause === before.listed.cause && now.day - earlier.day <= 30;
    return { day: now.day, cause: before.listed.cause, isRecurrence };
  }
  return undefined;
}

describe('what is handed on from run to run', () => {
  it('equals what all runs say when they are gone through again', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (runs) => {
        const generated = new KeyHistoryWorld();
        try {
          for (const [index, each] of runs.entries()) {
            const { history, handedOn } = await generated.run(each);
            if (each.isRefused) continue;
            const flow = { new: 0, continuing: 0, resolved: 0, recurring: 0 };
            for (const site of ['DC1', 'DC2']) {
              for (const item of ['A', 'B', 'C']) {
                const key = listed(site, item);
                const sightings = sightingsOf(key, runs.slice(0, index + 1));
                const open = openSequence(sightings);
                const resolved = lastResolved(sightings);
                const isRecent = resolved !== undefined && each.day - resolved.day <= 30;
                const memory = handedOn.memory.get(keyName(key));
                expect(memory?.open?.firstSeen.text).toBe(open[0] && cutOffText(open[0].day));
                expect(memory?.open?.cause).toBe(open.at(-1)?.listed?.cause);
                const steps = open.filter(
                  (now, at) => now.listed?.net_variance_quantity !== open[at - 1]?.listed?.net_variance_quantity,
                );
                expect(memory?.open?.steps ?? []).toEqual(
                  steps.map((step) => ({
                    at: Date.parse(cutOffText(step.day)),
                    variance: step.listed?.net_variance_quantity,
                  })),
                );
                expect(memory?.resolved?.cause).toBe(isRecent ? resolved.cause : undefined);
                expect(memory?.resolved?.isRecurrence).toBe(isRecent ? resolved.isRecurrence : undefined);
                expect(memory?.resolved?.at).toBe(isRecent ? Date.parse(cutOffText(resolved.day)) : undefined);

                const line = each.lists.find((other) => other.site === site && other.item === item);
                if (line !== undefined) {
                  const days = each.day - (open[0] as Sighting).day;
                  expect(history.seen(line).days_out_of_sync).toBe(String(days));
                  if (days > 0) flow.continuing++;
                  else flow.new++;
                  if (days === 0 && isRecent && resolved.cause === line.cause) flow.recurring++;
                } else if (isRecent && resolved.day === each.day && sightings.at(-1)?.day === each.day) {
                  const isOwn = sightingsOf(key, [each]).length > 0;
                  if (isOwn) flow.resolved++;
                }
              }
            }
            expect(flowMeasures(history, handedOn).total).toMatchObject(flow);
          }
        } finally {
          generated.remove();
        }
      }),
      { numRuns: 150 },
    );
  });
});
