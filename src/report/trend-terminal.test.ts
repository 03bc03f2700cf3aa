import { describe, expect, it } from 'vitest';
import { SAMPLE_MEASURES, sampleRow, sampleTrend } from './trend-fixture.ts';
import { renderTrend } from './trend-terminal.ts';

const plain = (trend = sampleTrend([sampleRow(20), sampleRow(21), sampleRow(22)]), width = 80) =>
  renderTrend(trend, { color: false, width });
/** The blocks between blank lines. */
const blocks = (text: string) => text.trimEnd().split('\n\n');

describe('what it says', () => {
  it('bars with their range, and the newest day first', () => {
    const [name, charts, table] = blocks(plain());
    expect(name).toBe('Acme · 30 days to 22 Nov 2026, by day');
    expect(charts?.split('\n')).toEqual([
      'In sync      97.8%  █▅▁  97.8% to 98.0%',
      'Gross    $2,200.50  ▇██  $2,000.50 to $2,200.50',
      'Off             22  ▇██  20 to 22',
    ]);
    expect(table?.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'Day In sync Off New Still Gone Again >7 d Gross Net Why',
      '22 Nov 97.8% 22 1 21 2 0 3 $2,200.50 −$220.25 91.2%',
      '21 Nov 97.9% 21 1 20 2 0 3 $2,100.50 −$210.25 91.2%',
      '20 Nov 98.0% 20 1 19 2 0 3 $2,000.50 −$200.25 91.2%',
    ]);
  });

  it('each column and each measure with what it is', () => {
    const text = plain(sampleTrend([sampleRow(22)], { latest: SAMPLE_MEASURES })).replaceAll(/\n +/g, ' ');
    for (const part of [
      'Gone: Keys that the run of the cut-off before listed, that this run compared, and that it does not list.',
      'On 22 Nov 2026\n',
      'Days out of sync, mean  8.25 days Days from the onset',
      'Dollar-days  $1,234.50 Σ|v′ × unit cost| × days out of sync',
      'Recurrence  3.1% Of the keys resolved within the last 30 days',
      'Ageing  0–1: 3 · 30+: 1 Discrepancies',
      'Rejected messages, 945  2,000 per million Messages that the receiver rejected',
      'Count accuracy  90.0% Counts within',
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/Time to detect|Accuracy by value|Lag, 95th|Self-healed/);
  });

  it('one day alone has no bars', () => {
    expect(blocks(plain(sampleTrend([sampleRow(22)])))[1]).toBe(
      ['In sync      97.8%', 'Gross    $2,200.50', 'Off             22'].join('\n'),
    );
  });

  it('what was not measured, and what was left out', () => {
    const unknown = { new: null, continuing: null, resolved: null, recurring: null, over_a_week: null };
    const text = plain(
      sampleTrend([sampleRow(21, { ...unknown, explained_value_share: '' }), sampleRow(22)], {
        left_out: [
          { run_id: 'a', cut_off: '', reason: 'refused' },
          { run_id: 'b', cut_off: '', reason: 'refused' },
          { run_id: 'c', cut_off: '', reason: 'filtered' },
        ],
      }),
    );
    expect(text).toContain('— : not measured by that run.');
    expect(text).toContain('Left out: 2 runs refused, 1 run limited to some sites or items.');
    expect(text.split('\n').find((line) => line.startsWith('21 Nov'))).toMatch(/21 +— +— +— +— +— /);
  });

  it('units where no cost is known, the year where there are two, the time by run', () => {
    const free = { gross_variance_value: '0.00', net_variance_value: '0.00' };
    const rows = [sampleRow(21, { ...free, cut_off: '2025-11-21T06:30:00Z' }), sampleRow(22, free)];
    const text = plain(sampleTrend(rows, { by: 'run' }));
    expect(text).toContain('Gross units     44');
    expect(text).toMatch(/^22 Nov 2026 23:59 .* 44 +— +91.2%$/m);
    expect(text).toMatch(/^21 Nov 2025 06:30 /m);
  });

  it('nothing at all', () => {
    expect(plain(sampleTrend([], { site: 'DC1' }))).toBe(
      'Acme · DC1 · by day\n\nThere is no complete run of this site to show.\n',
    );
  });
});

describe('how it fits', () => {
  it.each([48, 60, 80, 120])('%i columns', (width) => {
    const rows = Array.from({ length: 40 }, (_, day) => sampleRow((day % 28) + 1));
    const trend = sampleTrend(rows, { latest: SAMPLE_MEASURES });
    const lines = plain(trend, width).split('\n');
    // The bars count as one column each.
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.some((line) => /[▁-█]{8}/.test(line))).toBe(true);
    expect(lines.some((line) => line.startsWith('Net: '))).toBe(lines.some((line) => line.includes('  Net  ')));
  });

  it('colours only where they are asked for, and no control characters of the data', () => {
    const trend = sampleTrend([sampleRow(21), sampleRow(22)], { name: 'A\u001b[31mcme\u202e' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(plain(trend)).not.toMatch(/[\u001b\u202e]/);
    expect(renderTrend(trend, { color: true, width: 80 })).toContain('\u001b[1m');
  });
});
