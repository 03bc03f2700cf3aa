/**
 * The page "today": how bad is it, and what to do next. Asks for the last runs and the result of the last good one; what
 * depends on it is asked for by its parts. Never adds up a figure.
 */
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError, ask } from '../../api/ask.ts';
import { FailureNotice, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { FigureStrip } from './figure-strip.tsx';
import { FindingCards } from './finding-cards.tsx';
import { InterfaceStrip } from './interface-strip.tsx';
import { NoRunYet } from './no-run-yet.tsx';
import { NowPanel } from './now-panel.tsx';
import { Opening } from './opening.tsx';
import { RunNotice } from './run-notice.tsx';
import { RunNow } from './run-now.tsx';
import { type RunResult, standingOf } from './run-standing.ts';
import { RUNS_SHOWN, RunsPanel } from './runs-panel.tsx';
import { SiteTable } from './site-table.tsx';
import styles from './today.module.css';
import { TrendPanel } from './trend-panel.tsx';
import { WorkList } from './work-list.tsx';

export function TodayPage(): ReactNode {
  const { site = '' } = useSearch({ strict: false });
  const runs = useQuery(ask('GET /runs', { query: { limit: RUNS_SHOWN } }));
  const result = useQuery(ask('GET /runs/{id}/result', { path: { id: 'latest' } }));
  const notice = <RunNotice runs={runs.data?.items ?? []} hasResult={result.data !== undefined} />;
  if (result.data !== undefined) return <Standings result={result.data} site={site} notice={notice} runsQuery={runs} />;
  return (
    <Page title={texts.today.title}>
      {notice}
      {result.error === null ? (
        <LoadingToday />
      ) : isAbsent(result.error) ? (
        <NoRunYet />
      ) : (
        <FailureNotice error={result.error} onRetry={() => void result.refetch()} isBusy={result.isFetching} />
      )}
    </Page>
  );
}

function isAbsent(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

interface StandingsProps {
  readonly result: RunResult;
  readonly site: string;
  readonly notice: ReactNode;
  readonly runsQuery: Parameters<typeof RunsPanel>[0]['query'];
}

function Standings({ result, site, notice, runsQuery }: StandingsProps): ReactNode {
  const standing = standingOf(result, site);
  const about = { result, site };
  return (
    <Page title={texts.today.title} actions={<RunNow />} lead={<Opening {...about} standing={standing} />}>
      {notice}
      {standing === undefined ? (
        <Notice title={texts.today.opening.siteAbsent(site)} tone="warn" />
      ) : (
        <FigureStrip {...about} standing={standing} />
      )}
      <div className={styles.columns}>
        <div className={styles.main}>
          {standing !== undefined && <FindingCards {...about} />}
          {standing !== undefined && <WorkList {...about} standing={standing} />}
          <SiteTable {...about} />
        </div>
        <div className={styles.side}>
          <NowPanel {...about} standing={standing} />
          <InterfaceStrip {...about} />
          <TrendPanel {...about} />
          <RunsPanel query={runsQuery} />
        </div>
      </div>
    </Page>
  );
}

/** In the shape of what will stand there. */
function LoadingToday(): ReactNode {
  return (
    <>
      <Skeleton lines={2} height={24} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <Panel>
            <Skeleton lines={12} height={20} />
          </Panel>
        </div>
        <div className={styles.side}>
          <Panel>
            <Skeleton lines={8} />
          </Panel>
        </div>
      </div>
    </>
  );
}
