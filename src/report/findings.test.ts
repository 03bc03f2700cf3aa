import { describe, expect, it } from 'vitest';
import type { RunFinding } from '../contract/item-view.ts';
import { explainedReport, OUTAGE } from './explained-report-fixture.ts';
import { findingFacts, findingProof, findingsTitle } from './finding-wording.ts';
import { findingsSection } from './findings-section.ts';
import { renderHtml } from './html.ts';
import { sampleReport } from './sample-report-fixture.ts';
import { renderTerminal } from './terminal.ts';

const textOf = (markup: string): string =>
  markup
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
const pageText = (...given: Parameters<typeof explainedReport>): string =>
  textOf([...renderHtml(explainedReport(...given).report, { linesMax: 100 })].join(''));

describe('in words', () => {
  it.each<[Partial<RunFinding>, string]>([
    [{}, '$40,112.00 gross · 20 discrepancies · 141 of 146 documents failed · 21 Nov 2026, 13:40–14:25 −06:00'],
    [
      { documents: 12, documents_exposed: 12, to: '2026-11-22T08:00:00-06:00' },
      '$40,112.00 gross · 20 discrepancies · 12 documents failed · 21 Nov 2026, 13:40 −06:00 to 22 Nov 2026, 08:00 −06:00',
    ],
    [
      { gross_variance_value: '', from: '', to: '', discrepancies: 1, impact_value: '120.00' },
      '1 discrepancy · 141 of 146 documents failed · impact $120.00',
    ],
  ])('its size %#', (more, expected) => {
    expect(findingFacts({ ...OUTAGE, ...more }, 'USD').join(' · ')).toBe(expected);
  });

  it('how it was found', () => {
    expect(findingProof(OUTAGE)).toBe(
      '96.5% of the documents with this in common failed; that is 310 times as often as the others. They are 97.9% of all documents with the cause “message lost”.',
    );
    expect(findingProof({ ...OUTAGE, documents: 8, documents_exposed: 8, risk_ratio: null, coverage: '1' })).toBe(
      '100% of the documents with this in common failed; none of the others failed. They are 100% of all documents with the cause “message lost”.',
    );
  });

  it('how much of the run they are; no sum that could count a line twice', () => {
    expect(findingsTitle([OUTAGE], 64)).toBe('1 systemic fault makes up 20 of 64 discrepancies');
    expect(findingsTitle([OUTAGE, OUTAGE], 30)).toBe('2 systemic faults');
  });
});

describe('on the page', () => {
  it('findings stand above the discrepancies, each with one action', () => {
    const said = pageText([OUTAGE]);
    expect(said).toContain('F1 Message lost: interface 945, 13:40 to 14:25 on 21 November');
    expect(said).toContain('What to do: Send the 141 messages again.');
    expect(said.indexOf('1 systemic fault')).toBeLessThan(said.indexOf('64 discrepancies Search'));
  });

  it('by cause, in words; and why in each line', () => {
    const said = pageText([OUTAGE]);
    expect(said).toContain('By cause Cause Off Gross message lost 20 $40,112.00 not explained 40 $9,310.10');
    expect(said).toMatch(/▼ ERP too high message lost \(\.95\)|▲ ERP too low message lost \(\.95\)/);
  });

  it('causes without a finding: said so', () => {
    expect(pageText([])).toContain('No systemic fault');
  });

  it('no cause at all: what would tell, and no column of “not explained”', () => {
    const said = pageText([], [{ cause: 'unexplained', discrepancies: 60, gross_variance_value: '1.00' }]);
    expect(said).toContain('Why is not known: the run read no movements. Name the movement files');
    expect(said).not.toMatch(/systemic|By cause/);
    const plain = sampleReport();
    expect([...renderHtml(plain, { linesMax: 10 })].join('')).not.toContain('data-key="cause"');
  });

  it('data never becomes markup', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const run = explainedReport([{ ...OUTAGE, id: evil, title: evil, action: evil }]).report.run;
    expect(findingsSection(run).text).not.toContain('<img');
  });
});

describe('on a terminal', () => {
  const rendered = (...given: Parameters<typeof explainedReport>): string =>
    renderTerminal(explainedReport(...given).report, { color: false, width: 80, top: 3 });

  it('findings and causes below the totals, and why in each line', () => {
    const text = rendered([OUTAGE]);
    expect(text).toContain(
      `1 systemic fault makes up 20 of 64 discrepancies
F1  Message lost: interface 945, 13:40 to 14:25 on 21 November
    $40,112.00 gross · 20 discrepancies · 141 of 146 documents failed · 21 Nov
    2026, 13:40–14:25 −06:00
    What to do: Send the 141 messages again.

By site`,
    );
    expect(text).toContain(`By cause
Why            Off       Gross
message lost    20  $40,112.00
not explained   40   $9,310.10
`);
    expect(text).toMatch(/^1 .* wrong unit or pack$/m);
  });

  it('the first eight; the others are counted', () => {
    const text = rendered(
      Array.from({ length: 11 }, (_, index) => ({ ...OUTAGE, id: `F${index + 1}`, discrepancies: 2 })),
    );
    expect(text).toContain('F8  ');
    expect(text).not.toContain('F9  ');
    expect(text).toContain('    3 more in run.json\n');
  });

  it('nothing of it where no cause is known', () => {
    expect(renderTerminal(sampleReport(), { color: false, width: 80, top: 3 })).not.toMatch(/systemic|By cause|Why/);
  });
});
