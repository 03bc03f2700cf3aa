import { describe, expect, it } from 'vitest';
import type { ItemKey, TimelinePosting } from '../contract/item-view.ts';
import { additionPhrase, clockText, postingTexts, priorityPhrase, proofPlace, shortTime } from './item-wording.ts';

const postings = (...texts: string[]): TimelinePosting[] =>
  texts.map((text) => {
    const [quantity = '', status = '', late] = text.split(' ');
    return {
      at: '',
      movement_id: '',
      type: '',
      status,
      category: '',
      quantity,
      user: '',
      after_cut_off: late !== undefined,
      file: '',
      row: 2,
    };
  });

it.each([
  ['one', ['-12 AVL'], ['−12 AVL']],
  ['the same twice: a repeated posting is seen', ['-6 AVL', '-6 AVL'], ['−6 AVL', '−6 AVL']],
  ['a status that units only pass through is left out', ['-96 AVL', '96 PCK', '-96 PCK'], ['−96 AVL']],
  ['a move', ['-5 AVL', '5 DMG'], ['−5 AVL', '+5 DMG']],
  ['posted and taken back', ['-5 AVL', '5 AVL'], ['0 AVL (2 postings)']],
  ['many of one status', ['-1 AVL', '-1 AVL', '-1 AVL', '-1 AVL', '-1.5 AVL'], ['−5.5 AVL (5 postings)']],
  ['before the cut-off and after it', ['-1 AVL', '-2 AVL late'], ['−1 AVL', '−2 AVL, after the cut-off']],
  ['none', [], []],
])('postings: %s', (_, given, expected) => {
  expect(postingTexts(postings(...given))).toEqual(expected);
});

describe('additionPhrase', () => {
  const key = (variance: string, ...quantities: string[]): ItemKey =>
    ({
      variance_quantity: variance,
      contributions: quantities.map((quantity, index) => ({
        quantity,
        cause_words: index < 2 ? 'rounding' : 'wrong sign',
      })),
    }) as unknown as ItemKey;
  it.each([
    [key('-4', '-4'), '−4'],
    [key('1', '3', '-2'), '+1 = +3 − 2'],
    [key('0', '2', '-2'), '0 = +2 − 2'],
    [key('-0.3', '-0.1', '-0.2', '0.1', '0.1', '-0.1', '-0.1', '0'), '−0.3 = −0.3 rounding'],
  ])('%#', (given, expected) => {
    expect(additionPhrase(given)).toBe(expected);
  });
});

describe('proofPlace', () => {
  const proof = { kind: 'message', id: 'M-1', reference: '', file: 'm.csv', row: 1200, says: '' } as const;
  it.each([
    [proof, 'message M-1, m.csv row 1,200'],
    [{ ...proof, kind: 'erp-movement', id: '' } as const, 'ERP movement, m.csv row 1,200'],
    [{ ...proof, kind: 'balance', id: '', file: '', row: null } as const, ''],
  ])('%#', (given, expected) => {
    expect(proofPlace(given)).toBe(expected);
  });
});

describe('priorityPhrase', () => {
  const key = { priority: '', impact_value: '', priority_terms: [] } as unknown as ItemKey;
  it.each<[Partial<ItemKey>, string]>([
    [{}, ''],
    [{ priority: 'high' }, 'Priority high.'],
    [{ impact_value: '1120.00' }, 'Impact $1,120.00.'],
    [
      {
        priority: 'critical',
        impact_value: '1120.00',
        priority_terms: [
          { name: 'orders at risk', amount: '18', unit: 'units' },
          { name: 'needless purchases', amount: '0.00', unit: 'USD' },
          { name: 'exposure', amount: '900.50', unit: 'USD' },
        ],
      },
      'Priority critical: impact $1,120.00 · orders at risk 18 units · exposure $900.50.',
    ],
  ])('%#', (more, expected) => {
    expect(priorityPhrase({ ...key, ...more }, { currency: 'USD' })).toBe(expected);
  });
});

it.each([
  ['2026-11-21T13:52:10-06:00', '21 Nov 13:52', '−06:00'],
  ['2025-12-31T23:59:59Z', '31 Dec 2025 23:59', 'UTC'],
  ['2026-01-02T00:05:00+05:30', '2 Jan 00:05', '+05:30'],
])('%s on the clock of its place', (iso, time, clock) => {
  expect([shortTime(iso, '2026'), clockText(iso)]).toEqual([time, clock]);
});
