/** Decides when what is waiting to be told is sent: after the time it gathers, and never in quiet hours. */
import { isBlackedOut } from '../schedule/find-slots.ts';
import type { NotifyRule, Topic } from './notify-rule.ts';

const STEP_MS = 15 * 60_000;
const WEEK_MS = 7 * 24 * 3_600_000;
/** What comes in crowds; a run and its failure come alone, and at once. */
const GATHERED: readonly Topic[] = ['discrepancy', 'feed-silent', 'message-late'];

type Hours = Pick<NotifyRule, 'time_zone' | 'quiet_hours'>;

/** `since`: when the first of what is waiting came. Moments are milliseconds since 1970. */
export function isDue(rule: NotifyRule, topic: Topic, since: number, now: number): boolean {
  const gatherMs = GATHERED.includes(topic) ? rule.gatherMs : 0;
  return now - since >= gatherMs && !isQuiet(rule, now);
}

function isQuiet({ time_zone, quiet_hours: blackouts }: Hours, moment: number): boolean {
  return isBlackedOut({ time_zone, times: [], blackouts }, moment);
}

/** Whether quiet hours leave nothing of any week: nobody would ever be told. Looks at each quarter of an hour of the next one. */
export function isAlwaysQuiet(hours: Hours, now: number): boolean {
  // Windows of a date pass.
  const weekly = { ...hours, quiet_hours: hours.quiet_hours.filter(({ from }) => from.length === 'HH:MM'.length) };
  for (let moment = now; moment < now + WEEK_MS; moment += STEP_MS) if (!isQuiet(weekly, moment)) return false;
  return true;
}
