/** Why a run was refused or failed, and what to do: the server's words. Never words of its own. */
import type { ReactNode } from 'react';
import type { Answer } from '../../api/ask.ts';
import { summaryOf } from './run-summary.ts';

type Run = Answer<'GET /runs/{id}'>;

export function RunWords({ run }: { run: Run }): ReactNode {
  const { failure } = run;
  const refusals = summaryOf(run)?.quality.filter(({ severity }) => severity === 'refused') ?? [];
  if (refusals.length === 0)
    return (
      failure !== null && (
        <p>
          {failure.message} {failure.action !== '' && <span className="muted">{failure.action}</span>}
        </p>
      )
    );
  return refusals.map(({ code, message, action }) => (
    <p key={`${code} ${message}`}>
      {message} {action !== undefined && action !== '' && <span className="muted">{action}</span>}
    </p>
  ));
}
