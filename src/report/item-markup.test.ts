import { describe, expect, it } from 'vitest';
import { buildItemView } from '../app/item-view.ts';
import type { KeptItem } from '../app/kept-item.ts';
import { contribution, keptItem, keptKey, SAMPLE_RUN, sampleBalances, sampleLedger } from '../app/kept-item-fixture.ts';
import { clock, kettle, toaster } from '../app/sample-items-fixture.ts';
import { explainCommand, placeMarkup } from './item-markup.ts';

function markupOf(kept: KeptItem): string {
  const view = buildItemView(kept, { run: SAMPLE_RUN });
  const [place] = view.places;
  if (place === undefined) throw new Error('the item is nowhere');
  return placeMarkup(place, view).text;
}
const textOf = (markup: string): string =>
  markup
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('placeMarkup', () => {
  it('says how it stands, what to do first, both systems, why, and the timeline', () => {
    const said = textOf(markupOf(kettle()));
    const parts = [
      '▲ available: ERP shows 98 EA less than the warehouse once 3 EA in flight are counted, $3,087.00; out of sync since 20 Nov 2026, 10:31 −06:00, 2 days.',
      'First: Send the 141 messages of interface 945 from 13:40 to 14:25 again (F1).',
      'available 354 449 +95 −3 +98',
      '354 UNRESTRICTED 429 AVAILABLE',
      'Why available: +95 = +110 − 12 − 3',
      '−12 message lost nearly certain, .95 · −$378.00',
      'SO-0031882 · 21 Nov 2026, 13:53 −06:00 · to correct in the ERP',
      'part of F1: interface 945, 13:40 to 14:25 on 21 November',
      'the warehouse shipped 12; the ERP has no document for it WMS movement W-88101, in/wms_movements.csv row 20,111',
      '1 cause looked at and refused',
      'Timeline, clock UTC−06:00',
      '14–20 Nov 32 agree −64 −64',
      '21 Nov 13:52 SO-0031882 shipment × none 945 → sent −12 AVAILABLE 2 −12',
      'All documents: evenstock explain 00123 --site DC1 --all',
    ];
    expect(parts.filter((part) => !said.includes(part))).toEqual([]);
    const places = parts.map((part) => said.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('the hypotheses stand open where something is not explained', () => {
    expect(markupOf(clock())).not.toContain('<details>');
    expect(textOf(markupOf(clock()))).toContain(
      'Looked at and refused posted twice, −4 possible, .31 : SO-0031871 ships 4',
    );
  });

  it('the other leg of a move is not told twice', () => {
    expect(textOf(markupOf(toaster()))).toContain(
      '+5 status move missing nearly certain, .95 · $124.95 ADJ-9913, the other side of 1',
    );
  });

  it('without movements it says what would tell', () => {
    const kept = keptItem({
      item: 'A',
      keys: [
        keptKey({ item: 'A', rank: '1', erp: 5, wms: 4, cents: 100 }, [contribution('unexplained', -1, 0, 'count')]),
      ],
      given: { erpLedger: false, wmsLedger: false, messages: false },
    });
    expect(textOf(markupOf(kept))).toContain(
      'Name the movement files of both systems under movements in evenstock.yaml.',
    );
  });

  it('data never becomes markup', () => {
    const evil = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>';
    const postings = sampleLedger('wms', evil, `20 Nov 11:00 | ${evil} | ${evil} | | ${evil} | -1 | ${evil}`, evil);
    const kept = keptItem({
      item: evil,
      keys: [
        keptKey(
          { item: evil, site: evil, rank: '1', erp: 5, wms: 4, cents: 100, priority: evil },
          [
            contribution('posted-twice', -1, 0.9, 'erp', {
              document: evil,
              action: evil,
              proofs: [{ kind: 'message', id: evil, reference: evil, source: { file: evil, row: 2 }, says: evil }],
            }),
          ],
          [{ cause: 'rounding', quantity: -1, confidence: 0.1, refusal: evil }],
          ['F1'],
        ),
      ],
      findings: [{ id: 'F1', cause: 'posted-twice', title: evil, action: evil }],
      balances: sampleBalances(`erp | ${evil} | 5\nwms | ${evil} | 4`, evil),
      postings,
    });
    const markup = markupOf(kept);
    expect(markup).toContain('&lt;img src=x');
    expect(markup).not.toMatch(/<(img|script)/);
    expect(markup.replace(/="[^"]*"/g, '').match(/<[^>]*\bonerror\b[^>]*>/)).toBeNull();
  });
});

it.each([
  ['00123', 'DC1', '', 'evenstock explain 00123 --site DC1'],
  ['A/1:b', 'DC1', 'L 1', "evenstock explain A/1:b --site DC1 --lot 'L 1'"],
  ["O'Neil; rm", 'DC1', '', "evenstock explain 'O'\\''Neil; rm' --site DC1"],
])('the command for %s', (item, site, lot, expected) => {
  expect(explainCommand({ site, lot }, { item })).toBe(expected);
});
