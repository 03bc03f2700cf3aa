import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intakePlan } from '../../app/intake-fixture.ts';
import { findInFlight } from '../compare/in-flight.ts';
import type { Message } from '../compare/ledger-evidence.ts';
import type { Role } from '../model/balance.ts';
import { judgeLive, judgeMessage, type LiveFrame } from './judge-live.ts';
import { type LiveItem, type LivePosting, liveMessage, livePosting } from './live-evidence.ts';

const MINUTE_MS = 60_000;
const plan = intakePlan();

function frameOf(more: Partial<LiveFrame> = {}): LiveFrame {
  return {
    plan,
    tolerance: { rules: [] },
    minorDecimals: 2,
    erpSystem: 'sap',
    snapshots: new Map([
      ['sap', 0],
      ['wms1', 0],
    ]),
    fed: new Set(['sap', 'wms1']),
    partialSystems: new Set(),
    lagOf: (name) => (name === '945' ? 240 : 30) * MINUTE_MS,
    ...more,
  };
}

interface Place {
  readonly item?: string;
  readonly ref?: string;
  readonly msg?: string;
}

function posting(role: Role, minutes: number, units: number, place: Place = {}): LivePosting {
  const at = minutes * MINUTE_MS;
  return livePosting(
    {
      role,
      system: role === 'erp' ? 'sap' : 'wms1',
      site: 'DC1',
      item: place.item ?? 'A',
      owner: '',
      lot: '',
      status: role === 'erp' ? 'UNRESTRICTED' : 'AVAILABLE',
      category: 0,
      quantity: units * 1000,
      postedAt: at,
      eventAt: undefined,
      messageId: place.msg ?? '',
      reference: place.ref ?? '',
    },
    at,
  );
}

function message(minutes: number, state: Message['state'], units: number, place: Place = {}): Message {
  const item = place.item ?? 'A';
  const placed =
    item === '' ? undefined : { site: 'DC1', item, owner: '', lot: '', category: 0, quantity: units * 1000 };
  const sentAt = minutes * MINUTE_MS;
  const names = { messageId: place.msg ?? 'M', interfaceName: '', reference: place.ref ?? '' };
  return { ...names, sentAt, appliedAt: undefined, state, item, fromRole: 'wms', placed };
}

function itemOf(postings: readonly LivePosting[], messages: readonly Message[] = [], item = 'A'): LiveItem {
  const balance = { site: 'DC1', item, owner: '', lot: '', category: 0, quantity: 10_000 };
  return {
    item,
    balances: [
      { ...balance, role: 'erp', system: 'sap', status: 'UNRESTRICTED' },
      { ...balance, role: 'wms', system: 'wms1', status: 'AVAILABLE' },
    ],
    postings,
    messages,
  };
}

function linesAt(minutes: number, item: LiveItem, frame = frameOf()) {
  const [verdict] = judgeLive([item], frame, minutes * MINUTE_MS);
  const lines = verdict?.lines.map(
    ({ state, erp, wms, inFlight }) => `${state} ${wms / 1000} ${erp / 1000} ${inFlight / 1000}`,
  );
  return { lines, late: verdict?.late.length, due: (verdict?.dueAt ?? Number.NaN) / MINUTE_MS };
}

describe('a shipment of 4 after the snapshots', () => {
  test('is on its way for its lag, and then a discrepancy', () => {
    const item = itemOf([posting('wms', 60, -4, { ref: 'S' })]);
    expect(linesAt(60, item)).toMatchObject({ lines: ['timing 6 10 -4'], due: 90 + 1 / MINUTE_MS });
    expect(linesAt(90 + 1 / MINUTE_MS, item)).toMatchObject({ lines: ['discrepancy 6 10 0'], due: Number.NaN });
  });

  test('leaves nothing behind once the ERP has posted it', () => {
    const item = itemOf([posting('wms', 60, -4, { ref: 'S' }), posting('erp', 70, -4, { ref: 'S' })]);
    expect(linesAt(70, item).lines).toEqual([]);
  });

  test('is a discrepancy as soon as its message is rejected', () => {
    const movement = posting('wms', 60, -4, { msg: 'M' });
    expect(linesAt(62, itemOf([movement], [message(61, 'sent', -4)])).lines).toEqual(['timing 6 10 -4']);
    const rejected = [message(61, 'sent', -4), message(62, 'rejected', -4)];
    expect(linesAt(62, itemOf([movement], rejected))).toMatchObject({ lines: ['discrepancy 6 10 0'], late: 0 });
  });

  test('raises an alert when its message is past its lag', () => {
    const item = itemOf([posting('wms', 60, -4, { msg: 'M' })], [message(61, 'sent', -4)]);
    expect(linesAt(91, item)).toMatchObject({ lines: ['timing 6 10 -4'], late: 0 });
    expect(linesAt(91 + 1 / MINUTE_MS, item)).toMatchObject({ lines: ['discrepancy 6 10 0'], late: 1 });
    const posted = itemOf([...item.postings, posting('erp', 80, -4, { msg: 'M' })], item.messages);
    expect(linesAt(200, posted)).toMatchObject({ lines: [], late: 0 });
  });

  test('is in flight for the ERP whose ledger does not come in, until its message is late', () => {
    const unfed = frameOf({ fed: new Set(['wms1']) });
    const item = itemOf([posting('wms', 60, -4, { msg: 'M' })], [message(61, 'sent', -4)]);
    expect(linesAt(80, item, unfed)).toMatchObject({ lines: ['timing 6 10 -4'], late: 0 });
    expect(linesAt(99, item, unfed)).toMatchObject({ lines: ['discrepancy 6 10 0'], late: 1 });
    const applied = itemOf(item.postings, [{ ...message(61, 'applied', -4), appliedAt: 62 * MINUTE_MS }]);
    expect(linesAt(999, applied, unfed)).toMatchObject({ lines: ['timing 6 10 -4'], late: 0 });
  });
});

test('a movement that the snapshots hold changes nothing, one behind them does', () => {
  expect(linesAt(60, itemOf([posting('wms', 0, -4)]), frameOf()).lines).toEqual([]);
  const late = { ...posting('wms', 0, -4), bookedAt: 1, postedAt: 1 };
  expect(linesAt(60, itemOf([late]), frameOf()).lines).toEqual(['discrepancy 6 10 0']);
});

test('what a fast clock dates ahead counts at once, on its side of the snapshot', () => {
  const ahead = livePosting({ ...posting('wms', 75, -4), postedAt: 75 * MINUTE_MS }, 60 * MINUTE_MS);
  expect(linesAt(60, itemOf([ahead]))).toMatchObject({ lines: ['timing 6 10 -4'], due: 90 + 1 / MINUTE_MS });
  expect(liveMessage(message(75, 'sent', 1), 60 * MINUTE_MS).sentAt).toBe(60 * MINUTE_MS);
});

test('a message without an item is late unless the receiver posted it', () => {
  const messages = [message(60, 'sent', 0, { item: '' })];
  const frame = frameOf();
  expect(judgeMessage(messages, [], frame, 80 * MINUTE_MS)).toEqual({ late: [], dueAt: 90 * MINUTE_MS + 1 });
  expect(judgeMessage(messages, [], frame, 91 * MINUTE_MS).late).toMatchObject([{ messageId: 'M', item: '' }]);
  expect(judgeMessage(messages, [posting('erp', 70, -4, { msg: 'M' })], frame, 91 * MINUTE_MS).late).toEqual([]);
});

describe('generated items', () => {
  const place = fc.record({
    item: fc.constantFrom('A', 'B', 'C'),
    ref: fc.constantFrom('', 'S1', 'S2'),
    msg: fc.constantFrom('', 'M1', 'M2'),
  });
  const named = place.map((each) => ({ ...each, msg: each.msg || 'M0' }));
  const minutes = fc.integer({ min: -60, max: 300 });
  const unit = fc.constantFrom(-4, -2, 3);
  const postings = fc.array(
    fc.tuple(fc.constantFrom<Role>('erp', 'wms'), minutes, unit, place).map((parts) => posting(...parts)),
    { maxLength: 14 },
  );
  const messages = fc.array(
    fc
      .tuple(minutes, fc.constantFrom<Message['state']>('sent', 'applied', 'rejected'), unit, named)
      .map((parts) => message(...parts)),
    { maxLength: 8 },
  );
  const asOf = fc.integer({ min: 300, max: 400 });
  const itemsOf = (all: readonly LivePosting[], log: readonly Message[]): LiveItem[] =>
    ['A', 'B', 'C'].map((item) =>
      itemOf(
        all.filter((row) => row.item === item),
        log.filter((row) => row.item === item),
        item,
      ),
    );

  test('are judged one by one as a comparison of the whole at this moment would', () => {
    fc.assert(
      fc.property(postings, messages, asOf, (all, log, at) => {
        const now = at * MINUTE_MS;
        const cutOffs = { erp: now, wmsOf: () => now, lagOf: () => 30 * MINUTE_MS };
        const { quantities } = findInFlight({ movements: all, messages: log, hasErpMovements: true }, cutOffs);
        const expected = ['A', 'B', 'C'].flatMap((item) => {
          const moved = (role: Role): number =>
            all
              .filter((row) => row.item === item && row.role === role && row.bookedAt > 0)
              .reduce((sum, row) => sum + row.quantity, 0);
          const inFlight = quantities.filter((row) => row.item === item).reduce((sum, row) => sum + row.quantity, 0);
          const variance = moved('wms') - moved('erp');
          if (variance === inFlight && variance === 0) return [];
          return [`${variance === inFlight ? 'timing' : 'discrepancy'} ${item} ${variance} ${inFlight}`];
        });
        const found = judgeLive(itemsOf(all, log), frameOf(), now).flatMap(({ lines }) =>
          lines.map((line) => `${line.state} ${line.item} ${line.variance} ${line.inFlight}`),
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  test('stay as they are until they are due', () => {
    fc.assert(
      fc.property(postings, messages, asOf, fc.double({ min: 0, max: 1, noNaN: true }), (all, log, at, share) => {
        const now = at * MINUTE_MS;
        for (const item of itemsOf(all, log)) {
          const [verdict] = judgeLive([item], frameOf(), now);
          const end = verdict?.dueAt ?? now + 1e9;
          const later = now + Math.floor((end - 1 - now) * share);
          const [again] = judgeLive([item], frameOf(), later);
          expect(again).toEqual({ ...verdict, dueAt: verdict?.dueAt });
        }
      }),
      { numRuns: 300 },
    );
  });
});
