import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import { refusedReport, SAMPLE_GAPS, sampleLine, sampleReport } from './sample-report-fixture.ts';

const page = (report = sampleReport(), linesMax = 20_000) => [...renderHtml(report, { linesMax })].join('');
const inside = (html: string, open: RegExp) => new RegExp(`${open.source}([\\s\\S]*?)</`).exec(html)?.[1] ?? '';
const embedded = (html: string) =>
  JSON.parse(inside(html, /<script type="application\/json" id="lines">/)) as {
    columns: { key: string; place: string }[];
    rows: string[][];
  };
const text = (html: string) =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('safety', () => {
  const evil = sampleLine({
    rank: '1',
    erp: 5,
    wms: 0,
    cents: 1200,
    item: '</script><script>alert(1)',
    description: '<img src=x onerror=alert(2)>\u2028\u2029"\'&',
    site: '"><u>',
    category: '<!--',
  });
  const html = page(
    sampleReport({
      lines: [evil],
      run: {
        name: '<i>Acme</i>',
        unmapped: [{ system: '<s>', status: '<script>', rows: 1, quantity: '1', value: '', currency: '' }],
        quality: [{ severity: 'warning', code: '<c>', source: '<q>', message: '<m>', action: '<a>' }],
      },
      rejections: [{ source: 's', file: '<f>', row: 2, column: '<c>', value: '<v onload=x>', reason: '<r>' }],
      totals: { rejected_rows: 1 },
    }),
  );

  test('data never becomes markup', () => {
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).not.toMatch(/<(img|u>|i>Acme|s>|q>|m>|a>|f>|v |r>)/);
    expect(html).not.toMatch(/[\u2028\u2029].*<\/script>/);
    expect(html).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
  });

  test('the embedded lines read back as they were', () => {
    const { columns, rows } = embedded(html);
    expect(rows[0]?.[columns.findIndex((column) => column.key === 'item')]).toBe(evil.item);
    expect(rows[0]?.[columns.findIndex((column) => column.key === 'description')]).toBe(evil.description);
  });

  test('nothing is requested and only our own style and script may run', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const hash = (value: string) => `'sha256-${createHash('sha256').update(value).digest('base64')}'`;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`style-src ${hash(inside(html, /<style>/))}`);
    expect(policy).toContain(`script-src ${hash(inside(html, /<script type="module">/))}`);
    expect(html).not.toMatch(/https?:|@import|url\(| style="| on[a-z]+="/);
  });
});

describe('what it says', () => {
  test('headline, measures with their definitions, chart, groups, lines, files', () => {
    const said = text(page(sampleReport(SAMPLE_GAPS)));
    for (const part of [
      'ERP and WMS agree on 99.2% of 23,104 keys (99.7% of units) at DC1 and DC2. 182 keys are off by $122,399.20 gross.',
      'The comparison is incomplete: 2 rows were rejected, and 15 rows have a stock status without a category.',
      'Accuracy 99.2% of keys · 99.7% of units How it is measured Keys whose net variance is within tolerance, ÷ all 23,104 keys. A key is one item in one category at one site.',
      'Net variance −$25,264.70 79.3% of the gross cancels out',
      '▼ ERP too high: $73,831.95. ▲ ERP too low: $48,567.25.',
      'The 12 largest make up 53.3% of the gross',
      'DC1 11,552 99.1% 98 $57,724.72 −$12,711.32',
      '2 DC1 00117 Garden hose 25 m available 303 333 +30 $9,411.30 ▲ ERP too low',
      '2 stock statuses without a category',
      'sap (blank) 1 7.5 no cost',
      'in/erp_stock_20261122.csv 2,204 item item is missing',
      '12 keys out of step only by what is in flight',
      'Showing 1 of 12; all stand in timing.csv.',
      'What to do: Say `unique: true`',
      '9f2c4b7d1e0a5836c4d2b1f09a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c',
      '22 Nov 2026, 23:59 −06:00',
      'Run 20261123T064503Z-7c1f',
    ]) {
      expect(said).toContain(part);
    }
  });

  test('lines beyond the limit are named and left out', () => {
    const html = page(sampleReport({ discrepancies: 5_000 }), 2_000);
    expect(embedded(html).rows).toHaveLength(2_000);
    expect(text(html)).toContain('Showing the first 2,000 of 5,000 in rank order; all stand in discrepancies.csv.');
    expect(text(html)).toContain('The 12 largest of the 2,000 lines shown here make up');
    expect(text(page())).not.toContain('Showing the first');
    // A report cut down by filters keeps the run's totals, so the lines themselves say that there are more.
    expect(text(page(sampleReport({ discrepancies: 30, totals: { discrepancies: 20 } }), 20))).toContain(
      'Showing the first 20 of 21',
    );
  });

  test('no discrepancies', () => {
    const html = page(sampleReport({ lines: [] }));
    expect(text(html)).toContain('None. A key stands here when its net variance exceeds the tolerance.');
    expect(html).not.toMatch(/id="(table|pareto|filters)"/);
  });

  test('a refused run: why, what to do, and no figures', () => {
    const html = page(refusedReport());
    expect(text(html)).toContain(
      'Why, and what to do ✖ Refused : sap balances stale The cut-off is 22 Nov 2026, 23:59 −06:00: 31 hours old, and max_age is 26h. What to do: Export the ERP stock again',
    );
    expect(html).not.toMatch(/class="measures"|id="(table|pareto|by-site|discrepancies)"/);
  });

  test('the side without a row is named, and a line without a cost says so', () => {
    const lines = [
      sampleLine({ rank: '1', erp: 5, wms: 0, cents: 100, absent_from: 'wms' }),
      sampleLine({ rank: '2', erp: 0, wms: 1, cents: 100, absent_from: 'erp', unit_cost: '', variance_value: '' }),
    ];
    const said = text(page(sampleReport({ lines })));
    expect(said).toContain('−$5.00 ▼ ERP too high · not in WMS');
    expect(said).toContain('no cost ▲ ERP too low · not in ERP');
  });

  test('columns that no line fills are left out', () => {
    const keys = (lot: string) =>
      embedded(page(sampleReport({ lines: [sampleLine({ erp: 1, wms: 2, cents: 1, lot })] }))).columns.map(
        (column) => column.key,
      );
    expect(keys('')).not.toContain('lot');
    expect(keys('')).toContain('rank');
    expect(keys('L1')).toContain('lot');
  });
});

test('it reads no more lines than it shows, but one', () => {
  let read = 0;
  const all = sampleReport();
  function* lines() {
    for (const line of all.lines) {
      read++;
      yield line;
    }
  }
  page({ ...all, lines: lines() }, 10);
  expect(read).toBe(11);
});
