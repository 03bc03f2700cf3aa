/** The systemic faults of the last run, before any single line: what, how much, one action. Never shows how they were found: see the page findings. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatMoney } from '../../format/decimals.ts';
import { formatRange } from '../../format/moments.ts';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './finding-cards.module.css';
import type { RunResult } from './run-standing.ts';
import { type FindingHere, useFindingsHere } from './use-findings-here.ts';

const words = texts.findings.card;

/** More of them stand on the page findings. */
const CARDS_MAX = 4;

export function FindingCards({ result, site }: { result: RunResult; site: string }): ReactNode {
  const findings = useFindingsHere(result, site);
  if (findings.length === 0) return null;
  return (
    <Panel
      title={texts.today.findings.title(findings.length, findings[0]?.lines ?? 0)}
      actions={
        <Link to="/findings" search={{ run: result.run_id }} className="small">
          {texts.today.findings.all}
        </Link>
      }
    >
      <ul className={styles.cards}>
        {findings.slice(0, CARDS_MAX).map((here) => (
          <Card key={here.finding.id} here={here} result={result} />
        ))}
      </ul>
    </Panel>
  );
}

function Card({
  here: { finding, lines, gross, listed },
  result,
}: {
  here: FindingHere;
  result: RunResult;
}): ReactNode {
  const { id, title, documents, documents_exposed: exposed, action, from, to } = finding;
  return (
    <li className={styles.card}>
      <h3 className={styles.title}>
        <span className={styles.mark}>{id}</span>
        <Link to="/findings" search={{ run: result.run_id }} hash={id}>
          {title}
        </Link>
      </h3>
      <p className={styles.facts}>
        {gross !== '' && <strong>{formatMoney(gross, result.currency, true)}</strong>}
        <span>{words.lineCount(lines)}</span>
        <span>{words.failed(documents, exposed)}</span>
        {from !== '' && <span>{formatRange(from, to, Date.now())}</span>}
      </p>
      <p className={styles.action}>
        <span className="muted">{words.do}:</span> {action}{' '}
        {listed !== undefined && listed > 0 && (
          <Link to="/runs/$runId" params={{ runId: result.run_id }} search={{ finding: id }} className={styles.lines}>
            {words.showLines(listed, lines)}
          </Link>
        )}
      </p>
    </li>
  );
}
