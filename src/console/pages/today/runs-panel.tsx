/** The last runs and the next one. Never what they found in detail: each opens. */
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Answer, ask } from '../../api/ask.ts';
import { useMay, useSession } from '../../api/session.ts';
import { formatCount } from '../../format/decimals.ts';
import { Moment, Money } from '../../parts/figures.tsx';
import { Loaded, Skeleton } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/page.tsx';
import table from '../../parts/table.module.css';
import { texts } from '../../texts/texts.ts';
import { nextRunOf, type Schedule } from './next-run.ts';
import { summaryOf } from './run-standing.ts';
import styles from './today.module.css';

const words = texts.today.runs;
export const RUNS_SHOWN = 5;

type Runs = Answer<'GET /runs'>;
type Run = Runs['items'][number];

export function RunsPanel({ query }: { query: UseQueryResult<Runs> }): ReactNode {
  const seesAll = useSession().sites === null;
  return (
    <Panel
      title={words.title}
      isFlush
      actions={
        <Link to="/runs" className="small">
          {words.all}
        </Link>
      }
    >
      {seesAll && <NextRunLine />}
      <Loaded query={query} skeleton={<Skeleton lines={3} />}>
        {({ items }) => (
          <table className={table.table}>
            <thead>
              <tr>
                <th>{words.when}</th>
                <th>{words.state}</th>
                <th className="number">{words.offKeys}</th>
                <th className="number">{words.gross}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

function RunRow({ run }: { run: Run }): ReactNode {
  const { id, state, finished_at: finished, created_at: created, filters } = run;
  const summary = summaryOf(run);
  const totals = summary?.totals ?? null;
  const isBad = state === 'refused' || state === 'failed';
  return (
    <tr>
      <td>
        <Link to="/runs/$runId" params={{ runId: id }}>
          <Moment at={finished ?? created} />
        </Link>
      </td>
      <td className={isBad ? 'over' : undefined}>
        {words.states[state]}
        {(filters.site.length > 0 || filters.item.length > 0) && <span className="muted"> · {words.limited}</span>}
      </td>
      <td className="number">{totals === null ? '–' : formatCount(totals.discrepancies)}</td>
      <td className="number">
        {totals === null || summary === null ? (
          '–'
        ) : (
          <Money value={totals.gross_variance_value} currency={summary.currency} isWhole />
        )}
      </td>
    </tr>
  );
}

function NextRunLine(): ReactNode {
  const schedules = useQuery(ask('GET /schedules'));
  return (
    <p className={styles.next}>
      <span className="muted">{words.next}</span>{' '}
      {schedules.data === undefined ? '…' : <NextRunWords schedules={schedules.data.items} />}
    </p>
  );
}

function NextRunWords({ schedules }: { schedules: readonly Schedule[] }): ReactNode {
  const mayPlan = useMay('administrator');
  const { data: next, isPending } = useQuery({
    queryKey: ['next run', schedules],
    queryFn: async () => (await nextRunOf(schedules)) ?? null,
    refetchInterval: 60_000,
    enabled: schedules.length > 0,
  });
  const plan = mayPlan && <Link to="/sources">{words.plan}</Link>;
  if (schedules.length === 0)
    return (
      <>
        {words.noSchedule} {plan}
      </>
    );
  if (isPending) return '…';
  if (next !== null && next !== undefined)
    return (
      <>
        <Moment at={next.at} /> <span className="muted">{words.by(next.name)}</span>
      </>
    );
  const waiting = schedules.find(({ is_enabled: isOn, document }) => isOn && document['arrival'] !== undefined);
  return waiting === undefined ? words.off : words.onArrival(waiting.name);
}
