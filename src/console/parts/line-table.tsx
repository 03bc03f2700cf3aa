/** Discrepancies as a short table: what, where, how much, why, how long. A row opens its item; j and k go from row to row. Never sorts or fetches. */
import { Link } from '@tanstack/react-router';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import type { Answer } from '../api/ask.ts';
import { texts } from '../texts/texts.ts';
import { Cause } from './cause.tsx';
import { Money, Variance } from './figures.tsx';
import styles from './line-table.module.css';
import table from './table.module.css';

const words = texts.lines;

type Line = Answer<'GET /runs/{id}/discrepancies'>['items'][number];

interface LineTableProps {
  readonly lines: readonly Line[];
  /** What the table holds, for those who listen. */
  readonly label: string;
  /** Whether lines may be of several sites. */
  readonly hasSites: boolean;
}

export function LineTable({ lines, label, hasSites }: LineTableProps): ReactNode {
  const body = useRef<HTMLTableSectionElement>(null);
  useLineKeys(body);
  return (
    <table className={`${table.table} ${styles.list}`}>
      <caption className="unseen">{label}</caption>
      <thead>
        <tr>
          <th className={`number ${styles.rank}`}>{words.rank}</th>
          <th className={styles.item}>{words.item}</th>
          <th className={`${styles.where} ${styles.wide}`}>{hasSites ? words.site : words.category}</th>
          <th className={`number ${styles.amount} ${styles.wide}`}>{words.erpIs}</th>
          <th className={`number ${styles.amount}`}>{words.value}</th>
          <th className={`${styles.whyColumn} ${styles.wide}`}>{words.why}</th>
          <th className={`number ${styles.age} ${styles.wide}`}>{words.age}</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {lines.map((line) => (
          <LineRow key={line.rank} line={line} hasSites={hasSites} />
        ))}
      </tbody>
    </table>
  );
}

function LineRow({ line, hasSites }: { line: Line; hasSites: boolean }): ReactNode {
  const {
    rank,
    item,
    site,
    lot,
    category,
    description,
    cause,
    cause_confidence: confidence,
    finding_id: finding,
  } = line;
  const age = words.days(line.days_out_of_sync);
  return (
    <tr className={styles.row}>
      <td className={`number muted ${styles.rank}`}>{rank}</td>
      <td className={styles.item}>
        <Link
          to="/items/$item"
          params={{ item }}
          search={{ site, ...(lot !== '' && { lot }) }}
          className={styles.open}
          title={description}
        >
          <span className={styles.first}>{item}</span>
          <span className={styles.second}>{description}</span>
        </Link>
        <span className={styles.narrow}>
          <span>{[...(hasSites ? [site] : []), category, age].join(' · ')}</span>
          <Cause code={cause} confidence={confidence} />
        </span>
      </td>
      <td className={`${styles.where} ${styles.wide}`}>
        {hasSites && <span className={styles.first}>{site}</span>}
        <span className={hasSites ? styles.second : undefined}>{category}</span>
      </td>
      <td className={`number ${styles.wide}`}>
        <Variance quantity={line.net_variance_quantity} />
      </td>
      <td className="number">
        <Money value={line.variance_value} currency={line.currency} isWhole />
        <span className={styles.narrow}>
          <Variance quantity={line.net_variance_quantity} />
        </span>
      </td>
      <td className={styles.wide}>
        <span className={styles.why}>
          <Cause code={cause} confidence={confidence} />
          {finding !== '' && (
            <span className={styles.mark} title={words.inFinding(finding)}>
              {finding}
            </span>
          )}
        </span>
      </td>
      <td className={`number muted ${styles.wide}`}>{age}</td>
    </tr>
  );
}

/** j and k go from row to row, as in every list of the console; Enter opens, as every link does. */
function useLineKeys(body: RefObject<HTMLTableSectionElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const step = { j: 1, k: -1 }[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const links = [...(body.current?.querySelectorAll('a') ?? [])];
      const at = links.indexOf(document.activeElement as HTMLAnchorElement);
      links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [body]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
