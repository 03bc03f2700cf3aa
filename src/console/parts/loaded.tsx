/**
 * Draws what an answer is while it loads, when it fails and when it is there. Decides the words for failures; never hides one.
 */
import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/ask.ts';
import { texts } from '../texts/texts.ts';
import styles from './loaded.module.css';

interface LoadedProps<T> {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch' | 'isFetching'>;
  /** Stands where the content will, in its size: nothing jumps. Lines where not given. */
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** What was shown stays while it is asked for again, with a note where that failed. */
export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>): ReactNode {
  const { data, error, refetch, isFetching } = query;
  const again = (): void => void refetch();
  if (data !== undefined)
    return (
      <>
        {error !== null && (
          <p role="status" className={styles.stale}>
            {texts.states.stale} <RetryLink onRetry={again} isBusy={isFetching} />
          </p>
        )}
        {children(data)}
      </>
    );
  if (error !== null) return <FailureNotice error={error} onRetry={again} isBusy={isFetching} />;
  return skeleton ?? <Skeleton lines={4} />;
}

function RetryLink({ onRetry, isBusy }: { onRetry: () => void; isBusy: boolean }): ReactNode {
  return (
    <button type="button" className={styles.link} onClick={onRetry} disabled={isBusy}>
      {texts.states.again}
    </button>
  );
}

export function FailureNotice({
  error,
  onRetry,
  isBusy = false,
}: {
  error: unknown;
  onRetry?: () => void;
  isBusy?: boolean;
}): ReactNode {
  const { title, detail, action } = failureWords(error);
  return (
    <Notice title={title} tone="over" role="alert">
      {detail !== '' && <p>{detail}</p>}
      {action !== undefined && <p>{action}</p>}
      {error instanceof ApiError && error.requestId !== undefined && error.status >= 500 && (
        <p className="muted small">{texts.states.requestId(error.requestId)}</p>
      )}
      {onRetry !== undefined && (
        <Button variant="default" onClick={onRetry} loading={isBusy}>
          {texts.states.again}
        </Button>
      )}
    </Notice>
  );
}

/** What to say of a failure: the server's own words where it gave any. */
export function failureWords(error: unknown): { title: string; detail: string; action?: string } {
  // What fetch throws where nothing answers.
  if (error instanceof TypeError) return { title: texts.states.unreachable, detail: texts.states.unreachableHint };
  if (!(error instanceof ApiError)) return { title: texts.states.failed, detail: String((error as Error).message) };
  const { status, message, action } = error;
  const said = { detail: message, ...(action !== undefined && { action }) };
  if (status === 401) return { title: texts.states.signedOut, detail: texts.states.signedOutHint };
  if (status === 403) return { title: texts.states.forbidden, ...said };
  if (status === 404) return { title: texts.states.absent, ...said };
  return { title: status >= 500 ? texts.states.failed : texts.states.refused, ...said };
}

/** What stands in the place of content: nothing there yet, not allowed, failed. */
export function Notice({
  title,
  tone = 'plain',
  role,
  children,
}: {
  title: string;
  tone?: 'plain' | 'over' | 'warn' | 'good';
  role?: 'alert' | 'status';
  children?: ReactNode;
}): ReactNode {
  return (
    <div className={styles.notice} data-tone={tone} role={role}>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  );
}

export function Skeleton({ lines, height = 16 }: { lines: number; height?: number }): ReactNode {
  return (
    <div className={styles.skeleton} aria-busy="true">
      <span className="unseen" role="status">
        {texts.states.loading}
      </span>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars are all alike
        <span key={index} className={styles.bar} style={{ height, width: `${92 - ((index * 23) % 45)}%` }} />
      ))}
    </div>
  );
}
