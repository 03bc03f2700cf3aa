import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { DiscrepancyLine } from '../../contract/run.ts';
import { keepLines, keptLine, keptLines } from './kept-lines-fixture.ts';
import type { LinePlace } from './line-book.ts';
import { type LineFilter, NO_FILTER } from './line-filter.ts';
import { LINE_SORTS, type LineOrder } from './line-order.ts';
import { LineShelf, type PageRequest } from './line-shelf.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenstock-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const keep = (lines: readonly DiscrepancyLine[]) => keepLines(folder, `lines-${++files}`, lines);
const BY_RANK: LineOrder = { by: 'rank', isReversed: false };

async function allPages(shelf: LineShelf, request: Omit<PageRequest, 'after'>): Promise<DiscrepancyLine[]> {
  const lines: DiscrepancyLine[] = [];
  let after: LinePlace | undefined;
  do {
    const page = await shelf.page({ ...request, after });
    if (page === undefined) throw new Error('the place that a page named is unknown');
    expect(page.lines.length).toBeLessThanOrEqual(request.limit);
    lines.push(...page.lines);
    after = page.next;
  } while (after !== undefined);
  return lines;
}

function ageOf(days: string): string {
  if (days === '') return '';
  return ['0-1', '2-3', '4-7', '8-30', '30+'][
    [1, 3, 7, 30, Infinity].findIndex((last) => Number(days) <= last)
  ] as string;
}

/** Written without any of the product's code. */
function fits(line: DiscrepancyLine, filter: LineFilter, sites: readonly string[] | null): boolean {
  const any = (wanted: readonly string[], text: string) => wanted.length === 0 || wanted.includes(text);
  const starts = (wanted: readonly string[], text: string) =>
    wanted.length === 0 || wanted.some((start) => text.startsWith(start));
  const found = [line.item, line.description, line.lot].some((text) =>
    text.toLowerCase().includes((filter.text ?? '').toLowerCase()),
  );
  const isWorth =
    filter.minValue === undefined ||
    (line.variance_value !== '' && Math.abs(Number(line.variance_value)) >= Number(filter.minValue));
  return (
    (sites === null || sites.includes(line.site)) &&
    any(filter.site, line.site) &&
    any(filter.category, line.category) &&
    any(filter.cause, line.cause) &&
    any(filter.finding, line.finding_id) &&
    any(filter.direction, line.direction) &&
    any(filter.priority, line.priority) &&
    any(filter.age, ageOf(line.days_out_of_sync)) &&
    (filter.rank.length === 0 || filter.rank.includes(Number(line.rank))) &&
    starts(filter.item, line.item) &&
    starts(filter.firstSeen, line.first_seen) &&
    isWorth &&
    found
  );
}

/** What comes first is small; undefined comes last. */
function keyOf(line: DiscrepancyLine, by: LineOrder['by']): number | string | undefined {
  const number = (text: string) => (text === '' ? undefined : Number(text));
  const size = (text: string) => (text === '' ? undefined : -Math.abs(Number(text)));
  switch (by) {
    case 'rank':
      return Number(line.rank);
    case 'value':
      return size(line.variance_value);
    case 'units':
      return size(line.net_variance_quantity);
    case 'impact':
      return size(line.impact_value);
    case 'days_out_of_sync':
      return size(line.days_out_of_sync);
    case 'priority':
      return number(`${['critical', 'high', 'medium', 'low'].indexOf(line.priority)}`.replace('-1', ''));
    default:
      return line[by];
  }
}

function sorted(lines: readonly DiscrepancyLine[], { by, isReversed }: LineOrder): DiscrepancyLine[] {
  return lines.toSorted((a, b) => {
    const [left, right] = [keyOf(a, by), keyOf(b, by)];
    if (left === right) return Number(a.rank) - Number(b.rank);
    if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
    return left < right === isReversed ? 1 : -1;
  });
}

const some = (...texts: string[]) => fc.subarray(texts);
const filters: fc.Arbitrary<LineFilter> = fc.record({
  site: some('DC1', 'DC2'),
  category: some('available'),
  cause: some('unexplained', 'rounding'),
  finding: some('F1'),
  direction: some('erp-overstated'),
  priority: some('high', 'low', ''),
  age: some('', '0-1', '8-30'),
  rank: fc.oneof(fc.constant([]), fc.array(fc.integer({ min: 1, max: 70 }))),
  item: some('001', '12', 'Ä'),
  minValue: fc.constantFrom(undefined, '0', '5', '5.001', '19.99'),
  firstSeen: some('2026-11-01', '2026-11-02T23:59:59-06:00'),
  text: fc.constantFrom(undefined, 'kettle', 'ä', 'L1', 'nothing'),
});

test('all pages together are the lines that fit, in order, for any filter, order and size of page', async () => {
  const question = fc.record({
    filter: fc.oneof(filters, fc.constant(NO_FILTER)),
    sites: fc.constantFrom(null, ['DC1'], ['DC2', 'DC9'], []),
    order: fc.record({ by: fc.constantFrom(...LINE_SORTS), isReversed: fc.boolean() }),
    limit: fc.integer({ min: 1, max: 70 }),
    offset: fc.integer({ min: 0, max: 70 }),
  });
  await fc.assert(
    fc.asyncProperty(keptLines, fc.array(question, { minLength: 5, maxLength: 15 }), async (lines, questions) => {
      const shelf = new LineShelf(folder);
      const run = await keep(lines);
      for (const { filter, sites, order, limit, offset } of questions) {
        const request = { run, selection: { filter, sites }, change: undefined, order, limit };
        const expected = sorted(
          lines.filter((line) => fits(line, filter, sites)),
          order,
        );
        expect(await allPages(shelf, request)).toEqual(expected);
        const jumped = await shelf.page({ ...request, after: undefined, offset });
        expect(jumped?.lines).toEqual(expected.slice(offset, offset + limit));
        expect(jumped?.next === undefined).toBe(offset + limit >= expected.length);
        const page = await shelf.page({ ...request, after: undefined });
        const sum = (of: (line: DiscrepancyLine) => number) => expected.reduce((total, line) => total + of(line), 0);
        const cents = (line: DiscrepancyLine) => Math.round(Number(line.variance_value) * 100);
        expect(page?.sums).toMatchObject({
          discrepancies: expected.length,
          net_variance_quantity: String(sum((line) => Number(line.net_variance_quantity))),
          gross_variance_value: (sum((line) => Math.abs(cents(line))) / 100).toFixed(2),
          unvalued: sum((line) => (line.variance_value === '' ? 1 : 0)),
        });
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('groups add up to the whole, and only what may be seen is in them', async () => {
  const lines = [
    keptLine({ rank: '1', net: -4, cents: -800, cause: 'rounding' }),
    keptLine({ rank: '2', net: 3, cents: 300, cause: 'message-lost', site: 'DC2' }),
    keptLine({ rank: '3', net: 1, cents: null, cause: 'rounding' }),
  ];
  const shelf = new LineShelf(folder);
  const run = await keep(lines);
  const selection = { filter: NO_FILTER, sites: ['DC1'] };
  expect(await shelf.groups({ run, selection, change: undefined, by: 'cause' })).toEqual([
    {
      group: 'rounding',
      discrepancies: 2,
      gross_variance_quantity: '5',
      net_variance_quantity: '-3',
      gross_variance_value: '8.00',
      net_variance_value: '-8.00',
      erp_overstated_value: '8.00',
      erp_understated_value: '0.00',
      unvalued: 1,
    },
  ]);
});

test('what became of lines since another run', async () => {
  const line = (item: string, net: number, rank: number) => keptLine({ rank: String(rank), item, net, cents: net });
  const before = await keep([line('same', 5, 1), line('better', -9, 2), line('worse', 1, 3), line('gone', 7, 4)]);
  const now = await keep([line('same', -5, 1), line('better', 2, 2), line('worse', 3, 3), line('new', 1, 4)]);
  const shelf = new LineShelf(folder);
  const selection = { filter: NO_FILTER, sites: null };
  for (const change of ['new', 'worse', 'better', 'same', 'gone'] as const) {
    const limit = { since: before, changes: [change] };
    const page = await shelf.page({ run: now, selection, change: limit, order: BY_RANK, after: undefined, limit: 9 });
    expect(page?.lines.map(({ item }) => item)).toEqual([change]);
  }
  const sums = await shelf.compare({ run: now, since: before, selection });
  expect(sums.gone.gross_variance_quantity).toBe('7');
  expect(sums.new.discrepancies + sums.worse.discrepancies + sums.better.discrepancies).toBe(3);
});

test('a place of another list is no place of this one', async () => {
  const run = await keep([
    keptLine({ rank: '1', net: 1, cents: 100 }),
    keptLine({ rank: '2', net: 1, cents: 900, item: 'B' }),
  ]);
  const shelf = new LineShelf(folder);
  const request = { run, selection: { filter: NO_FILTER, sites: null }, change: undefined, limit: 1 };
  const value: LineOrder = { by: 'value', isReversed: false };
  expect(await shelf.page({ ...request, order: value, after: { position: 0, rank: 1 } })).toBeUndefined();
  expect(await shelf.page({ ...request, order: value, after: { position: 9, rank: 1 } })).toBeUndefined();
  expect(await shelf.page({ ...request, order: value, after: { position: 0, rank: 2 } })).toMatchObject({
    lines: [{ rank: '1' }],
  });
});
