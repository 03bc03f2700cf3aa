/** Runs that were refused or failed: why, and what to do. Never says that anything is in sync. */
import type { NotifyMessage } from '../../contract/notification.ts';
import type { NotifyRule } from '../../core/notify/notify-rule.ts';
import { formatCount } from '../../report/figures.ts';
import { footerOf, momentPhrase, runPath } from './message-wording.ts';

export interface FailedRun {
  readonly runId: string;
  readonly state: 'refused' | 'failed';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

const REASON_CHARACTERS_MAX = 1_000;

/** `runs`: the newest first, not necessarily all. */
export function failedRunMessage(
  rule: NotifyRule,
  ruleName: string,
  { runs, count }: { readonly runs: readonly FailedRun[]; readonly count: number },
): NotifyMessage | undefined {
  const [newest] = runs;
  if (newest === undefined) return undefined;
  const when = momentPhrase(newest.at, rule.time_zone);
  const common = { topic: 'run-failed', footer: footerOf(ruleName), data: { runs: runs.map(dataOf), count } } as const;
  const link = { label: 'Open the run', path: runPath(newest.runId) };
  if (count === 1)
    return {
      ...common,
      subject: newest.state === 'refused' ? `The run of ${when} was refused` : `The run of ${when} failed`,
      opening: [sentence(reasonOf(newest)), consequence(newest)],
      sections: [],
      action: newest.action,
      link,
    };
  const shown = runs.slice(0, rule.lines_max);
  const lines = shown.map((run) => ({
    title: `${momentPhrase(run.at, rule.time_zone)}: ${run.state}`,
    detail: `${sentence(reasonOf(run))}${run.action === '' ? '' : ` ${run.action}`}`,
    path: runPath(run.runId),
  }));
  const rest = count > shown.length ? `${formatCount(count - shown.length)} more are in the list of runs.` : '';
  return {
    ...common,
    subject: `${formatCount(count)} runs were refused or failed, the last at ${when}`,
    opening: [`${formatCount(count)} runs compared nothing. The figures of the last complete run stay as they were.`],
    sections: [{ title: 'The newest first', lines, rest }],
    action: '',
    link,
  };
}

function consequence({ state }: FailedRun): string {
  return state === 'refused'
    ? 'Nothing was compared: the files cannot be trusted as they are. The figures of the last complete run stay as they were.'
    : 'Nothing was compared. The figures of the last complete run stay as they were.';
}

function reasonOf({ message }: FailedRun): string {
  return message.length > REASON_CHARACTERS_MAX ? `${message.slice(0, REASON_CHARACTERS_MAX)}…` : message;
}

function sentence(text: string): string {
  const begun = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

function dataOf({ runId, state, at, code, message, action }: FailedRun) {
  return { run_id: runId, state, at: new Date(at).toISOString(), code, message, action };
}
