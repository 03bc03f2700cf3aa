/** The lines that a finding is the main cause of, those that matter most first. A row opens its item. Never all of a long list: the run has them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { RunFinding } from '../../../contract/item-view.ts';
import { type Answer, ask } from '../../api/ask.ts';
import { LineTable } from '../../parts/line-table.tsx';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './findings.module.css';

const words = texts.findings.lines;
const FIRST = 8;
/** A longer list is for the grid of the run. */
const MORE = 100;

interface FindingLinesProps {
  readonly finding: RunFinding;
  readonly result: Answer<'GET /runs/{id}/result'>;
  readonly site: string;
}

export function FindingLines({ finding: { id }, result, site }: FindingLinesProps): ReactNode {
  const [limit, setLimit] = useState(FIRST);
  const query = { finding: id, limit, ...(site !== '' && { site }) };
  const lines = useQuery({
    ...ask('GET /runs/{id}/discrepancies', { path: { id: result.run_id }, query }),
    placeholderData: (before) => before,
  });
  return (
    <Loaded query={lines} skeleton={<Skeleton lines={FIRST} height={34} />}>
      {({ items, totals: { discrepancies: all } }) =>
        items.length === 0 ? (
          <p className="muted">{words.none(site)}</p>
        ) : (
          <>
            <div className={styles.linesHead}>
              <h3>{words.title(items.length, all)}</h3>
              <Link to="/runs/$runId" params={{ runId: result.run_id }} search={{ finding: id }} className="small">
                {words.all}
              </Link>
            </div>
            <div className={styles.lines}>
              <LineTable lines={items} label={words.title(items.length, all)} hasSites={site === ''} />
            </div>
            {items.length < Math.min(all, MORE) && (
              <button type="button" className={styles.more} onClick={() => setLimit(MORE)}>
                {words.more}
              </button>
            )}
          </>
        )
      }
    </Loaded>
  );
}
