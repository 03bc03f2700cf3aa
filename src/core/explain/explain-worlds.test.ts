import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ItemEvidence, KeyFacts, MessageLine, Posting } from './evidence.ts';
import { explainItem } from './explain-item.ts';
import { readScenario } from './scenario-fixture.ts';
import type { Habits } from './traits.ts';

/** Laws that hold for any evidence, however little sense it makes. */
const { traits, settings } = readScenario('opening 11-20 00:00\ncut-off 11-22 00:00 lag 30');
const OPENING = Date.parse('2026-11-20T00:00:00Z');
const MINUTE_MS = 60_000;
const TYPES = ['shipment', 'receipt', 'count', 'adjustment', 'status-change', 'return', 'reversal', 'kit-consume', ''];
const word = (...names: string[]) => fc.constantFrom('', ...names);

const place = fc.record({
  site: fc.constantFrom('DC1', 'DC2'),
  item: fc.constant('A'),
  owner: fc.constant(''),
  lot: word('L1'),
  category: fc.constantFrom(-1, 0, 1),
});
const time = fc.integer({ min: -120, max: 3200 }).map((minute) => OPENING + minute * MINUTE_MS);
const source = fc.record({ file: fc.constant('f.csv'), row: fc.nat(500) });
const posting: fc.Arbitrary<Posting> = fc
  .tuple(
    place,
    fc.record({
      role: fc.constantFrom('erp' as const, 'wms' as const),
      system: fc.constant('s'),
      quantity: fc.integer({ min: -24, max: 24 }),
      postedAt: time,
      eventAt: fc.option(time, { nil: undefined }),
      messageId: word('M1', 'M2', 'M3'),
      reference: word('R1', 'R2', '4900001'),
      movementId: word('W1', 'W2', 'W3', 'E1'),
      status: word('AVL', 'QI'),
      type: fc.constantFrom(...TYPES),
      line: fc.constant(''),
      reason: word('SHORT'),
      user: word('IFC', 'JDOE'),
      batch: word('B1'),
      source,
    }),
  )
  .map(([at, rest]) => ({ ...at, ...rest }));
const message: fc.Arbitrary<MessageLine> = fc.record({
  messageId: fc.constantFrom('M1', 'M2', 'M3', 'M4'),
  sentAt: time,
  receivedAt: fc.constant(undefined),
  appliedAt: fc.option(time, { nil: undefined }),
  state: fc.constantFrom('sent', 'applied', 'rejected', 'acknowledged', 'superseded', 'partial'),
  interfaceName: fc.constant('945'),
  reference: word('R1', 'R2'),
  item: fc.constantFrom('A', ''),
  fromRole: fc.constantFrom('erp', 'wms'),
  placed: fc.option(
    fc.tuple(place, fc.integer({ min: -24, max: 24 })).map(([at, quantity]) => ({ ...at, quantity })),
    { nil: undefined },
  ),
  error: word('deficit', 'period closed'),
  type: fc.constantFrom(...TYPES),
  line: fc.constant(''),
  batch: word('B1'),
  source,
});
const balance = fc.integer({ min: 0, max: 60 });
const facts: fc.Arbitrary<KeyFacts> = fc
  .tuple(place, fc.tuple(balance, balance, balance, balance), fc.integer({ min: -9, max: 9 }), fc.boolean())
  .map(([at, [erp, wms, openErp, openWms], inFlight, hasOpening]) => ({
    ...at,
    erp,
    wms,
    inFlight,
    erpPresent: true,
    wmsPresent: true,
    opening: hasOpening ? { erp: openErp, wms: openWms } : undefined,
    history: [],
    statuses: [{ role: 'wms' as const, status: 'QI', quantity: 3 }],
  }));
const evidence: fc.Arbitrary<ItemEvidence> = fc.record({
  item: fc.constant('A'),
  keys: fc.uniqueArray(facts, { maxLength: 6, selector: ({ site, lot, category }) => `${site} ${lot} ${category}` }),
  postings: fc.array(posting, { maxLength: 24 }).map((all) => all.sort((a, b) => a.postedAt - b.postedAt)),
  messages: fc.array(message, { maxLength: 8 }).map((all) => all.sort((a, b) => a.sentAt - b.sentAt)),
  packFactors: fc.constantFrom([], [12], [6, 12]),
  family: fc.constant(''),
  isWeighed: fc.boolean(),
});
const habits: fc.Arbitrary<Habits> = fc
  .record({
    linksByMessage: fc.boolean(),
    linksByReference: fc.boolean(),
    postsSummaries: fc.boolean(),
    replays: fc.record({ erp: fc.boolean(), wms: fc.boolean() }),
  })
  .map((some) => ({ ...traits.habits, ...some }));
const given = fc.record({ erpLedger: fc.boolean(), wmsLedger: fc.boolean(), messages: fc.boolean() });
const systemic = fc.constantFrom(
  traits.systemic,
  { ...traits.systemic, staleSnapshots: [{ role: 'wms' as const, sites: undefined, at: OPENING + 2000 * MINUTE_MS }] },
  { ...traits.systemic, timeZoneShifts: [{ role: 'erp' as const, sites: ['DC1'], hours: -5 }] },
  { ...traits.systemic, unmappedStatuses: [{ role: 'wms' as const, system: 's', status: 'QI', category: 1 }] },
  { ...traits.systemic, scopeGaps: [{ role: 'erp' as const, heldBy: 'wms' as const, status: 'QI', category: 0 }] },
);

it('contributions add up to the variance, and those in flight to what is in flight', () => {
  fc.assert(
    fc.property(evidence, habits, given, systemic, (item, usual, known, faults) => {
      const run = { ...settings, given: known };
      const explanation = explainItem(item, { habits: usual, systemic: faults, resolved: [] }, run);
      const explained = item.keys.filter(({ category }) => category >= 0);
      expect(explanation.keys).toHaveLength(explained.length);
      explained.forEach((key, at) => {
        const { contributions, hypotheses } = explanation.keys[at] as (typeof explanation.keys)[0];
        const sumOf = (cause?: string): number =>
          contributions.reduce(
            (sum, one) => (cause === undefined || one.cause === cause ? sum + one.quantity : sum),
            0,
          );
        expect(sumOf()).toBe(key.wms - key.erp);
        expect(sumOf('in-flight')).toBe(key.inFlight);
        expect(contributions.every(({ quantity }) => quantity !== 0)).toBe(true);
        expect(contributions.every((one) => (one.cause === 'unexplained') === (one.confidence === 0))).toBe(true);
        expect(contributions.every((one) => one.cause === 'unexplained' || one.confidence >= 0.5)).toBe(true);
        expect(contributions.every(({ confidence }) => confidence < 1)).toBe(true);
        expect(hypotheses.length).toBeLessThanOrEqual(3);
      });
    }),
    { numRuns: 2000 },
  );
});

it('the same evidence gives the same explanation, as plain data', () => {
  fc.assert(
    fc.property(evidence, habits, (item, usual) => {
      const all = { habits: usual, systemic: traits.systemic, resolved: [] };
      const explanation = explainItem(item, all, settings);
      expect(structuredClone(explanation)).toEqual(explainItem(structuredClone(item), all, settings));
    }),
    { numRuns: 300 },
  );
});
