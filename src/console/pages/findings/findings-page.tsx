/**
 * The page "findings": systemic faults of one run, each with what it made and one action. Asks for the run that is chosen.
 * Never looks for faults itself.
 */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import type { RunFinding } from '../../../contract/item-view.ts';
import type { RunMeasures } from '../../../contract/measures.ts';
import { type Answer, ApiError, ask } from '../../api/ask.ts';
import { formatMoment } from '../../format/moments.ts';
import { findingsOf } from '../../parts/findings-of.ts';
import { FailureNotice, Loaded, Notice, Skeleton } from '../../parts/loaded.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { texts } from '../../texts/texts.ts';
import { CausesTable } from './causes-table.tsx';
import { FindingPanel } from './finding-panel.tsx';
import styles from './findings.module.css';
import { isSameFault } from './is-same-fault.ts';

const words = texts.findings;
/** Runs that can be chosen here; the page runs has all of them. */
const RUNS_OFFERED = 20;

type RunResult = Answer<'GET /runs/{id}/result'>;

export function FindingsPage(): ReactNode {
  const { run = 'latest', site = '' } = useSearch({ strict: false });
  const result = useQuery(ask('GET /runs/{id}/result', { path: { id: run } }));
  const { data } = result;
  if (data === undefined && result.error !== null) return <Missing error={result.error} isLatest={run === 'latest'} />;
  return (
    <Page
      title={words.title}
      actions={<RunChoice chosen={run} />}
      lead={data === undefined ? undefined : <Lead result={data} site={site} />}
    >
      <Loaded query={result} skeleton={<LoadingFindings />}>
        {(answer) => <Findings result={answer} site={site} />}
      </Loaded>
    </Page>
  );
}

function Missing({ error, isLatest }: { error: unknown; isLatest: boolean }): ReactNode {
  const isEmpty = isLatest && error instanceof ApiError && error.status === 404;
  return (
    <Page title={words.title}>
      {isEmpty ? (
        <Notice title={words.noRun}>
          <p>{words.noRunHint}</p>
          <Link to="/">{words.toToday}</Link>
        </Notice>
      ) : (
        <FailureNotice error={error} />
      )}
    </Page>
  );
}

function LoadingFindings(): ReactNode {
  return (
    <Panel>
      <Skeleton lines={10} height={20} />
    </Panel>
  );
}

function RunChoice({ chosen }: { chosen: string }): ReactNode {
  const navigate = useNavigate();
  const { data } = useQuery(ask('GET /runs', { query: { state: 'complete', limit: RUNS_OFFERED } }));
  const runs = data?.items ?? [];
  const now = Date.now();
  return (
    <label className={styles.choice}>
      <span className="muted">{words.run}</span>
      <select
        value={chosen}
        onChange={({ target: { value } }) =>
          void navigate({ to: '.', search: (before) => ({ ...before, run: value === 'latest' ? undefined : value }) })
        }
      >
        <option value="latest">{words.latest}</option>
        {runs.map(({ id, finished_at: finished, created_at: created }) => (
          <option key={id} value={id}>
            {formatMoment(finished ?? created, now)}
          </option>
        ))}
        {chosen !== 'latest' && !runs.some(({ id }) => id === chosen) && <option value={chosen}>{chosen}</option>}
      </select>
    </label>
  );
}

function Lead({ result, site }: { result: RunResult; site: string }): ReactNode {
  const findings = findingsOf(result);
  const all = result.visible?.discrepancies ?? 0;
  const covered = findings.reduce((sum, { discrepancies }) => sum + discrepancies, 0);
  if (findings.length === 0 || result.state === 'refused') return null;
  return (
    <>
      {covered <= all ? words.lead(findings.length, covered, all) : words.leadMany(findings.length)}
      {site !== '' && ` ${words.ofAllSites}`}
    </>
  );
}

function Findings({ result, site }: { result: RunResult; site: string }): ReactNode {
  const findings = findingsOf(result);
  const before = useFindingsBefore(result);
  useNamedFinding(findings.length > 0);
  if (result.state === 'refused') return <Notice title={words.refused} tone="warn" />;
  const gone = (before ?? []).filter((earlier) => !findings.some((finding) => isSameFault(finding, earlier)));
  return (
    <>
      {findings.length === 0 && <NoFinding result={result} site={site} />}
      {findings.map((finding) => (
        <FindingPanel
          key={finding.id}
          finding={finding}
          result={result}
          site={site}
          isKnown={before?.some((earlier) => isSameFault(finding, earlier))}
        />
      ))}
      {findings.length > 0 && <CausesTable result={result} site={site} />}
      {gone.length > 0 && (
        <Panel title={words.gone.title}>
          <p className="muted small">{words.gone.lead}</p>
          <ul>
            {gone.map(({ id, title }) => (
              <li key={id}>{title}</li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function NoFinding({ result, site }: { result: RunResult; site: string }): ReactNode {
  const count = result.visible?.discrepancies ?? 0;
  const hasMovements = result.inputs.some(({ kind }) => kind === 'movements');
  return (
    <>
      <Notice
        title={hasMovements || count === 0 ? words.none(count) : words.noCauses}
        tone={count === 0 ? 'good' : 'plain'}
      >
        <p className="muted">{hasMovements || count === 0 ? words.noneHint : words.noCausesHint}</p>
      </Notice>
      {count > 0 && <CausesTable result={result} site={site} />}
    </>
  );
}

/** Of the run that this one is compared with; undefined where there is none. */
function useFindingsBefore(result: RunResult): readonly RunFinding[] | undefined {
  const before = (result.measures as RunMeasures | null)?.compared_with ?? '';
  const { data } = useQuery({ ...ask('GET /runs/{id}/result', { path: { id: before } }), enabled: before !== '' });
  return data === undefined ? undefined : findingsOf(data);
}

/** An address such as /findings#F1 goes to that finding once it is drawn. */
function useNamedFinding(isDrawn: boolean): void {
  useEffect(() => {
    const name = location.hash.slice(1);
    if (isDrawn && name !== '') document.getElementById(name)?.scrollIntoView({ block: 'start' });
  }, [isDrawn]);
}
