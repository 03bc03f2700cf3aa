import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReportedKey, ReportedRun } from './reported-run.ts';
import { Score } from './score.ts';
import { readTruth, type WorldTruth } from './world-truth.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenstock-score-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Four keys: two causes; a fault that no catalogue knows; goods on their way only; one that hides behind them. */
const FILES = {
  'keys.csv': `site,item,owner,lot,category,erp_quantity,wms_quantity,variance_quantity,onset_day,main_cause
DC1,A,,,available,10,4,-6,2026-11-20,message-lost
DC1,B,,,available,10,13,3,2026-11-21,unseen
DC1,C,,,available,10,8,-2,,in-flight
DC1,D,,,available,10,10,0,2026-11-19,posted-twice
`,
  'contributions.csv': `site,item,owner,lot,category,cause,quantity,fault_id
DC1,A,,,available,message-lost,-8,F1
DC1,A,,,available,count-not-sent,2,F2
DC1,B,,,available,unseen,3,F3
DC1,C,,,available,in-flight,-2,
DC1,D,,,available,in-flight,5,
DC1,D,,,available,posted-twice,-5,F4
`,
  'faults.csv': `fault_id,cause,systemic_id,happened_at,side,documents,story
F1,message-lost,S1,2026-11-20T10:00:00-06:00,erp,SO1 SO2,"Lost, twice"
F2,count-not-sent,,2026-11-20T11:00:00-06:00,erp,CC1,"said ""later"""
F3,unseen,,2026-11-21T11:00:00-06:00,erp,SO3,story
F4,posted-twice,,2026-11-19T11:00:00-06:00,erp,SO4,story
`,
  'systemic.csv': `systemic_id,cause,from,to,documents,factor
S1,message-lost,2026-11-20T10:00:00-06:00,2026-11-20T12:00:00-06:00,9,interface=945
`,
};

let truth: WorldTruth;
beforeAll(() => {
  mkdirSync(join(folder, 'truth'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, 'truth', name), text);
  truth = readTruth(folder);
});

const name = (item: string): string => `DC1 | ${item} |  |  | available`;
function key(
  netVariance: number,
  units: Readonly<Record<string, number>>,
  more: Partial<ReportedKey> = {},
): ReportedKey {
  const contributions = Object.entries(units).map(([cause, quantity]) => ({
    cause,
    quantity: quantity * 1e6,
    confidence: 0.9,
  }));
  return { netVariance, side: 'erp', onsetDay: '', contributions, findings: [], ...more };
}

function score(keys: Readonly<Record<string, ReportedKey>>, more: Partial<ReportedRun> = {}): Score {
  const scored = new Score();
  const named = Object.entries(keys).map(([item, each]) => [name(item), each] as const);
  scored.add(truth, { keys: new Map(named), findings: [], snapshotFaults: [], isRefused: false, ...more });
  return scored;
}

const RIGHT = {
  A: key(-6, { 'message-lost': -8, 'count-not-sent': 2 }, { onsetDay: '2026-11-20', findings: ['outage'] }),
  B: key(3, { unexplained: 3 }, { side: 'count', onsetDay: '2026-11-21' }),
  C: key(0, { 'in-flight': -2 }),
  D: key(-5, { 'in-flight': 5, 'posted-twice': -5 }, { onsetDay: '2026-11-19' }),
};

it('a report that says the truth has every measure', () => {
  const all = score(RIGHT, { findings: [{ causes: ['message-lost'], title: 'outage' }] });
  for (const { right, all: counted } of [all.topCause, all.exact, all.detected, all.listed, all.onset])
    expect([right, counted]).toEqual([3, 3]);
  expect([all.units, all.side, all.unseen].map(({ right, all: counted }) => right / counted)).toEqual([1, 1, 1]);
  expect(all.macroF1).toBe(1);
  expect(all.calibrationError).toBeCloseTo(0.1);
  expect(all.broken).toBe(0);
  expect(all.systemic).toMatchObject({ found: 1, all: 1, falseFindings: 0 });
});

it('a key that is not listed is not detected, and nothing of it is right', () => {
  const { D: _, ...others } = RIGHT;
  const scored = score(others);
  expect(scored.detected).toEqual({ right: 2, all: 3 });
  expect(scored.topCause).toEqual({ right: 2, all: 3 });
});

it('a key that is listed though only goods are on their way is no true one', () => {
  expect(score({ ...RIGHT, C: key(-2, { 'message-lost': -2 }) }).listed).toEqual({ right: 3, all: 4 });
});

it('part of the units is part of the measure; the exact decomposition is lost', () => {
  const scored = score({ ...RIGHT, A: key(-6, { 'message-lost': -4, unexplained: -2 }) });
  expect(scored.units).toEqual({ right: 9e6, all: 15e6 });
  expect(scored.exact).toEqual({ right: 2, all: 3 });
  expect(scored.topCause).toEqual({ right: 3, all: 3 });
  expect(scored.mistakes.map((mistake) => mistake.key)).toEqual([name('A')]);
});

it('a cause given to a fault that no catalogue knows is wrong', () => {
  const scored = score({ ...RIGHT, B: key(3, { 'receipt-not-posted': 3 }) });
  expect(scored.unseen).toEqual({ right: 0, all: 1 });
  expect(scored.confusion.get('unexplained')).toEqual(new Map([['receipt-not-posted', 1]]));
  // Two of three causes have no mistake, the third has no key.
  expect(scored.macroF1).toBeCloseTo(2 / 3);
});

it('contributions that do not add up are seen', () => {
  expect(score({ ...RIGHT, A: key(-6, { 'message-lost': -8 }) }).broken).toBe(1);
});

it('a finding of other keys is false, and does not find the fault', () => {
  const scored = score(
    { ...RIGHT, A: { ...RIGHT.A, findings: [] }, D: { ...RIGHT.D, findings: ['twice'] } },
    { findings: [{ causes: ['posted-twice'], title: 'twice' }] },
  );
  expect(scored.systemic).toMatchObject({ found: 0, all: 1, falseFindings: 1, falseMost: 1 });
});

it('a run that is refused without reason is a false finding, and scores nothing else', () => {
  const scored = score({}, { snapshotFaults: ['snapshot-stale'], isRefused: true });
  expect(scored.systemic).toMatchObject({ falseFindings: 1, found: 0 });
  expect(scored.topCause.all).toBe(0);
});
