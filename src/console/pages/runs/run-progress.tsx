/** How far a run is, and the way to stop it. Events bring it up to date. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Answer, call } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { formatShare } from '../../format/decimals.ts';
import { formatDuration } from '../../format/moments.ts';
import { FailureNotice } from '../../parts/loaded.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './runs.module.css';

type Run = Answer<'GET /runs/{id}'>;
const words = texts.runs.progress;

export function RunProgress({ run }: { run: Run }): ReactNode {
  const { progress, state } = run;
  const stage = progress?.stage ?? '';
  const share = progress === null || progress.total === 0 ? undefined : Math.min(1, progress.done / progress.total);
  return (
    <div className={styles.progress}>
      <p role="status">
        {state === 'queued'
          ? words.queued
          : ((words.stages as Record<string, string>)[stage] ?? texts.runs.states.running)}
        {share !== undefined && <span className="muted"> {formatShare(String(share), 0)}</span>}
        {progress?.ms_left != null && <span className="muted"> · {words.left(formatDuration(progress.ms_left))}</span>}
      </p>
      <progress aria-label={words.label} max={1} {...(share !== undefined && { value: share })} />
      <CancelRun run={run} />
    </div>
  );
}

function CancelRun({ run }: { run: Run }): ReactNode {
  const queries = useQueryClient();
  const mayCancel = useMay('analyst');
  const cancel = useMutation({
    mutationFn: () => call('POST /runs/{id}/cancel', { path: { id: run.id } }),
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => String(name).startsWith('GET /runs') }),
  });
  if (run.is_cancel_requested) return <p className="muted small">{texts.runs.cancelling}</p>;
  if (!mayCancel) return null;
  return (
    <>
      <Button
        variant="default"
        title={texts.runs.cancelHint}
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        {texts.runs.cancel}
      </Button>
      {cancel.error !== null && <FailureNotice error={cancel.error} />}
    </>
  );
}
