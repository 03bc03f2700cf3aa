/** Every term of a place's priority with its amount: nothing is scored in secret. Never scores anything. */
import type { ReactNode } from 'react';
import type { ItemPlace, PriorityTerm } from '../../../contract/item-view.ts';
import { formatMoney, formatQuantity } from '../../format/decimals.ts';
import { texts } from '../../texts/texts.ts';
import { offKeys } from './choose-place.ts';
import { isNothing } from './exact-sums.ts';
import type { ShownItem } from './item-queries.ts';
import styles from './priority-terms.module.css';

export function PriorityTerms({ view, place }: { view: ShownItem; place: ItemPlace }): ReactNode {
  const keys = offKeys(place).filter(({ priority_terms }) => priority_terms.length > 0);
  if (keys.length === 0) return null;
  return (
    <details className={styles.panel}>
      <summary>{texts.item.priority.title}</summary>
      <div className={styles.keys}>
        {keys.map((key) => (
          <section key={key.category}>
            <h3>
              {key.category}
              {key.priority !== '' && ` · ${texts.item.priority.level(key.priority)}`}
            </h3>
            <dl className={styles.terms}>
              {key.impact_value !== '' && (
                <>
                  <dt>{texts.item.priority.impact}</dt>
                  <dd>{formatMoney(key.impact_value, view.currency)}</dd>
                </>
              )}
              {key.priority_terms
                .filter(({ amount }) => !isNothing(amount))
                .map((term) => (
                  <Term key={term.name} term={term} currency={view.currency} />
                ))}
            </dl>
          </section>
        ))}
      </div>
    </details>
  );
}

function Term({ term: { name, amount, unit }, currency }: { term: PriorityTerm; currency: string }): ReactNode {
  const isMoney = unit === currency;
  return (
    <>
      <dt>{name}</dt>
      <dd>{isMoney ? formatMoney(amount, unit) : `${formatQuantity(amount)} ${unit}`.trim()}</dd>
    </>
  );
}
