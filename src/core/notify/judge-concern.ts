/** Decides which rule a discrepancy, a run or an alert concerns. Never knows what was told before. */
import type { NotifyRule, Topic } from './notify-rule.ts';
import { valueSizeOf } from './value-size.ts';

/** A discrepancy as a run or the live state has it. `cause` is undefined where nobody has looked for one yet. */
export interface ConcernedLine {
  readonly site: string;
  readonly category: string;
  readonly cause: string | undefined;
  /** |value| in minor units; -1 where no cost is known. */
  readonly valueSize: number;
  /** Whether it was not there before. */
  readonly isNew: boolean;
}

/** Whose who asks for causes hears of a discrepancy only once a run has explained it. */
export function concernsLine(rule: NotifyRule, line: ConcernedLine, minorDecimals: number): boolean {
  if (!rule.topics.includes('discrepancy') || !isSeen(rule, line.site)) return false;
  if (rule.categories.length > 0 && !rule.categories.includes(line.category)) return false;
  if (rule.causes.length > 0 && (line.cause === undefined || !rule.causes.includes(line.cause))) return false;
  if (rule.only_new && !line.isNew) return false;
  return rule.min_value === null || line.valueSize >= valueSizeOf(rule.min_value, minorDecimals);
}

/** `sites`: those that the run was limited to; none: all. */
export function concernsRun(rule: NotifyRule, topic: Topic, sites: readonly string[]): boolean {
  if (!rule.topics.includes(topic)) return false;
  return rule.sites === null || sites.length === 0 || sites.some((site) => isSeen(rule, site));
}

/** `site` is '' where an alert is of none: it is everybody's, as in the list of alerts. */
export function concernsAlert(rule: NotifyRule, topic: Topic, site: string): boolean {
  return rule.topics.includes(topic) && (site === '' || isSeen(rule, site));
}

function isSeen({ sites }: NotifyRule, site: string): boolean {
  return sites === null || sites.includes(site);
}
