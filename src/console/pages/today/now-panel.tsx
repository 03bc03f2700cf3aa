/** What is out of sync by now, beside what the run found; and what asks for somebody. Never a figure of the run: see figure-strip.tsx. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Answer, ask } from '../../api/ask.ts';
import { Moment } from '../../parts/figures.tsx';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import type { RunResult, Standing } from './run-standing.ts';
import styles from './today.module.css';

const words = texts.today.now;
const ALERTS = 4;

interface NowPanelProps {
  readonly result: RunResult;
  readonly site: string;
  readonly standing: Standing | undefined;
}

export function NowPanel({ result, site, standing }: NowPanelProps): ReactNode {
  const live = useQuery(ask('GET /discrepancies', { query: { limit: 1, ...(site !== '' && { site }) } }));
  const alerts = useQuery(ask('GET /alerts', { query: { limit: ALERTS } }));
  return (
    <Panel title={words.title}>
      <Loaded query={live} skeleton={<Skeleton lines={1} />}>
        {(answer) => (
          <>
            <p className={styles.said}>{liveWords(answer, result.run_id, standing)}</p>
            {answer.totals.timing > 0 && <p className={styles.said}>{words.timing(answer.totals.timing)}</p>}
            {answer.pending_batches > 0 && <p className={styles.said}>{words.waiting(answer.pending_batches)}</p>}
          </>
        )}
      </Loaded>
      <Loaded query={alerts} skeleton={<Skeleton lines={1} />}>
        {(answer) => <Alerts alerts={answer} />}
      </Loaded>
    </Panel>
  );
}

function liveWords(live: Answer<'GET /discrepancies'>, runId: string, standing: Standing | undefined): string {
  if (live.run_id === null) return words.absent;
  const count = live.totals.discrepancies;
  if (count === 0) return words.none;
  // What another run found is no measure of what is carried on from this one.
  const difference = live.run_id === runId && standing !== undefined ? count - standing.discrepancies : 0;
  if (difference === 0) return live.run_id === runId ? words.same(count) : words.now(count);
  return difference > 0 ? words.more(count, difference) : words.fewer(count, -difference);
}

function Alerts({ alerts: { items, next_cursor: next } }: { alerts: Answer<'GET /alerts'> }): ReactNode {
  if (items.length === 0) return <p className={styles.said}>{words.alerts(0)}</p>;
  return (
    <>
      <p className={styles.said}>
        <Link to="/interfaces">{next === null ? words.alerts(items.length) : words.manyAlerts(items.length)}</Link>
      </p>
      <ul className={styles.alerts}>
        {items.map(({ id, kind, about }) => (
          <li key={id}>
            {kind === 'late-message'
              ? words.late(about['message_id'] ?? '', about['interface'] ?? '')
              : words.silent(about['feed'] ?? '', about['name'] ?? '')}{' '}
            <Moment at={(kind === 'late-message' ? about['sent_at'] : about['last_received_at']) ?? null} />
          </li>
        ))}
      </ul>
    </>
  );
}
