import { describe, expect, it } from 'vitest';
import type { TimelinePosting, TimelineRow } from '../contract/item-view.ts';
import { foldTimeline } from './fold-timeline.ts';

const posting = (quantity: string, more: Partial<TimelinePosting> = {}): TimelinePosting => ({
  at: '',
  movement_id: '',
  type: '',
  status: '',
  category: '',
  quantity,
  user: '',
  after_cut_off: false,
  file: '',
  row: 2,
  ...more,
});

/** One row for each letter: matched, named, unmatched, message only; days from 1 on. */
function rowsOf(letters: string): TimelineRow[] {
  const states = { m: 'matched', n: 'named', u: 'unmatched', o: 'message-only' } as const;
  return [...letters].map((letter, index) => ({
    state: states[letter as keyof typeof states],
    at: `day ${index + 1}`,
    document: '',
    type: '',
    matched_by: '',
    erp: letter === 'm' ? [posting('-2.5'), posting('-0.1', { after_cut_off: true })] : [],
    wms: [posting('-2.5')],
    messages: [],
    effects: [],
    contributions: [],
    causes: [],
  }));
}

/** "2m" for two folded rows that agree, "3d" for three that differ, a state's letter for a row that is shown. */
function textOf(letters: string, rowsMax = 10): string {
  return foldTimeline(rowsOf(letters), rowsMax)
    .map((entry) => {
      if ('row' in entry) return entry.row.state.slice(0, 1);
      const { agreeing, differing } = entry.folded;
      return `(${agreeing > 0 ? `${agreeing}m` : ''}${differing > 0 ? `${differing}d` : ''})`;
    })
    .join(' ');
}

describe('foldTimeline', () => {
  it.each([
    ['', ''],
    ['mmm', '(3m)'],
    ['mmnmmu', '(2m) n (2m) u'],
    ['nuo', 'n u m'],
  ])('%s: %s', (letters, expected) => {
    expect(textOf(letters)).toBe(expected);
  });

  it.each([
    ['what contributions name comes first, then the latest of the others', 'uunu', 2, '(2d) n u'],
    ['no more than allowed', 'nnnnuu', 3, 'n n n (3d)'],
    ['none', 'nu', 0, '(2d)'],
    ['both kinds in one fold', 'mum', 0, '(2m1d)'],
  ])('%s', (_, letters, rowsMax, expected) => {
    expect(textOf(letters, rowsMax)).toBe(expected);
  });

  it('adds up both sides exactly, without what is behind the cut-off, and says from when to when', () => {
    expect(foldTimeline(rowsOf('mm'), 5)).toEqual([
      { folded: { agreeing: 2, differing: 0, from: 'day 1', to: 'day 2', erp: '-5', wms: '-5' } },
    ]);
  });
});
