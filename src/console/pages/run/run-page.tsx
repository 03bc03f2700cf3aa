/** One run: what it compared, what changed since the one before, and its discrepancies. Decides what stands there in each state. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Answer, ApiError, ask } from '../../api/ask.ts';
import { formatMoney, signOf } from '../../format/decimals.ts';
import { formatMoment } from '../../format/moments.ts';
import { Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { RunProgress } from '../runs/run-progress.tsx';
import { RunWords } from '../runs/run-words.tsx';
import { StartRun } from '../runs/start-run.tsx';
import { Compared } from './compared.tsx';
import { grossWords } from './gross-words.ts';
import { kept } from './kept.ts';
import styles from './run.module.css';
import { RunList } from './run-list.tsx';
import { viewOf } from './run-view.ts';

type Result = Answer<'GET /runs/{id}/result'>;
type Run = Answer<'GET /runs/{id}'>;

export function RunPage(): ReactNode {
  const { runId = 'latest' } = useParams({ strict: false });
  return runId === 'latest' ? <LatestRun /> : <NamedRun key={runId} id={runId} />;
}

function LatestRun(): ReactNode {
  const result = useQuery(ask('GET /runs/{id}/result', { path: { id: 'latest' } }));
  const { error } = result;
  if (result.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <Frame title={texts.run.plainTitle}>
        <Going />
        <Notice title={texts.run.noRun}>
          <p>{texts.run.noRunHint}</p>
        </Notice>
      </Frame>
    );
  if (result.data === undefined)
    return (
      <Frame title={texts.run.plainTitle}>
        <Loaded query={result} skeleton={<Skeleton lines={14} height={20} />}>
          {() => null}
        </Loaded>
      </Frame>
    );
  return <ResultPage result={result.data} top={<Going />} />;
}

function NamedRun({ id }: { id: string }): ReactNode {
  const run = useQuery(ask('GET /runs/{id}', { path: { id } }));
  const isCompared = run.data?.state === 'complete' || run.data?.state === 'refused';
  const result = useQuery({ ...kept(ask('GET /runs/{id}/result', { path: { id } })), enabled: isCompared });
  if (result.data?.state === 'complete') return <ResultPage result={result.data} />;
  const title = run.data === undefined ? texts.run.plainTitle : titleOf(run.data.started_at ?? run.data.created_at);
  return (
    <Frame title={title}>
      <Loaded query={run} skeleton={<Skeleton lines={14} height={20} />}>
        {(known) => (
          <>
            <Unfinished run={known} />
            {isCompared && (
              <Loaded query={result} skeleton={<Skeleton lines={8} height={20} />}>
                {(found) => <Compared result={found} isOpen />}
              </Loaded>
            )}
          </>
        )}
      </Loaded>
    </Frame>
  );
}

const titleOf = (at: string): string => texts.run.title(formatMoment(at, Date.now()));

function Frame({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <Page title={title} isFull lead={lead} actions={<Actions />}>
      <div className={styles.page}>{children}</div>
    </Page>
  );
}

function Actions(): ReactNode {
  return (
    <>
      <Link to="/runs" className={styles.back}>
        {texts.run.back}
      </Link>
      <StartRun />
    </>
  );
}

/** What became of a run that has no list: it goes on, or it ended without one. */
function Unfinished({ run }: { run: Run }): ReactNode {
  const { state } = run;
  if (state === 'queued' || state === 'running')
    return (
      <Panel>
        <RunProgress run={run} />
        <p className={styles.quiet}>
          {texts.run.goesOn}{' '}
          <Link to="/runs/$runId" params={{ runId: 'latest' }}>
            {texts.run.toLatest}
          </Link>
        </p>
      </Panel>
    );
  if (state === 'complete') return null;
  const titles = {
    refused: texts.run.refusedTitle,
    failed: texts.run.failedTitle,
    cancelled: texts.run.cancelledTitle,
  };
  return (
    <Notice title={titles[state]} tone={state === 'cancelled' ? 'plain' : 'over'} role="status">
      {state === 'cancelled' ? <p>{texts.run.cancelledHint}</p> : <RunWords run={run} />}
    </Notice>
  );
}

/** On the page of the newest complete run: that a newer one is under way. */
function Going(): ReactNode {
  const { data } = useQuery(ask('GET /runs', { query: { state: 'queued,running', limit: 1 } }));
  const going = data?.items[0];
  if (going === undefined) return null;
  return (
    <p className={styles.banner} role="status">
      {texts.run.going}
      <Link to="/runs/$runId" params={{ runId: going.id }}>
        {texts.run.goingOpen}
      </Link>
    </p>
  );
}

function ResultPage({ result, top }: { result: Result; top?: ReactNode }): ReactNode {
  const view = viewOf(useSearch({ strict: false }));
  const { run_id: runId, currency, findings } = result;
  return (
    <Frame title={titleOf(result.started_at)} lead={<Headline result={result} />}>
      {top}
      <Compared result={result} />
      <RunList
        key={runId}
        runId={runId}
        since={view.since ?? result.run_before ?? undefined}
        view={view}
        currency={currency}
        titleOf={(id) => findings.find((finding) => finding.id === id)?.title}
      />
    </Frame>
  );
}

/** The whole run in a sentence, whatever the list below is limited to. */
function Headline({ result: { totals, visible, currency } }: { result: Result }): ReactNode {
  if (visible === null) return null;
  if (visible.discrepancies === 0) return <span>{totals?.['keys'] === 0 ? texts.run.nothing : texts.run.inSync}</span>;
  const gross = grossWords(visible, currency, true);
  const hasSides = signOf(visible.erp_overstated_value) !== 0 || signOf(visible.erp_understated_value) !== 0;
  return (
    <span className={styles.headline}>
      <span>
        {totals === null
          ? texts.run.lead(visible.discrepancies, gross)
          : texts.run.leadKeys(visible.discrepancies, Number(totals['keys']), gross)}
        {hasSides && ':'}
      </span>
      {visible.unvalued === visible.discrepancies && <span className="muted">{texts.run.noCost}</span>}
      {signOf(visible.erp_overstated_value) !== 0 && (
        <span className="over">{texts.run.tooHigh(formatMoney(visible.erp_overstated_value, currency, true))}</span>
      )}
      {signOf(visible.erp_understated_value) !== 0 && (
        <span className="under">{texts.run.tooLow(formatMoney(visible.erp_understated_value, currency, true))}</span>
      )}
    </span>
  );
}
