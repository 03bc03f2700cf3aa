/**
 * Why the place is off: contributions as a waterfall that adds up to the variance, each open to its evidence; what was
 * refused and why; what nobody explains. Never hides a remainder.
 */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ItemHypothesis, ItemKey, ItemPlace } from '../../../contract/item-view.ts';
import { confidenceWords, formatConfidence } from '../../../report/cause-wording.ts';
import { formatCount, formatQuantity, formatSigned, sizeOf } from '../../format/decimals.ts';
import { Variance } from '../../parts/figures.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { explainedKeys } from './choose-place.ts';
import { ContributionRow } from './contribution-row.tsx';
import { sumOf } from './exact-sums.ts';
import type { DocumentAddress, ShownItem } from './item-queries.ts';
import { type Waterfall, waterfallOf } from './waterfall.ts';
import styles from './why-panel.module.css';

/** The rest opens with a button: what matters most comes first. */
const SHOWN_MAX = 8;
/** More terms than this are not read as a formula any more. */
const TERMS_MAX = 7;

interface WhyProps {
  readonly view: ShownItem;
  readonly place: ItemPlace;
  readonly onDocument: (document: DocumentAddress) => void;
}

export function WhyPanel({ view, place, onDocument }: WhyProps): ReactNode {
  const { why } = texts.item;
  const keys = explainedKeys(place);
  const { erp_ledger: erp, wms_ledger: wms } = place.timeline.given;
  const hasUnexplained = keys.some(({ contributions }) => contributions.some(({ cause }) => cause === 'unexplained'));
  return (
    <Panel title={why.title}>
      {keys.map((key) => (
        <KeyReasons key={key.category} item={key} view={view} place={place} onDocument={onDocument} />
      ))}
      {!erp && !wms && hasUnexplained && <p className={styles.hint}>{why.noLedgers}</p>}
      {erp !== wms && <p className={styles.hint}>{why.oneLedger(texts.item.sides[erp ? 'wms' : 'erp'])}</p>}
    </Panel>
  );
}

function KeyReasons({ item: key, view, place, onDocument }: WhyProps & { item: ItemKey }): ReactNode {
  const [isAll, setAll] = useState(false);
  const waterfall = waterfallOf(key);
  const { steps } = waterfall;
  const shown = isAll ? steps : steps.slice(0, SHOWN_MAX);
  const { why } = texts.item;
  return (
    <section className={styles.key} aria-label={why.contributions(key.category)}>
      <header className={styles.head}>
        <h3>{why.heading(key.category)}</h3>
        <b>
          <Variance quantity={key.variance_quantity} uom={view.uom} />
        </b>
      </header>
      <ol className={styles.rows}>
        {shown.map((step) => (
          <ContributionRow
            key={step.contribution.number}
            step={step}
            zero={waterfall.zero}
            keys={place.keys}
            view={view}
            onDocument={onDocument}
          />
        ))}
      </ol>
      {shown.length < steps.length && (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
          {why.showAll(formatCount(steps.length))}
        </Button>
      )}
      <SumLine item={key} waterfall={waterfall} uom={view.uom} />
      <Refused item={key} />
    </section>
  );
}

/** "+1,212 = +1,240 − 32 + 4 · adds up". */
function SumLine({ item: key, waterfall, uom }: { item: ItemKey; waterfall: Waterfall; uom: string }): ReactNode {
  const { why } = texts.item;
  if (waterfall.steps.length === 0) return null;
  const unexplained = sumOf(
    key.contributions.filter(({ cause }) => cause === 'unexplained').map(({ quantity }) => quantity),
  );
  const hasUnexplained = key.contributions.some(({ cause }) => cause === 'unexplained');
  return (
    <div className={styles.sum}>
      <p>
        <b>{formatSigned(key.variance_quantity)}</b>
        {waterfall.steps.length > 1 && waterfall.steps.length <= TERMS_MAX && <> = {formulaOf(waterfall)}</>}
        <span className={waterfall.addsUp ? styles.adds : styles.gap}>
          {waterfall.addsUp ? `✓ ${why.addsUp}` : why.missing(formatSigned(waterfall.missing))}
        </span>
      </p>
      <p className={hasUnexplained ? styles.gap : 'muted'}>
        {hasUnexplained ? why.notExplained(`${formatQuantity(sizeOf(unexplained))} ${uom}`.trim()) : why.allExplained}
      </p>
    </div>
  );
}

function formulaOf({ steps }: Waterfall): string {
  return steps
    .map(({ contribution: { quantity } }) => formatSigned(quantity))
    .map((text, index) => (index === 0 || !/^[+−]/.test(text) ? text : `${text.slice(0, 1)} ${text.slice(1)}`))
    .join(' ');
}

/** Open where something is left unexplained: then they are the best there is. */
function Refused({ item: { hypotheses, contributions } }: { item: ItemKey }): ReactNode {
  if (hypotheses.length === 0) return null;
  return (
    <details className={styles.refused} open={contributions.some(({ cause }) => cause === 'unexplained')}>
      <summary>{texts.item.why.refusedCount(formatCount(hypotheses.length))}</summary>
      <ul>
        {hypotheses.map((each) => (
          <Hypothesis key={`${each.cause} ${each.quantity} ${each.refusal}`} of={each} />
        ))}
      </ul>
    </details>
  );
}

function Hypothesis({ of }: { of: ItemHypothesis }): ReactNode {
  const { why } = texts.item;
  return (
    <li>
      <b>{formatSigned(of.quantity)}</b> {of.cause_words}
      {of.confidence !== '' && (
        <span className="muted"> {why.sure(confidenceWords(of.confidence), formatConfidence(of.confidence))}</span>
      )}
      : {of.refusal}
    </li>
  );
}
