/** The discrepancies that matter most, first. A row opens its item. Never more than fit a morning: the run has all of them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../../api/ask.ts';
import { LineTable } from '../../parts/line-table.tsx';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import type { RunResult, Standing } from './run-standing.ts';
import styles from './today.module.css';

const words = texts.today.work;
const LINES = 12;

interface WorkListProps {
  readonly result: RunResult;
  readonly site: string;
  readonly standing: Standing;
}

export function WorkList({ result, site, standing: { discrepancies } }: WorkListProps): ReactNode {
  const query = { limit: LINES, ...(site !== '' && { site }) };
  const lines = useQuery({
    ...ask('GET /runs/{id}/discrepancies', { path: { id: result.run_id }, query }),
    enabled: discrepancies > 0,
  });
  if (discrepancies === 0) return <Panel title={words.title}>{words.empty}</Panel>;
  return (
    <Panel
      title={words.title}
      isFlush
      actions={
        <span className="small">
          <span className={styles.hint}>{words.keysHint}</span>{' '}
          <Link to="/runs/$runId" params={{ runId: result.run_id }}>
            {words.all(discrepancies)}
          </Link>
        </span>
      }
    >
      <Loaded query={lines} skeleton={<LoadingLines lines={Math.min(LINES, discrepancies)} />}>
        {({ items }) => <LineTable lines={items} label={words.label} hasSites={site === ''} />}
      </Loaded>
    </Panel>
  );
}

function LoadingLines({ lines }: { lines: number }): ReactNode {
  return (
    <div className={styles.loading}>
      <Skeleton lines={lines} height={34} />
    </div>
  );
}
