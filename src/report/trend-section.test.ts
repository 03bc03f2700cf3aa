import { describe, expect, it } from 'vitest';
import { sampleRow, sampleTrend } from './trend-fixture.ts';
import { trendSection } from './trend-section.ts';

const rows = [sampleRow(10), sampleRow(20), sampleRow(20, { new: 0, explained_value_share: '0.5' })];
const section = (given = rows, change = {}) => trendSection(sampleTrend(given, { by: 'run', ...change })).text;
const text = (html: string) =>
  html
    .replace(/<title>[^<]*<\/title>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the trend in the page', () => {
  it('four charts, each with its range and its definition', () => {
    const said = text(section());
    for (const part of [
      'Trend: 3 runs from 10 Nov 2026 to 20 Nov 2026',
      'Accuracy by keys 98.0% to 99.0% How it is measured Keys whose |v′| is within tolerance ÷ all keys.',
      'Gross variance $1,000.50 to $2,000.50',
      'Discrepancies, new ones on top 10 to 20',
      'Explained by value 50.0% to 91.2%',
      'v′ is the net variance: WMS − ERP − in flight.',
    ])
      expect(said).toContain(part);
  });

  it('bars stand on zero, the new ones on top of the others', () => {
    const bars = [...section().matchAll(/<g><title>([^<]*)<\/title>(.*?)<\/g>/g)].map(([, title, shapes = '']) => [
      title,
      [...shapes.matchAll(/y="([\d.]+)" width="0.8" height="([\d.]+)" fill="var\(--(\w+)\)"/g)].map((found) =>
        found.slice(1).join(' '),
      ),
    ]);
    expect(bars.slice(3)).toEqual([
      ['10 Nov 2026: 10', ['22.0 18.0 bar', '20.0 2.0 accent']],
      ['20 Nov 2026: 20', ['2.0 38.0 bar', '0.0 2.0 accent']],
      ['20 Nov 2026: 20', ['0.0 40.0 bar']],
    ]);
  });

  it('what nobody can read off the drawing is said to those who do not see it', () => {
    expect(section()).toContain('role="img" aria-label="Accuracy by keys: 98.0% to 99.0%, 98.0% at last"');
  });

  it('nothing that is explained, no chart of it; fewer than two runs, no section', () => {
    const plain = rows.map((row) => ({ ...row, explained_value_share: '0.000000' }));
    expect(section(plain)).not.toContain('Explained');
    expect(section(rows.slice(0, 1))).toBe('');
    expect(section([])).toBe('');
  });

  it('a measure that never changes is drawn all the same', () => {
    const same = [sampleRow(0, { new: 0 }), sampleRow(0, { new: 0 })];
    const html = section(same);
    expect(html).toContain('points="0.5,20.0 1.5,20.0"');
    expect(html).not.toMatch(/NaN|Infinity/);
  });

  it('holds no style of its own, which the page’s policy would refuse', () => {
    expect(section()).not.toMatch(/style=|<style|<script/);
  });
});
