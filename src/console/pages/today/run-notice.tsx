/** What became of the newest run where it is not the one that is shown: waiting, going on, refused, failed. Never stops one. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer } from '../../api/ask.ts';
import { formatDuration } from '../../format/moments.ts';
import { Moment } from '../../parts/figures.tsx';
import { Notice } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './run-notice.module.css';
import { summaryOf } from './run-standing.ts';

const words = texts.today.notice;

type Run = Answer<'GET /runs'>['items'][number];

interface RunNoticeProps {
  /** The newest first. */
  readonly runs: readonly Run[];
  /** Whether an earlier run is shown. */
  readonly hasResult: boolean;
}

export function RunNotice({ runs, hasResult }: RunNoticeProps): ReactNode {
  const going = runs.find(({ state }) => state === 'running') ?? runs.find(({ state }) => state === 'queued');
  const ended = runs.find(({ state }) => state !== 'running' && state !== 'queued' && state !== 'cancelled');
  return (
    <>
      {going !== undefined && <Going run={going} />}
      {ended !== undefined && (ended.state === 'refused' || ended.state === 'failed') && (
        <Ended run={ended} hasResult={hasResult} />
      )}
    </>
  );
}

function Going({ run: { id, state, progress } }: { run: Run }): ReactNode {
  const share = progress === null || progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total);
  const left = progress?.ms_left ?? null;
  return (
    <div className={styles.going} role="status">
      <span>
        {state === 'running' ? words.running : words.queued}{' '}
        <Link to="/runs/$runId" params={{ runId: id }}>
          {words.open}
        </Link>
      </span>
      <span className="muted small">
        {progress !== null && words.stage(words.stages[progress.stage] ?? progress.stage)}
        {left !== null && `, ${words.left(formatDuration(left))}`}
      </span>
      <span
        role="progressbar"
        aria-label={words.progress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className={styles.track}
      >
        <span className={styles.done} style={{ width: `${share * 100}%` }} />
      </span>
    </div>
  );
}

function Ended({ run, hasResult }: { run: Run; hasResult: boolean }): ReactNode {
  const isRefused = run.state === 'refused';
  const reasons = summaryOf(run)?.quality.filter(({ severity }) => severity === 'refused') ?? [];
  return (
    <Notice title={isRefused ? words.refused : words.failed} tone="warn" role="status">
      {reasons.length === 0 && run.failure === null && isRefused && <p>{words.refusedLead}</p>}
      {reasons.map(({ code, source, message, action }) => (
        <p key={`${code} ${source} ${message}`}>
          {sentence(message)} {action}
        </p>
      ))}
      {reasons.length === 0 && run.failure !== null && (
        <p>
          {sentence(run.failure.message)} {run.failure.action}
        </p>
      )}
      <p className="muted">
        <Moment at={run.finished_at ?? run.created_at} /> · {hasResult ? words.shown : words.noneGood}{' '}
        <Link to="/runs/$runId" params={{ runId: run.id }}>
          {words.details}
        </Link>
      </p>
    </Notice>
  );
}

/** Messages of the quality gate are parts of a line on the terminal; here they stand alone. */
function sentence(message: string): string {
  // The name of a file stays as it is.
  return `${message.replace(/^[a-z]+(?= )/, (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)}.`;
}
