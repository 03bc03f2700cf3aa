/**
 * Reads what happened and works out what it means to each rule: what is to be told, what need not be any more. Decides with
 * the core; never writes, and never sends.
 */
import { minorDecimalsOf } from '../app/minor-decimals.ts';
import { notifyRuleOf } from '../contract/notification.ts';
import { concernsAlert, concernsLine, concernsRun } from '../core/notify/judge-concern.ts';
import { judgeNews } from '../core/notify/judge-news.ts';
import type { Topic } from '../core/notify/notify-rule.ts';
import { valueSizeOf } from '../core/notify/value-size.ts';
import type { NumberedEvent } from '../store/work/events.ts';
import { type PendingChange, readTold } from '../store/work/notification-pending.ts';
import { findRun } from '../store/work/runs.ts';
import { linesOfRun } from './lines-of-run.ts';
import type { FailedRun } from './messages/failed-run-message.ts';
import { type PendingNews, subjectOf } from './pending-news.ts';
import type { EnabledRule, ReaderContext } from './reader-context.ts';

/** A run that ended so long before it was heard of is entered, not made: a folder that was there before the server. */
const OLD_RUN_MS = 24 * 3_600_000;

/** What the events mean, in their order. */
export async function readMeaning(
  context: ReaderContext,
  events: readonly NumberedEvent[],
): Promise<readonly PendingChange[]> {
  const rules = context.rules
    .filter(({ isEnabled }) => isEnabled)
    .map(({ id, document }) => ({ id, rule: notifyRuleOf(document) }));
  if (rules.length === 0) return [];
  const changes: PendingChange[] = [];
  for (let index = 0; index < events.length; ) {
    // Discrepancies come in crowds: what was told of them is asked for together.
    let end = index;
    while (events[end]?.kind.startsWith('discrepancy.') === true) end++;
    if (end > index) changes.push(...(await linesChanged(context, rules, events.slice(index, end))));
    else changes.push(...(await eventMeaning(context, rules, events[end++] as NumberedEvent)));
    index = end;
  }
  return changes;
}

async function eventMeaning(
  context: ReaderContext,
  rules: readonly EnabledRule[],
  event: NumberedEvent,
): Promise<PendingChange[]> {
  switch (event.kind) {
    case 'run.complete':
      return runCompleted(context, rules, event);
    case 'run.refused':
    case 'run.failed':
      return runFailed(context, rules, event);
    case 'alert.opened':
    case 'alert.closed':
      return alertChanged(rules, event);
    default:
      return [];
  }
}

/** Between runs nobody looks for causes. */
const NO_CAUSE = { cause: '', cause_confidence: '', action: '' };
type LiveDocument = Omit<PendingNews['line'], keyof typeof NO_CAUSE>;

async function linesChanged(
  { database: { db }, currency }: ReaderContext,
  rules: readonly EnabledRule[],
  events: readonly NumberedEvent[],
): Promise<PendingChange[]> {
  const decimals = minorDecimalsOf(currency);
  const lines = events.map((event) => {
    const line = { ...NO_CAUSE, ...(event.document as LiveDocument) };
    return { event, line, subject: subjectOf(line), size: valueSizeOf(line.variance_value, decimals) };
  });
  const changes: PendingChange[] = [];
  for (const { id: ruleId, rule } of rules.filter(({ rule: { topics } }) => topics.includes('discrepancy'))) {
    const told = await readTold(db, ruleId, [...new Set(lines.map(({ subject }) => subject))]);
    for (const { event, line, subject, size } of lines) {
      const known = told.get(subject);
      const goneAt = known?.gone_at ?? null;
      const drop = { kind: 'drop', ruleId, topic: 'discrepancy', subject } as const;
      if (event.kind === 'discrepancy.closed') {
        changes.push(drop, { kind: 'gone', ruleId, subject });
        if (known !== undefined) told.set(subject, { ...known, gone_at: goneAt ?? event.at });
        continue;
      }
      const { site, category } = line;
      // Whatever opened, or crossed a limit, was not there before; a change of what a run told has its cause there.
      const isNew = event.kind === 'discrepancy.opened';
      const concerned = { site, category, cause: undefined, valueSize: size, isNew };
      if (!concernsLine(rule, concerned, decimals)) {
        // It may have shrunk below the limit while it waited; one that waits for its cause stays.
        if (rule.causes.length === 0 && !rule.only_new) changes.push(drop);
        continue;
      }
      const news = judgeNews(known && { size: known.size, goneAt }, size, event.at, rule.grown_by_percent);
      if (known !== undefined && news !== 'back') changes.push({ kind: 'there', ruleId, subject });
      if (known !== undefined) told.set(subject, { ...known, gone_at: news === 'back' ? goneAt : null });
      const document: PendingNews = { line, news: news ?? 'new', toldSize: known?.size ?? -1, runId: '' };
      changes.push(news === undefined ? drop : { kind: 'tell', ruleId, topic: 'discrepancy', subject, size, document });
    }
  }
  return changes;
}

async function runCompleted(
  context: ReaderContext,
  rules: readonly EnabledRule[],
  { at, document }: NumberedEvent,
): Promise<PendingChange[]> {
  const { run_id: runId } = document as { run_id: string };
  const run = await findRun(context.database.db, runId);
  if (run === undefined || (run.finishedAt ?? at) < at - OLD_RUN_MS) return [];
  const changes: PendingChange[] = [];
  for (const { id: ruleId, rule } of rules) {
    if (concernsRun(rule, 'run-digest', run.filters.site))
      // Of several runs that waited for the end of quiet hours, the last one is told.
      changes.push({ kind: 'tell', ruleId, topic: 'run-digest', subject: 'run', size: at, document: { runId } });
    if (concernsRun(rule, 'discrepancy', run.filters.site))
      changes.push(...(await linesOfRun(context, { id: ruleId, rule }, run, at)));
  }
  return changes;
}

async function runFailed(
  { database: { db } }: ReaderContext,
  rules: readonly EnabledRule[],
  { at, document, kind }: NumberedEvent,
): Promise<PendingChange[]> {
  const { run_id: runId, failure } = document as { run_id: string; failure?: Partial<FailedRun> };
  const run = await findRun(db, runId);
  if (run === undefined || (run.finishedAt ?? at) < at - OLD_RUN_MS) return [];
  const { code = '', message = 'nobody could say why', action = '' } = failure ?? run.failure ?? {};
  const state = kind === 'run.refused' ? 'refused' : 'failed';
  const failed: FailedRun = { runId, state, at: run.finishedAt ?? at, code, message, action };
  return rules
    .filter(({ rule }) => concernsRun(rule, 'run-failed', run.filters.site))
    .map(({ id: ruleId }) => ({
      kind: 'tell',
      ruleId,
      topic: 'run-failed',
      subject: runId,
      size: at,
      document: failed,
    }));
}

const ALERT_TOPICS: Readonly<Record<string, Topic>> = { 'silent-feed': 'feed-silent', 'late-message': 'message-late' };
/** Beyond any moment: what is older comes first. */
const LAST_MOMENT = 9e15;

function alertChanged(rules: readonly EnabledRule[], { kind, document }: NumberedEvent): PendingChange[] {
  const alert = document as { id: string; kind: string; site: string; sent_at?: string; last_received_at?: string };
  const topic = ALERT_TOPICS[alert.kind];
  if (topic === undefined) return [];
  const since = Date.parse(alert.sent_at ?? alert.last_received_at ?? '') || 0;
  return rules
    .filter(({ rule }) => concernsAlert(rule, topic, alert.site))
    .map(({ id: ruleId }): PendingChange => {
      const what = { ruleId, topic, subject: alert.id } as const;
      if (kind === 'alert.closed') return { kind: 'drop', ...what };
      return { kind: 'tell', ...what, size: LAST_MOMENT - since, document: alert };
    });
}
