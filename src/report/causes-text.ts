/** Decides how systemic faults and the totals by cause stand on a terminal. Never writes to a stream. */
import type { RunDocument } from '../contract/run.ts';
import { causeWords } from './cause-wording.ts';
import { formatCount, formatMoney } from './figures.ts';
import { findingFacts, findingsTitle, findingTitle, hasCauses } from './finding-wording.ts';
import { type Paper, prose, table } from './paper.ts';

/** More stand in run.json. */
const FINDINGS_MAX = 8;

/** Each finding with its size and the one thing to do; '' where there is none. */
export function findingsBlock(run: RunDocument, paper: Paper): string {
  const { findings } = run;
  if (findings.length === 0) return '';
  const lines = [paper.paint.bold(prose(findingsTitle(findings, run.totals?.discrepancies ?? 0), paper))];
  for (const finding of findings.slice(0, FINDINGS_MAX)) {
    lines.push(
      prose(findingTitle(finding), paper, `${finding.id.padEnd(3)} `, '    '),
      paper.paint.dim(prose(findingFacts(finding, run.currency).join(' · '), paper, '    ')),
      prose(`What to do: ${finding.action}`, paper, '    ', '      '),
    );
  }
  const more = findings.length - FINDINGS_MAX;
  if (more > 0) lines.push(paper.paint.dim(`    ${formatCount(more)} more in run.json`));
  return lines.join('\n');
}

/** Discrepancies and their value by cause; '' where no cause is known. */
export function causesBlock(run: RunDocument, paper: Paper): string {
  if (!hasCauses(run)) return '';
  return table(
    'By cause',
    [
      { header: 'Why', align: 'left', flexible: true, least: 14 },
      { header: 'Off', align: 'right' },
      { header: 'Gross', align: 'right' },
    ],
    run.by_cause.map(({ cause, discrepancies, gross_variance_value }) => [
      causeWords(cause),
      formatCount(discrepancies),
      formatMoney(gross_variance_value, run.currency),
    ]),
    paper,
  );
}
