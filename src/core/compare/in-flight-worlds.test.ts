import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInFlight, type Movement } from './in-flight.ts';

const MINUTE_MS = 60_000;
const LAG_MS = 30 * MINUTE_MS;
const cutOffs = (erp: number, wms: number) => ({ erp, wmsOf: () => wms, lagOf: () => LAG_MS });

/** What truly happened: an event of the WMS, and when the ERP posted it; undefined where it never did. */
interface Event {
  readonly at: number;
  readonly quantity: number;
  readonly postedAt: number | undefined;
}

const minute = fc.integer({ min: 0, max: 600 }).map((value) => value * MINUTE_MS);
const event = (lostWeight: number): fc.Arbitrary<Event> =>
  fc
    .record({
      at: minute,
      quantity: fc.constantFrom(-7, -5, -1, 1, 3, 10),
      delay: fc.oneof(
        { weight: 10, arbitrary: fc.integer({ min: 0, max: 30 }) },
        { weight: lostWeight, arbitrary: fc.constant(undefined) },
      ),
    })
    .map(({ at, quantity, delay }) => ({
      at,
      quantity,
      postedAt: delay === undefined ? undefined : at + delay * MINUTE_MS,
    }));

function ledgers(events: readonly Event[], referenceOf: (index: number) => string): Movement[] {
  return events.flatMap(({ at, quantity, postedAt }, index): Movement[] => {
    const key = {
      site: 'DC1',
      item: 'A',
      owner: '',
      lot: '',
      category: 0,
      quantity,
      eventAt: undefined,
      messageId: '',
      reference: referenceOf(index),
    };
    const wms: Movement = { ...key, role: 'wms', system: 'wms1', postedAt: at };
    return postedAt === undefined ? [wms] : [wms, { ...key, role: 'erp', system: 'sap', postedAt }];
  });
}

const sumOf = (rows: readonly { readonly quantity: number }[]): number =>
  rows.reduce((all, { quantity }) => all + quantity, 0);

function variance(movements: readonly Movement[], erp: number, wms: number): number {
  const held = movements.filter(({ role, postedAt }) => postedAt <= (role === 'erp' ? erp : wms));
  return sumOf(held.filter(({ role }) => role === 'wms')) - sumOf(held.filter(({ role }) => role === 'erp'));
}

describe('generated worlds', () => {
  const runs = { numRuns: 500 };
  const times = fc.record({ erp: fc.integer({ min: 200, max: 400 }), wms: fc.integer({ min: 200, max: 400 }) });

  it('with references and nothing lost, all of a variance is in flight', () => {
    fc.assert(
      fc.property(fc.array(event(0), { maxLength: 12 }), times, (events, { erp, wms }) => {
        const movements = ledgers(events, (index) => `D${index}`);
        const [e, w] = [erp * MINUTE_MS, wms * MINUTE_MS];
        const { quantities } = findInFlight({ movements, messages: [], hasErpMovements: true }, cutOffs(e, w));
        expect(sumOf(quantities)).toBe(variance(movements, e, w));
      }),
      runs,
    );
  });

  it('several movements of one document, nothing lost', () => {
    fc.assert(
      fc.property(fc.array(event(0), { maxLength: 8 }), times, (events, { erp, wms }) => {
        const movements = ledgers(events, (index) => `D${index % 2}`);
        const [e, w] = [erp * MINUTE_MS, wms * MINUTE_MS];
        const { quantities } = findInFlight({ movements, messages: [], hasErpMovements: true }, cutOffs(e, w));
        expect(sumOf(quantities)).toBe(variance(movements, e, w));
      }),
      runs,
    );
  });

  it('with references, what was lost longer ago than the lag is never in flight', () => {
    fc.assert(
      fc.property(fc.array(event(4), { maxLength: 12 }), times, (events, { erp, wms }) => {
        const movements = ledgers(events, (index) => `D${index}`);
        const [e, w] = [erp * MINUTE_MS, wms * MINUTE_MS];
        const { quantities } = findInFlight({ movements, messages: [], hasErpMovements: true }, cutOffs(e, w));
        const lost = events.filter(({ at, postedAt }) => postedAt === undefined && at <= w && e - at > LAG_MS);
        expect(variance(movements, e, w) - sumOf(quantities)).toBe(sumOf(lost));
      }),
      runs,
    );
  });

  it('without references no more is in flight than truly is', () => {
    const same = event(4).map((made): Event => ({ ...made, quantity: -1 }));
    fc.assert(
      fc.property(fc.array(same, { maxLength: 20 }), fc.integer({ min: 200, max: 400 }), (events, cutOff) => {
        const movements = ledgers(events, () => '');
        const at = cutOff * MINUTE_MS;
        const { quantities } = findInFlight({ movements, messages: [], hasErpMovements: true }, cutOffs(at, at));
        // A movement younger than the lag that was lost cannot be told from one on its way.
        const open = events.filter(
          (made) => made.at <= at && (made.postedAt === undefined ? at - made.at <= LAG_MS : made.postedAt > at),
        );
        expect(quantities.every(({ quantity }) => quantity === -1)).toBe(true);
        expect(quantities.length).toBeLessThanOrEqual(open.length);
      }),
      runs,
    );
  });

  it('the order of the rows does not matter', () => {
    fc.assert(
      fc.property(fc.array(event(2), { maxLength: 10 }), times, (events, { erp, wms }) => {
        const movements = ledgers(events, (index) => (index % 3 === 0 ? '' : `D${index % 3}`));
        const find = (rows: readonly Movement[]): number =>
          sumOf(
            findInFlight(
              { movements: rows, messages: [], hasErpMovements: true },
              cutOffs(erp * MINUTE_MS, wms * MINUTE_MS),
            ).quantities,
          );
        expect(find(movements.toReversed())).toBe(find(movements));
      }),
      runs,
    );
  });
});
