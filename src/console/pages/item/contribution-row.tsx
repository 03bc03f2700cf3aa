/** One contribution: its bar, its amount, its cause and how sure that is; opened, what proves it. Never judges it. */
import { type ReactNode, useId, useState } from 'react';
import type { ItemContribution, ItemKey, ItemProof } from '../../../contract/item-view.ts';
import { confidenceWords, formatConfidence } from '../../../report/cause-wording.ts';
import { formatCount, formatMoney, formatSigned, signOf } from '../../format/decimals.ts';
import { Cause } from '../../parts/cause.tsx';
import { Moment } from '../../parts/figures.tsx';
import { Icon } from '../../parts/icon.tsx';
import { texts } from '../../texts/texts.ts';
import type { DocumentAddress, ShownItem } from './item-queries.ts';
import { FindingLink } from './standing.tsx';
import { otherLegOf, type WaterfallStep } from './waterfall.ts';
import styles from './why-panel.module.css';

interface ContributionProps {
  readonly step: WaterfallStep;
  readonly zero: number;
  readonly keys: readonly ItemKey[];
  readonly view: ShownItem;
  readonly onDocument: (document: DocumentAddress) => void;
}

export function ContributionRow({ step, zero, keys, view, onDocument }: ContributionProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { contribution } = step;
  const { cause, confidence, quantity, value, document, number } = contribution;
  const leg = otherLegOf(contribution, keys);
  const { why } = texts.item;
  const isExplained = cause !== 'unexplained';
  return (
    <li className={styles.row} value={number} data-open={isOpen}>
      <button
        type="button"
        className={styles.line}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={styles.number}>{number}</span>
        <Bar step={step} zero={zero} />
        <b className={styles.quantity}>{formatSigned(quantity)}</b>
        <span className={styles.cause}>
          <Cause code={cause} confidence={confidence} />
          <span className="muted small">
            {[
              document,
              isExplained ? why.sure(confidenceWords(confidence), formatConfidence(confidence)) : '',
              leg === undefined ? '' : why.otherLeg(leg.number),
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          </span>
        </span>
        <span className={styles.value}>{value === '' ? '' : formatMoney(value, view.currency)}</span>
        <span className={styles.chevron}>
          <Icon name={isOpen ? 'down' : 'open'} size={14} />
        </span>
      </button>
      <div id={id} hidden={!isOpen} className={styles.detail}>
        {isOpen && <Detail contribution={contribution} view={view} onDocument={onDocument} />}
      </div>
    </li>
  );
}

/** From the sum before it to the sum with it, and thin lines to its neighbours: a staircase. */
function Bar({ step: { start, end, contribution }, zero }: { step: WaterfallStep; zero: number }): ReactNode {
  const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;
  return (
    <span className={styles.bar} aria-hidden="true">
      <span className={styles.zero} style={{ left: percent(zero) }} />
      <span className={styles.before} style={{ left: percent(start) }} />
      <span className={styles.after} style={{ left: percent(end) }} />
      <span
        className={styles.fill}
        data-sign={signOf(contribution.quantity)}
        data-unexplained={contribution.cause === 'unexplained'}
        style={{ left: percent(Math.min(start, end)), width: percent(Math.abs(end - start)) }}
      />
    </span>
  );
}

function Detail({
  contribution,
  view,
  onDocument,
}: Pick<ContributionProps, 'view' | 'onDocument'> & { contribution: ItemContribution }): ReactNode {
  const { why } = texts.item;
  const { action, at, correct_side, evidence, finding_id } = contribution;
  const side = sideWords(correct_side);
  return (
    <>
      {action !== '' && (
        <p>
          <span className="muted">{why.action}</span> {action}
        </p>
      )}
      {(at !== '' || side !== '') && (
        <p className="muted">
          {at !== '' && <Moment at={at} />}
          {at !== '' && side !== '' && ' · '}
          {side}
        </p>
      )}
      {finding_id !== '' && (
        <p>
          <span className="muted">{why.finding}</span> <FindingLink id={finding_id} view={view} />
        </p>
      )}
      {evidence.length === 0 ? (
        <p className="muted">{why.noProofs}</p>
      ) : (
        <ul className={styles.proofs} aria-label={why.proofs}>
          {evidence.map((proof) => (
            <Proof
              key={`${proof.kind} ${proof.file} ${proof.row} ${proof.id} ${proof.says}`}
              proof={proof}
              onDocument={onDocument}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function sideWords(side: ItemContribution['correct_side']): string {
  const { why } = texts.item;
  return { erp: why.sideErp, wms: why.sideWms, map: why.sideMap, count: why.sideCount, none: '' }[side];
}

/** What it says, and where that stands: a button that opens the row itself. */
function Proof({
  proof: { kind, id, file, row, says },
  onDocument,
}: {
  proof: ItemProof;
  onDocument: (document: DocumentAddress) => void;
}): ReactNode {
  const { why, document } = texts.item;
  const name = `${why.kinds[kind]} ${id}`.trim();
  return (
    <li>
      <span className={styles.says}>{says}</span>
      {row === null || file === '' ? (
        <span className="muted small">{name}</span>
      ) : (
        <button type="button" className={styles.source} onClick={() => onDocument({ file, row })}>
          <Icon name="document" size={14} />
          {name} · {why.row(file, formatCount(row))}
          <span className="unseen">{document.opensRow}</span>
        </button>
      )}
    </li>
  );
}
