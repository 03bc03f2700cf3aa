/**
 * A report whose discrepancies have causes: three items that open below their lines, others that do not, and one finding.
 * Never used outside of tests.
 */
import { buildItemView } from '../app/item-view.ts';
import { SAMPLE_RUN } from '../app/kept-item-fixture.ts';
import { clock, kettle, toaster } from '../app/sample-items-fixture.ts';
import type { ItemView, RunFinding } from '../contract/item-view.ts';
import type { Report, RunDocument } from '../contract/run.ts';
import { sampleLines, sampleReport } from './sample-report-fixture.ts';

export const OUTAGE: RunFinding = {
  id: 'F1',
  cause: 'message-lost',
  title: 'interface 945, 13:40 to 14:25 on 21 November',
  factor: { interface: '945' },
  from: '2026-11-21T13:40:00-06:00',
  to: '2026-11-21T14:25:00-06:00',
  documents: 141,
  documents_exposed: 146,
  risk_ratio: 310.9,
  coverage: '0.979',
  discrepancies: 20,
  gross_variance_quantity: '400',
  gross_variance_value: '40112.00',
  impact_value: '',
  action: 'Send the 141 messages again.',
};

const BY_CAUSE: RunDocument['by_cause'] = [
  { cause: 'message-lost', discrepancies: 20, gross_variance_value: '40112.00' },
  { cause: 'unexplained', discrepancies: 40, gross_variance_value: '9310.10' },
];

/** 64 lines: four of the three items, then 20 of the finding among 60. */
export function explainedReport(
  findings: readonly RunFinding[] = [OUTAGE],
  by_cause: RunDocument['by_cause'] = BY_CAUSE,
): { report: Report; views: ItemView[] } {
  const items = [kettle(), clock(), toaster()];
  const own = items.flatMap(({ keys }) => keys.map(({ line }) => line)).map((line) => ({ ...line, finding_id: '' }));
  const others = sampleLines(60).map((line, index) => ({
    ...line,
    item: `9${line.item}`,
    rank: String(own.length + index + 1),
    ...(index % 3 === 0
      ? { cause: 'message-lost', cause_confidence: '0.95', finding_id: 'F1' }
      : { cause: 'unexplained' }),
  }));
  const report = sampleReport({ lines: [...own, ...others] });
  return {
    report: { ...report, run: { ...report.run, by_cause, findings } },
    views: items.map((kept) => buildItemView(kept, { run: SAMPLE_RUN })),
  };
}
