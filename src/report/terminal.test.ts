import { describe, expect, test } from 'vitest';
import { widthMax } from './plain-text.ts';
import { refusedReport, SAMPLE_GAPS, sampleLine, sampleReport } from './sample-report-fixture.ts';
import { renderTerminal } from './terminal.ts';

const plain = { color: false, width: 80, top: 5 };
const unindent = (text: string) => `${text.replace(/^\n/, '').replace(/^ {4}/gm, '').trimEnd()}\n`;

test('a report at 80 columns', () => {
  expect(renderTerminal(sampleReport(SAMPLE_GAPS), plain)).toBe(
    unindent(`
    Acme · run 20261123T064503Z-7c1f · 23 Nov 2026, 06:45 −06:00
    ERP and WMS agree on 99.2% of 23,104 keys (99.7% of units) at DC1 and DC2. 182
    keys are off by $122,399.20 gross.
    The comparison is incomplete: 2 rows were rejected, and 15 rows have a stock
    status without a category. What they hold is in no figure here.

    Accuracy      99.2% of keys              net variance within tolerance
                  99.2% exactly              net variance exactly 0
                  99.7% of units             1 − Σ|net variance| ÷ Σ WMS quantity
    Gross         $122,399.20 · 1,405 units  every error counts, in any direction
    Net           −$25,264.70 · −91 units    79.3% of the gross cancels out
    ERP too high  ▼ $73,831.95
    ERP too low   ▲ $48,567.25
    A key is one item in one category at one site. Net variance = WMS − ERP − in
    flight.

    By site
    Site    Keys  In sync  Off       Gross          Net
    DC1   11,552    99.1%   98  $57,724.72  −$12,711.32
    DC2   11,552    99.2%   84  $64,674.48  −$12,553.38

    By category
    Category       Keys  In sync  Off        Gross          Net
    available    20,216    99.2%  147  $109,899.56  −$18,905.86
    unavailable   2,888    98.7%   35   $12,499.64   −$6,358.84

    Top 5 of 182 discrepancies
    #  Site  Item   Category   ERP  WMS  Net       Value  ERP is
    1  DC2   00277  available  269  242  −27  −$9,737.55  ▼ too high
    2  DC1   00117  available  303  333  +30   $9,411.30  ▲ too low
    3  DC1   00172  available  156  126  −30  −$8,664.60  ▼ too high
    4  DC2   00210  available  127  157  +30   $7,621.20  ▲ too low
    5  DC2   00161  available  265  246  −19  −$6,206.73  ▼ too high
    All of them stand in discrepancies.csv.

    Timing only: 12 keys differ only by what is in flight; they are no discrepancy
    and listed in timing.csv.

    2 rejected rows
      in/erp_stock_20261122.csv row 117, quantity "12,5x": not a number
      in/erp_stock_20261122.csv row 2,204, item: item is missing

    2 stock statuses without a category
    System  Status   Rows  Units      Value
    wms1    QC HOLD    14    320  $4,100.00
    sap     (blank)     1    7.5    no cost
    Give each a category in evenstock.yaml, or ignore it there with a reason.

    ! Warning wms1 balances (duplicate-rows)
      3 rows repeat another row in every column; they were added up.
      What to do: Say \`unique: true\` for the source if a repeated row is an error.`),
  );
});

test('a refused run says why and what to do, and gives no figures', () => {
  expect(renderTerminal(refusedReport(), plain)).toBe(
    unindent(`
    Acme · run 20261123T064503Z-7c1f · 23 Nov 2026, 06:45 −06:00
    The run was refused: the files cannot be compared as they are, so there are no
    figures.

    ✖ Refused sap balances (stale)
      The cut-off is 22 Nov 2026, 23:59 −06:00: 31 hours old, and max_age is 26h.
      What to do: Export the ERP stock again, or raise max_age of this source.
    ✖ Refused wms1 balances (no-overlap)
      Only 3 of 11,204 items stand on both sides (0.02%).
      What to do: Check that both files use the same item codes; leading zeros are
        part of a code.
    ! Warning wms1 balances (duplicate-rows)
      3 rows repeat another row in every column; they were added up.`),
  );
});

test('nothing out of sync', () => {
  const text = renderTerminal(sampleReport({ lines: [], totals: { keys_timing_only: 0 } }), plain);
  expect(text).toContain('\nNothing is out of sync: all 23,104 keys agree.\n');
  expect(text).not.toMatch(/discrepanc|\nGross|Timing only|rejected/);
});

describe('hostile data', () => {
  const lines = [
    sampleLine({
      rank: '1',
      erp: 5,
      wms: 0,
      cents: 1200,
      item: '\u001b[31mRED\u001b[0m\u0007\u009b2J',
      category: 'a\tb\nc',
      absent_from: 'wms',
    }),
    sampleLine({
      rank: '2',
      erp: 1,
      wms: 2,
      cents: 100,
      item: '日本語の商品名前とても長い商品名前とても長い',
      description: '👩‍👩‍👧‍👦'.repeat(30),
      category: '\u202eabc',
    }),
    sampleLine({
      rank: '3',
      erp: 1,
      wms: 2,
      cents: 100,
      item: 'x'.repeat(5_000),
      lot: 'L'.repeat(300),
      owner: 'O'.repeat(300),
    }),
  ];
  const rejections = [
    {
      source: 's',
      file: '\u001b]0;title\u0007in.csv',
      row: 2,
      column: 'q',
      value: '\u001b[2J'.repeat(50),
      reason: 'r\u001b[1m',
    },
  ];
  const report = sampleReport({ lines, rejections, totals: { rejected_rows: 1 } });

  test.each([48, 60, 80, 120, 200])('no escape gets through and no line is wider than %i columns', (width) => {
    const text = renderTerminal(report, { ...plain, width });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).not.toMatch(/\p{Surrogate}/u);
    expect(text.split('\n').filter((line) => widthMax(line) > width)).toEqual([]);
  });

  test('the columns stay aligned: the value ends in the same place in every row', () => {
    const rows = renderTerminal(
      sampleReport({ lines: lines.map((line) => ({ ...line, item: line.item.slice(0, 8), lot: '', owner: '' })) }),
      plain,
    )
      .split('\n')
      .filter((line) => /▼ too high|▲ too low/.test(line));
    expect(rows).toHaveLength(3);
    const ends = rows.map((line) =>
      [...(line.split(/ {2}[▼▲]/)[0] ?? '')].reduce(
        (sum, character) => sum + (/[぀-ヿ㐀-鿿]/.test(character) ? 2 : 1),
        0,
      ),
    );
    expect(new Set(ends).size).toBe(1);
  });

  test('a side without a row is shown as such', () => {
    const text = renderTerminal(report, { ...plain, width: 120 });
    expect(text).toMatch(/ 5 +— +−5 +−\$60\.00 +▼ too high/);
    expect(text).toContain('— : that side has no row for the key; counted as 0.');
  });
});

test('colours only where asked for', () => {
  expect(renderTerminal(sampleReport(), { ...plain, color: true })).toContain('\u001b[1m');
  expect(renderTerminal(sampleReport(), plain)).not.toContain('\u001b');
});

test('top limits what is read from the lines', () => {
  let read = 0;
  function* lines() {
    for (const line of sampleReport().lines) {
      read++;
      yield line;
    }
  }
  const text = renderTerminal({ ...sampleReport(), lines: lines() }, { ...plain, top: 3 });
  expect(text).toContain('Top 3 of 182 discrepancies');
  expect(read).toBe(3);
  expect(renderTerminal(sampleReport(), { ...plain, top: 0 })).not.toContain('Top ');
});

test('singular', () => {
  const text = renderTerminal(
    sampleReport({
      lines: [sampleLine({ rank: '1', erp: 2, wms: 1, cents: 100 })],
      totals: { keys_timing_only: 1, rejected_rows: 1 },
    }),
    plain,
  );
  expect(text).toContain('1 discrepancy\n');
  expect(text).toContain('1 key differs only by what is in flight; it is no discrepancy');
  expect(text).toContain('1 rejected row\n');
});
