/** Groups by their dollars, the most expensive first, and how much of the whole they make up. Never asks for anything. */
import type { ReactNode } from 'react';
import { formatMoney, formatShare } from '../../format/decimals.ts';
import { Notice } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './charts.module.css';
import { groupWords, NONE } from './filter-words.ts';
import type { Group } from './list-rows.ts';
import type { Filter, GroupName } from './run-view.ts';

const words = texts.run.charts;

export function Pareto({
  groups,
  by,
  currency,
  onFilter,
}: {
  groups: readonly Group[];
  by: GroupName;
  currency: string;
  onFilter: (change: Filter) => void;
}): ReactNode {
  const valued = groups.filter(({ value_share: share }) => Number(share) > 0);
  if (valued.length === 0) return <Notice title={words.nothing} />;
  return (
    <>
      <p className="muted small">{words.paretoHint}</p>
      <ol className={styles.pareto}>
        {valued.map(({ group, discrepancies, gross_variance_value: value, value_share: share, running_share: all }) => {
          const name = groupWords(by, group);
          const money = formatMoney(value, currency, true);
          const lines = texts.run.list.groupLines(discrepancies);
          return (
            <li key={group}>
              <button
                type="button"
                className={styles.bar}
                onClick={() => onFilter({ [by]: group === '' ? NONE : group })}
              >
                <span className={styles.barName}>{name}</span>
                <span className={styles.barValue}>{money}</span>
                <span className="unseen">, {lines}, </span>
                <span className={styles.track} aria-hidden="true">
                  <span className={styles.fill} style={{ width: `${Number(share) * 100}%` }} />
                  <span className={styles.tick} style={{ left: `${Number(all) * 100}%` }} />
                </span>
                <span className={styles.running}>
                  {formatShare(all)}
                  <span className="unseen"> {words.running}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </>
  );
}
