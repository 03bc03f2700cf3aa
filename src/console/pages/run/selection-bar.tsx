/** What can be done with the lines that are selected. Never changes them. */
import { type ReactNode, useState } from 'react';
import { texts } from '../../texts/texts.ts';
import styles from './run.module.css';
import { exportAddress, type Sort } from './run-view.ts';
import type { Selection } from './use-selection.ts';
import { SELECTED_MAX } from './use-selection.ts';

const words = texts.run.selection;

export function SelectionBar({
  selection: { lines, isFull, clear },
  runId,
  query,
  sort,
}: {
  selection: Selection;
  runId: string;
  query: Record<string, string>;
  sort: Sort;
}): ReactNode {
  const [said, setSaid] = useState('');
  if (lines.size === 0) return null;
  const ranks = [...lines.keys()].join(',');
  const copy = async (): Promise<void> => {
    const codes = [...new Set([...lines.values()].map(({ item }) => item))];
    try {
      await navigator.clipboard.writeText(codes.join('\n'));
      setSaid(words.copied(codes.length));
    } catch {
      setSaid(words.notCopied);
    }
  };
  const limits = {
    ...(query['change'] && { change: query['change'] }),
    ...(query['since'] && { since: query['since'] }),
  };
  return (
    <section className={styles.selected} aria-label={words.label}>
      <strong>{words.count(lines.size)}</strong>
      <button type="button" className={styles.tool} onClick={() => void copy()}>
        {words.copy}
      </button>
      <a className={styles.tool} href={exportAddress(runId, { ...limits, rank: ranks }, sort, 'csv')} download>
        {words.export} (CSV)
      </a>
      <a className={styles.tool} href={exportAddress(runId, { ...limits, rank: ranks }, sort, 'xlsx')} download>
        {words.export} (Excel)
      </a>
      <button type="button" className={styles.tool} onClick={clear}>
        {words.clear}
      </button>
      <span role="status" className="muted small">
        {isFull ? words.tooMany(SELECTED_MAX) : said}
      </span>
    </section>
  );
}
