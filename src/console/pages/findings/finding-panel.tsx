/** One systemic fault: what documents have in common, how much it made, what to do, how it was found, its lines. Never does the action. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunFinding } from '../../../contract/item-view.ts';
import type { Answer } from '../../api/ask.ts';
import { formatCount, formatMoney, formatQuantity, formatShare, signOf } from '../../format/decimals.ts';
import { formatMomentFull, formatRange } from '../../format/moments.ts';
import { shareOf } from '../../format/share-of.ts';
import { causeWords } from '../../parts/cause.tsx';
import { Defined } from '../../parts/figures.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { FindingLines } from './finding-lines.tsx';
import styles from './findings.module.css';

const words = texts.findings.card;

interface FindingPanelProps {
  readonly finding: RunFinding;
  readonly result: Answer<'GET /runs/{id}/result'>;
  readonly site: string;
  /** Whether the run before had it too; undefined where that is not known. */
  readonly isKnown: boolean | undefined;
}

export function FindingPanel({ finding, result, site, isKnown }: FindingPanelProps): ReactNode {
  const { id, title, action } = finding;
  return (
    <div id={id} className={styles.finding}>
      <Panel
        title={
          <>
            <span className={styles.mark}>{id}</span> {title}
          </>
        }
        actions={
          isKnown !== undefined && (
            <span className={isKnown ? 'muted small' : styles.fresh}>{isKnown ? words.since : words.isNew}</span>
          )
        }
      >
        <Facts finding={finding} currency={result.currency} />
        <div className={styles.texts}>
          <section>
            <h3>{words.do}</h3>
            <p>{action}</p>
          </section>
          <section>
            <h3>{words.howFound}</h3>
            <p>{proofOf(finding)}</p>
          </section>
        </div>
        <FindingLines finding={finding} result={result} site={site} />
      </Panel>
    </div>
  );
}

function Facts({ finding, currency }: { finding: RunFinding; currency: string }): ReactNode {
  const { cause, factor, from, to, documents, documents_exposed: exposed, discrepancies } = finding;
  const { gross_variance_value: gross, impact_value: impact } = finding;
  const range = from === '' ? words.unknownWhen : formatRange(from, to, Date.now());
  return (
    <dl className={styles.facts}>
      <Fact name={words.gross}>{formatMoney(gross, currency, true) || '–'}</Fact>
      {signOf(impact) !== 0 && (
        <Fact name={<Defined name={words.impact} definition={words.impactDefinition} />}>
          {formatMoney(impact, currency, true)}
        </Fact>
      )}
      <Fact name={words.lines}>{formatCount(discrepancies)}</Fact>
      <Fact name={words.documents}>
        {exposed > documents ? words.ofExposed(documents, exposed) : words.all(documents)}
      </Fact>
      <Fact name={words.when}>
        <span title={from === '' ? undefined : `${formatMomentFull(from)} – ${formatMomentFull(to)}`}>{range}</span>
      </Fact>
      <Fact name={words.why}>{causeWords(cause)}</Fact>
      <Fact name={words.common}>
        {Object.entries(factor).map(([name, value]) => (
          <span key={name} className={styles.factor}>
            {name === 'interface' ? (
              <Link to="/interfaces" search={{ interface: value }}>
                {words.factors[name]} {value}
              </Link>
            ) : (
              `${words.factors[name] ?? name} ${value}`
            )}
          </span>
        ))}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Why these documents are one fault: how often they fail beside all others, and how much of the cause that is. */
function proofOf({ cause, documents, documents_exposed: exposed, risk_ratio: ratio, coverage }: RunFinding): string {
  const { proof } = texts.findings;
  const beside = ratio === null ? proof.noOthers : proof.times(formatQuantity(String(Math.floor(ratio))));
  return `${proof.share(formatShare(shareOf(documents, exposed)))}; ${beside}. ${proof.coverage(formatShare(coverage), causeWords(cause))}`;
}
