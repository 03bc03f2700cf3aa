import { describe, expect, it } from 'vitest';
import { emptyMasterData, type MasterRow } from './master-data.ts';
import { addPromotion, PromotionBook, type PromotionFormat } from './promotions.ts';

const FORMAT: PromotionFormat = {
  master: emptyMasterData('EA', 'exact'),
  numbers: {},
  dayFormat: undefined,
  needs: (item) => item !== 'unneeded',
};

function bookOf(...rows: readonly MasterRow[]): PromotionBook {
  const book = new PromotionBook();
  for (const row of rows) expect(addPromotion(book, row, FORMAT)).toBeUndefined();
  return book;
}

/** Six in the evening of 22 November 2026, as days since 1970: a horizon of seven days ends at six on the 29th. */
const EVENING = 20_779.75;

describe('demandDays', () => {
  it.each<[string, MasterRow[], number]>([
    ['no promotion', [], 7],
    ['its days within the horizon: 3.75', [{ starts_on: '2026-11-26', ends_on: '2026-12-24', uplift: '2.5' }], 12.625],
    ['the last day counts to its end', [{ starts_on: '2026-11-01', ends_on: '2026-11-22', uplift: '3' }], 7.5],
    ['over before', [{ starts_on: '2026-11-01', ends_on: '2026-11-21', uplift: '3' }], 7],
    ['not yet', [{ starts_on: '2026-11-30', ends_on: '2026-12-01', uplift: '3' }], 7],
    ['all the time', [{ starts_on: '2026-11-01', ends_on: '2026-12-31', uplift: '1.5' }], 10.5],
    ['at another site', [{ site: 'DC2', starts_on: '2026-11-01', ends_on: '2026-12-31', uplift: '2' }], 7],
    ['of another item', [{ item: 'B', starts_on: '2026-11-01', ends_on: '2026-12-31', uplift: '2' }], 7],
    ['without uplift', [{ starts_on: '2026-11-01', ends_on: '2026-12-31' }], 7],
    ['one that lowers the demand', [{ starts_on: '2026-11-24', ends_on: '2026-11-25', uplift: '0.5' }], 6],
    [
      'of two at once the greater counts',
      [
        { starts_on: '2026-11-24', ends_on: '2026-11-25', uplift: '2' },
        { site: 'DC1', starts_on: '2026-11-25', ends_on: '2026-11-26', uplift: '3' },
      ],
      12,
    ],
  ])('%s', (_name, rows, expected) => {
    const book = bookOf(...rows.map((row) => ({ item: 'A', ...row })));
    expect(book.demandDays('DC1', 'A', EVENING, 7)).toBeCloseTo(expected, 12);
  });
});

describe('runs', () => {
  it.each([
    ['2026-11-29', '2026-12-24', true],
    ['2026-11-30', '2026-12-24', false],
    ['2026-11-22', '2026-11-22', true],
    ['2026-11-21', '2026-11-21', false],
  ])('from %s to %s: %s', (starts_on, ends_on, expected) => {
    expect(bookOf({ item: 'A', starts_on, ends_on }).runs('DC1', 'A', EVENING, 7)).toBe(expected);
  });
});

describe('addPromotion', () => {
  it('reads days as spreadsheets, databases and declared formats write them', () => {
    const book = bookOf({ item: 'A', starts_on: '2026-11-23T00:00:00', ends_on: '2026-11-23 00:00' });
    expect(book.runs('DC1', 'A', 20_780, 1)).toBe(true);
    expect(book.runs('DC1', 'A', 20_781, 9)).toBe(false);
    const german = new PromotionBook();
    const row = { item: 'A', starts_on: '23.11.2026', ends_on: '23.11.2026' };
    expect(addPromotion(german, row, { ...FORMAT, dayFormat: 'dd.MM.yyyy' })).toBeUndefined();
    expect(german.runs('DC1', 'A', 20_780, 1)).toBe(true);
  });

  it('items that nobody needs are not kept', () => {
    const book = bookOf({ item: 'unneeded', starts_on: '2026-11-01', ends_on: '2026-12-31' });
    expect(book.runs('DC1', 'unneeded', EVENING, 7)).toBe(false);
  });

  const good = { item: 'A', starts_on: '2026-11-23', ends_on: '2026-11-24', uplift: '2' };
  it.each<[string, MasterRow, string, RegExp]>([
    ['no item', { ...good, item: '' }, 'item', /missing/],
    ['no start', { ...good, starts_on: ' ' }, 'starts_on', /blank/],
    ['a time of day', { ...good, starts_on: '2026-11-23T08:00:00' }, 'starts_on', /not a day/],
    ['another way to write a day', { ...good, ends_on: '24.11.2026' }, 'ends_on', /declare time_format/],
    ['a day that does not exist', { ...good, ends_on: '2026-11-31' }, 'ends_on', /does not exist/],
    ['an end before the start', { ...good, ends_on: '2026-11-22' }, 'ends_on', /before it starts/],
    ['a word for the uplift', { ...good, uplift: 'double' }, 'uplift', /not a decimal/],
    ['an uplift below zero', { ...good, uplift: '-1' }, 'uplift', /below zero/],
  ])('rejects %s', (_name, row, column, reason) => {
    const book = new PromotionBook();
    expect(addPromotion(book, row, FORMAT)).toEqual({
      column,
      value: row[column] ?? '',
      reason: expect.stringMatching(reason),
    });
    expect(book.runs('DC1', 'A', 20_780, 7)).toBe(false);
  });

  it('rejects what is not written as declared', () => {
    const row = { ...good, starts_on: '2026-11-23' };
    expect(addPromotion(new PromotionBook(), row, { ...FORMAT, dayFormat: 'dd.MM.yyyy' })).toMatchObject({
      column: 'starts_on',
      reason: 'not a day as time_format says',
    });
  });
});
