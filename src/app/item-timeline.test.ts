import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemPlace, TimelineRow } from '../contract/item-view.ts';
import { buildItemView } from './item-view.ts';
import type { KeptItem } from './kept-item.ts';
import {
  contribution,
  keptItem,
  keptKey,
  proofOf,
  SAMPLE_RUN,
  sampleBalances,
  sampleLedger,
  sampleMessages,
} from './kept-item-fixture.ts';
import { kettle, toaster } from './sample-items-fixture.ts';

const item = '00123';
const placeOf = (kept: KeptItem): ItemPlace => buildItemView(kept, { run: SAMPLE_RUN }).places[0] as ItemPlace;
const off = (erp: number, wms: number) => [
  keptKey({ item, rank: '1', erp, wms, cents: 100 }, [contribution('unexplained', wms - erp, 0, 'count')]),
];

/** One line for each row: state, how it was put together, document, both sides, messages, effect. */
function rowTexts(rows: readonly TimelineRow[]): string[] {
  return rows.map(({ state, matched_by, document, erp, wms, messages, effects }) => {
    const side = (postings: TimelineRow['erp']): string =>
      postings.map(({ quantity, after_cut_off }) => `${quantity}${after_cut_off ? '!' : ''}`).join(' ') || '-';
    const effect = effects.map(({ quantity, category }) => `${quantity} ${category}`).join(', ');
    return [
      state + (matched_by === '' ? '' : ` by ${matched_by}`),
      document || '-',
      side(erp),
      messages.map((message) => message.state).join(' ') || '-',
      side(wms),
      effect || '0',
    ].join(' | ');
  });
}

describe('what stands on one row', () => {
  it('the same document, whole or in parts, with its message', () => {
    const kept = keptItem({
      item,
      keys: off(4, 1),
      postings: [
        ...sampleLedger(
          'erp',
          item,
          `
          20 Nov 10:10 | shipment | SO-1 |     | UNRESTRICTED | -5 |
          20 Nov 12:00 | receipt  | PO-1 |     | UNRESTRICTED | 6  |
          20 Nov 12:01 | receipt  | PO-1 |     | UNRESTRICTED | 4  |
          20 Nov 18:00 | receipt  |      | M-9 | UNRESTRICTED | 7  |`,
        ),
        ...sampleLedger(
          'wms',
          item,
          `
          20 Nov 10:00 | shipment | SO-1 |     | AVAILABLE | -5 |
          20 Nov 11:00 | receipt  | PO-1 |     | AVAILABLE | 10 |
          20 Nov 17:00 | receipt  |      | M-9 | AVAILABLE | 7  |
          20 Nov 19:00 | shipment | SO-2 |     | AVAILABLE | -3 |`,
        ),
      ],
      messages: sampleMessages(item, '20 Nov 10:01 | 945 | M-1 | SO-1 | applied | -5 |'),
    });
    expect(rowTexts(placeOf(kept).timeline.rows)).toEqual([
      'matched by document | SO-1 | -5 | applied | -5 | 0',
      'matched by document | PO-1 | 6 4 | - | 10 | 0',
      'matched by document | M-9 | 7 | - | 7 | 0',
      'unmatched | SO-2 | - | - | -3 | -3 available',
    ]);
  });

  it('postings without any number, by amount within a day, the nearest before it', () => {
    const kept = keptItem({
      item,
      keys: off(0, -5),
      postings: [
        ...sampleLedger('erp', item, '20 Nov 12:00 | shipment | | | UNRESTRICTED | -5 |'),
        ...sampleLedger(
          'wms',
          item,
          `
          18 Nov 11:00 | shipment | | | AVAILABLE | -5 |
          20 Nov 11:00 | shipment | | | AVAILABLE | -5 |`,
        ),
      ],
    });
    expect(rowTexts(placeOf(kept).timeline.rows)).toEqual([
      'unmatched | - | - | - | -5 | -5 available',
      'matched by amount | - | -5 | - | -5 | 0',
    ]);
  });

  it('both legs of a status move, which the ERP lacks', () => {
    const { rows } = placeOf(toaster()).timeline;
    expect(rowTexts(rows.filter(({ state }) => state !== 'matched'))).toEqual([
      'named | ADJ-9913 | - | - | -5 5 | -5 available, 5 unavailable',
    ]);
    expect(rows.find(({ state }) => state === 'named')?.contributions).toEqual([1, 2]);
  });

  it('a move within a category changes nothing and needs no partner', () => {
    const kept = keptItem({
      item,
      keys: off(4, 3),
      postings: sampleLedger(
        'wms',
        item,
        `
        20 Nov 11:00 | MV-1 status-change | | | AVAILABLE | -5 |
        20 Nov 11:00 | MV-1 status-change | | | PICKED    | 5  |`,
      ),
    });
    expect(rowTexts(placeOf(kept).timeline.rows)).toEqual(['matched | - | - | - | -5 5 | 0']);
  });

  it('an hourly summary has no partner of its own; where all add up they are in order', () => {
    const summary = (quantity: number): KeptItem =>
      keptItem({
        item,
        keys: off(4, 3),
        postings: [
          ...sampleLedger('erp', item, `20 Nov 12:00 | shipment | SUM-1 | | UNRESTRICTED | ${quantity} |`),
          ...sampleLedger(
            'wms',
            item,
            `
            20 Nov 11:10 | shipment | SO-1 | | AVAILABLE | -5 |
            20 Nov 11:20 | shipment | SO-2 | | AVAILABLE | -2 |`,
          ),
        ],
      });
    expect(
      new Set(placeOf(summary(-7)).timeline.rows.map(({ state, matched_by }) => `${state} ${matched_by}`)),
    ).toEqual(new Set(['matched sum']));
    expect(new Set(placeOf(summary(-6)).timeline.rows.map(({ state }) => state))).toEqual(new Set(['unmatched']));
  });

  it('movements of one side alone are no sum, though they cancel out', () => {
    const kept = keptItem({
      item,
      keys: off(4, 3),
      postings: sampleLedger(
        'wms',
        item,
        `
        20 Nov 11:10 | adjustment | ADJ-1 | | AVAILABLE | -5 |
        20 Nov 11:20 | adjustment | ADJ-2 | | AVAILABLE | 5  |`,
      ),
    });
    expect(placeOf(kept).timeline.rows.map(({ state }) => state)).toEqual(['unmatched', 'unmatched']);
  });

  it('a posting behind its cut-off is shown and counts for nothing', () => {
    const kept = keptItem({
      item,
      keys: off(10, 8),
      cutOffs: { erp: '2026-11-20T12:00:00-06:00', wms: { DC1: '2026-11-20T18:00:00-06:00' } },
      postings: [
        ...sampleLedger('erp', item, '20 Nov 13:00 | shipment | SO-1 | | UNRESTRICTED | -2 |'),
        ...sampleLedger('wms', item, '20 Nov 11:00 | shipment | SO-1 | | AVAILABLE | -2 |'),
      ],
    });
    expect(rowTexts(placeOf(kept).timeline.rows)).toEqual([
      'unmatched by document | SO-1 | -2! | - | -2 | -2 available',
    ]);
  });

  it('a message that no ledger knows', () => {
    const messages = sampleMessages(item, '20 Nov 10:01 | 945 | M-1 | SO-1 | rejected | -5 | period is closed');
    expect(rowTexts(placeOf(keptItem({ item, keys: off(4, 3), messages })).timeline.rows)).toEqual([
      'message-only | SO-1 | - | rejected | - | 0',
    ]);
  });

  it('with one ledger only, no row counts as matched', () => {
    const kept = keptItem({
      item,
      keys: off(4, 3),
      postings: sampleLedger('wms', item, '20 Nov 11:00 | shipment | SO-1 | | AVAILABLE | -5 |'),
      given: { erpLedger: false, wmsLedger: true, messages: false },
    });
    const { rows, before, given } = placeOf(kept).timeline;
    expect(rowTexts(rows)).toEqual(['unmatched | SO-1 | - | - | -5 | 0']);
    expect({ before, given }).toEqual({
      before: [],
      given: { erp_ledger: false, wms_ledger: true, messages: false },
    });
  });
});

describe('the clock', () => {
  it('is that of the place’s cut-off', () => {
    const { timeline } = placeOf(kettle());
    expect(timeline.rows.at(-1)?.at).toBe('2026-11-22T23:51:00-06:00');
    expect(timeline.wms_cut_off).toBe('2026-11-22T23:59:59-06:00');
  });

  it.each([
    ['2026-11-23T05:59:59Z', '2026-11-23T05:51:00Z'],
    ['2026-11-23T11:29:59+05:30', '2026-11-23T11:21:00+05:30'],
  ])('a cut-off of %s', (cutOff, expected) => {
    const kept = { ...kettle(), cutOffs: { erp: cutOff, wms: {} } };
    expect(placeOf(kept).timeline.rows.at(-1)?.at).toBe(expected);
  });
});

describe('before + effects + unaccounted = variance', () => {
  it('a ledger that does not lead from the opening to the balance leaves a rest', () => {
    const kept = keptItem({
      item,
      keys: off(20, 14),
      postings: sampleLedger('wms', item, '20 Nov 11:00 | shipment | SO-1 | | AVAILABLE | -5 |'),
      openings: {
        at: { erp: '2026-11-13T23:59:59-06:00', wms: {} },
        balances: sampleBalances('erp | UNRESTRICTED | 20\nwms | AVAILABLE | 22'),
      },
    });
    const { before, unaccounted } = placeOf(kept).timeline;
    expect({ before, unaccounted }).toEqual({
      before: [{ category: 'available', quantity: '2' }],
      unaccounted: [{ category: 'available', quantity: '-3' }],
    });
  });

  const posting = fc.record({
    isErp: fc.boolean(),
    status: fc.constantFrom('AVAILABLE', 'PICKED', 'DAMAGED', 'NOBODY MAPS'),
    quantity: fc.integer({ min: -9, max: 9 }).filter((quantity) => quantity !== 0),
    reference: fc.constantFrom('', 'SO-1', 'SO-2', 'PO-1'),
    message: fc.constantFrom('', 'M-1', 'M-2'),
    hour: fc.integer({ min: 0, max: 23 }),
    day: fc.integer({ min: 19, max: 23 }),
  });

  it('whatever the ledgers hold, and every posting stands on one row', () => {
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 12 }), fc.boolean(), (drawn, hasOpening) => {
        const line = (each: (typeof drawn)[0]): string =>
          `${each.day} Nov ${String(each.hour).padStart(2, '0')}:00 | adjustment | ${each.reference} | ${each.message} | ${each.status} | ${each.quantity} |`;
        const ledger = (isErp: boolean) => {
          const mine = drawn.filter((each) => each.isErp === isErp);
          return mine.length === 0 ? [] : sampleLedger(isErp ? 'erp' : 'wms', item, mine.map(line).join('\n'));
        };
        const kept = keptItem({
          item,
          keys: off(50, 47),
          balances: sampleBalances('erp | UNAVAILABLE | 8\nwms | DAMAGED | 8'),
          postings: [...ledger(true), ...ledger(false)],
          openings: hasOpening
            ? {
                at: { erp: '2026-11-13T23:59:59-06:00', wms: {} },
                balances: sampleBalances('erp | UNRESTRICTED | 40\nwms | AVAILABLE | 41'),
              }
            : undefined,
        });
        const { before, rows, unaccounted } = placeOf(kept).timeline;
        const sums: Record<string, number> = { available: 0, unavailable: 0 };
        for (const { category, quantity } of [...before, ...rows.flatMap(({ effects }) => effects), ...unaccounted])
          sums[category] = (sums[category] ?? 0) + Number(quantity);
        expect(sums).toEqual({ available: -3, unavailable: 0 });
        const sources = rows.flatMap(({ erp, wms }) => [...erp, ...wms]).map(({ file, row }) => `${file} ${row}`);
        expect(sources.sort()).toEqual(kept.postings.map(({ source }) => `${source.file} ${source.row}`).sort());
        if (!hasOpening) expect(unaccounted).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

it('a row that a contribution of another place names is named here too, without a number', () => {
  const wms = sampleLedger('wms', item, '20 Nov 11:00 | receipt | PO-1 | | AVAILABLE | 5 |');
  const erp = sampleLedger('erp', item, '20 Nov 12:00 | receipt | PO-1 | | UNRESTRICTED | 5 |', 'DC2');
  const crossed = (site: string, quantity: number) =>
    keptKey({ item, site, rank: '1', erp: 5, wms: 5 + quantity, cents: 100 }, [
      contribution('site-cross-posted', quantity, 0.97, 'erp', { proofs: [proofOf(wms[0], ''), proofOf(erp[0], '')] }),
    ]);
  const kept = keptItem({ item, keys: [crossed('DC1', 5), crossed('DC2', -5)], postings: [...wms, ...erp] });
  const view = buildItemView(kept, { run: SAMPLE_RUN });
  expect(
    view.places.map(({ site, timeline }) => [site, timeline.rows[0]?.contributions, timeline.rows[0]?.causes]),
  ).toEqual([
    ['DC1', [1], ['site-cross-posted']],
    ['DC2', [1], ['site-cross-posted']],
  ]);
  const dc2 = buildItemView(
    {
      ...kept,
      keys: kept.keys.slice(0, 1),
      balances: sampleBalances('erp | UNRESTRICTED | 5\nwms | AVAILABLE | 0', 'DC2'),
    },
    { run: SAMPLE_RUN, site: 'DC2' },
  );
  expect(dc2.places[0]?.timeline.rows[0]).toMatchObject({ state: 'named', contributions: [] });
});
