/**
 * Decides how a systemic fault is told on the terminal and on the page: what it is, what it covers, how it was found.
 * Never lays anything out.
 */
import Big from 'big.js';
import type { RunFinding } from '../contract/item-view.ts';
import type { RunDocument } from '../contract/run.ts';
import { causeWords } from './cause-wording.ts';
import { formatCount, formatMoney, formatQuantity, formatShare, isZero, plural } from './figures.ts';
import { formatTime } from './wording.ts';

/** "2 systemic faults make up 212 of 240 discrepancies". A discrepancy of two findings counts once in each, so a sum beyond the total is left out. */
export function findingsTitle(findings: readonly RunFinding[], discrepancies: number): string {
  const covered = findings.reduce((sum, each) => sum + each.discrepancies, 0);
  const faults = plural(findings.length, 'systemic fault');
  if (covered > discrepancies) return faults;
  return `${faults} ${findings.length === 1 ? 'makes' : 'make'} up ${formatCount(covered)} of ${plural(discrepancies, 'discrepancy', 'discrepancies')}`;
}

/** "Message lost: interface 945, 13:40 to 14:25 on 21 November". */
export function findingTitle({ cause, title }: Pick<RunFinding, 'cause' | 'title'>): string {
  const words = causeWords(cause);
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}: ${title}`;
}

/** Its size: value, discrepancies, documents and when, each a phrase. */
export function findingFacts(finding: RunFinding, currency: string): string[] {
  const { gross_variance_value, discrepancies, documents, documents_exposed, impact_value } = finding;
  const of = documents_exposed > documents ? ` of ${formatCount(documents_exposed)}` : '';
  return [
    gross_variance_value === '' ? '' : `${formatMoney(gross_variance_value, currency)} gross`,
    plural(discrepancies, 'discrepancy', 'discrepancies'),
    `${formatCount(documents)}${of} ${documents === 1 && of === '' ? 'document' : 'documents'} failed`,
    isZero(impact_value) ? '' : `impact ${formatMoney(impact_value, currency)}`,
    rangePhrase(finding),
  ].filter((text) => text !== '');
}

/** "21 Nov 2026, 13:40–14:25 −06:00"; '' where nothing tells. */
function rangePhrase({ from, to }: RunFinding): string {
  if (from === '' || from === to) return formatTime(from || to);
  const [day, clock = ''] = formatTime(from).split(', ');
  const [lastDay, lastClock = ''] = formatTime(to).split(', ');
  if (day !== lastDay) return `${formatTime(from)} to ${formatTime(to)}`;
  return `${day}, ${clock.split(' ')[0]}–${lastClock}`;
}

/** Why these documents are one fault: how often they fail, beside all others, and how much of the cause that is. */
export function findingProof({ documents, documents_exposed, risk_ratio, coverage, cause }: RunFinding): string {
  const share = documents_exposed === 0 ? '' : Big(documents).div(documents_exposed).round(6, Big.roundDown).toFixed();
  const ratio =
    risk_ratio === null
      ? 'none of the others failed'
      : `that is ${formatQuantity(String(Math.floor(risk_ratio)))} times as often as the others`;
  return `${formatShare(share, documents === documents_exposed)} of the documents with this in common failed; ${ratio}. They are ${formatShare(coverage)} of all documents with the cause “${causeWords(cause)}”.`;
}

/** Why no cause is known, and what would tell; '' where causes are known or nothing is out of sync. */
export function unknownCauses(run: RunDocument): string {
  const hasMovements = run.inputs.some(({ kind }) => kind === 'movements');
  if (hasMovements || hasCauses(run) || (run.totals?.discrepancies ?? 0) === 0) return '';
  return 'Why is not known: the run read no movements. Name the movement files of both systems under movements in evenstock.yaml, and each discrepancy says what made it.';
}

/** Whether any discrepancy of the run has a cause. */
export function hasCauses(run: RunDocument): boolean {
  return run.by_cause.some(({ cause }) => cause !== 'unexplained');
}
