/** Words that all messages share: moments on the reader's clock, lines of discrepancies, why somebody is told. Never decides what is told. */
import type { MessageLine } from '../../contract/notification.ts';
import type { DiscrepancyLine } from '../../contract/run.ts';
import type { News } from '../../core/notify/judge-news.ts';
import { causeWords, confidenceWords } from '../../report/cause-wording.ts';
import { formatMoney } from '../../report/figures.ts';
import { balancePhrase, placeName, type StandingKey } from '../../report/item-wording.ts';
import { absentPhrase } from '../../report/wording.ts';

/** A discrepancy as a run or the live state has it; what only one of them knows is '' in the other. */
export type ToldLine = Pick<
  DiscrepancyLine,
  | 'site'
  | 'item'
  | 'owner'
  | 'lot'
  | 'category'
  | 'description'
  | 'erp_quantity'
  | 'wms_quantity'
  | 'in_flight_quantity'
  | 'net_variance_quantity'
  | 'variance_value'
  | 'currency'
  | 'uom'
  | 'cause'
  | 'cause_confidence'
  | 'action'
  | 'absent_from'
>;

/** "Tue 24 Nov, 14:02 CST", on the clock of the rule's time zone. */
export function momentPhrase(moment: number | string, timeZone: string): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return String(moment);
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const { weekday, day, month, hour, minute, timeZoneName } = parts;
  return `${weekday} ${day} ${month}, ${hour}:${minute} ${timeZoneName}`;
}

/** How a line stands, in words: "ERP shows 12 EA more than the warehouse, $1,430.00 (available, not in WMS)". */
export function standingPhrase(line: ToldLine): string {
  const absent = absentPhrase(line);
  return `${balancePhrase(standingOf(line), line)} (${line.category}${absent === '' ? '' : `, ${absent}`})`;
}

/** What is known of why: "Message rejected (likely)"; '' where nobody has looked. */
function whyPhrase({ cause, cause_confidence }: ToldLine): string {
  if (cause === '') return '';
  if (cause === 'unexplained') return 'No cause is known';
  const words = causeWords(cause);
  const confidence = confidenceWords(cause_confidence);
  const said = `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
  return confidence === '' ? said : `${said} (${confidence})`;
}

/** A line that is told. */
export interface WordedLine {
  readonly line: ToldLine;
  /** Left out where the line is not told as news. */
  readonly news?: News;
  /** How large it was when told before; '' where it was not, or had no cost. */
  readonly toldValue?: string;
}

/**
 * The lines in their order, those of one item at one place together: one message that was lost takes units from one category
 * and leaves them in another.
 */
export function messageLines(lines: readonly WordedLine[]): MessageLine[] {
  const groups = new Map<string, WordedLine[]>();
  for (const each of lines) {
    const { item, site, owner, lot } = each.line;
    const key = JSON.stringify([item, site, owner, lot]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const [{ line }] = group as [WordedLine, ...WordedLine[]];
    const { item, description } = line;
    const sentences = group.flatMap((each) => [
      standingPhrase(each.line),
      whyPhrase(each.line),
      changePhrase(each),
      each.line.action.replace(/\.$/, ''),
    ]);
    const said = sentences.filter((sentence, index) => sentence !== '' && sentences.lastIndexOf(sentence) === index);
    return {
      title: `${item}${description === '' ? '' : ` ${description}`}, ${placeName(line)}`,
      detail: `${said.join('. ')}.`,
      path: itemPath(line),
    };
  });
}

function changePhrase({ line, news, toldValue = '' }: WordedLine): string {
  if (news === 'back') return 'It was in sync again, and is off once more';
  return news === 'grown' && toldValue !== ''
    ? `It was ${formatMoney(toldValue, line.currency, true)} when last told`
    : '';
}

export function itemPath({ item, site }: Pick<ToldLine, 'item' | 'site'>): string {
  return `/items/${encodeURIComponent(item)}${site === '' ? '' : `?site=${encodeURIComponent(site)}`}`;
}

export function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}

export function footerOf(ruleName: string): string {
  return `You get this because of the rule “${ruleName}” in Evenstock.`;
}

function standingOf(line: ToldLine): StandingKey {
  const { category, wms_quantity, net_variance_quantity, in_flight_quantity, variance_value } = line;
  const figures = { category, wms_quantity, net_variance_quantity, in_flight_quantity, variance_value };
  return { ...figures, state: 'discrepancy', days_out_of_sync: '', out_since: '' };
}
