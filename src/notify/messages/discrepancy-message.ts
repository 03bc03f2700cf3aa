/** Discrepancies that are news, in one message: the largest of them, and how many there are. Never decides what is news. */
import type { NotifyMessage } from '../../contract/notification.ts';
import { formatFixed } from '../../core/model/decimal.ts';
import type { News } from '../../core/notify/judge-news.ts';
import type { NotifyRule } from '../../core/notify/notify-rule.ts';
import { formatCount, formatMoney, plural } from '../../report/figures.ts';
import { placeName } from '../../report/item-wording.ts';
import { sitesPhrase } from '../../report/wording.ts';
import { footerOf, itemPath, messageLines, runPath, standingPhrase, type ToldLine } from './message-wording.ts';

export interface NewsLine {
  readonly line: ToldLine;
  readonly news: News;
  /** |value| in minor units when it was told before; -1 where it was not, or had none. */
  readonly toldSize: number;
  /** The run that found it; '' where it was seen between runs. */
  readonly runId: string;
}

export interface NewsGroup {
  /** The largest first; not necessarily all. */
  readonly lines: readonly NewsLine[];
  readonly count: number;
  /** Sum of |value| in minor units, and how many are without. */
  readonly size: number;
  readonly unsized: number;
  readonly currency: string;
  readonly minorDecimals: number;
}

export function discrepancyMessage(rule: NotifyRule, ruleName: string, group: NewsGroup): NotifyMessage | undefined {
  const [first] = group.lines;
  if (first === undefined) return undefined;
  const { count, currency } = group;
  const shown = group.lines.slice(0, rule.lines_max);
  const money = (size: number): string =>
    size < 0 ? '' : formatMoney(formatFixed(size, group.minorDecimals), currency, true);
  const least = rule.min_value === null ? '' : ` of at least ${formatMoney(rule.min_value, currency, true)}`;
  const limit = least === '' || count === 1 ? least : `${least} each`;
  const runIds = new Set(group.lines.map(({ runId }) => runId).filter((id) => id !== ''));
  const [runId = ''] = runIds;
  const isOne = count === 1;
  return {
    topic: 'discrepancy',
    subject: isOne
      ? `${first.line.item} at ${placeName(first.line)}: ${standingPhrase(first.line)}`
      : `${formatCount(count)} discrepancies${limit}${sumPhrase(group, money)}`,
    opening: isOne ? [soleSentence(first, limit)] : [crowdSentence(group, limit, money)],
    sections: [
      {
        title: isOne ? '' : shown.length < count ? 'The largest' : 'All of them',
        lines: messageLines(
          shown.map(({ line, news, toldSize }) => ({
            line,
            news,
            toldValue: toldSize < 0 ? '' : formatFixed(toldSize, group.minorDecimals),
          })),
        ),
        rest: count > shown.length ? `${plural(count - shown.length, 'more is', 'more are')} not listed here.` : '',
      },
    ],
    action: '',
    link: isOne
      ? { label: 'Open the item', path: itemPath(first.line) }
      : runIds.size === 1
        ? { label: 'Open the run', path: runPath(runId) }
        : { label: 'Open the work list', path: '/' },
    footer: footerOf(ruleName),
    data: {
      discrepancies: count,
      gross_variance_value: group.unsized >= count ? '' : formatFixed(group.size, group.minorDecimals),
      unvalued: group.unsized,
      currency,
      lines: shown.map(({ line, news, runId: run }) => ({ ...line, news, run_id: run })),
    },
  };
}

function sumPhrase({ count, size, unsized }: NewsGroup, money: (size: number) => string): string {
  return unsized >= count ? '' : `, ${money(size)} together`;
}

const SOLE: Readonly<Record<News, string>> = {
  new: 'There is a discrepancy',
  grown: 'A discrepancy has grown',
  back: 'A discrepancy is back',
};

function soleSentence({ news, runId }: NewsLine, limit: string): string {
  return `${SOLE[news]}${limit}, ${runId === '' ? 'seen live since the last run' : 'found by a run'}.`;
}

function crowdSentence(group: NewsGroup, limit: string, money: (size: number) => string): string {
  const { lines, count, unsized } = group;
  const sites = [...new Set(lines.map(({ line }) => line.site))];
  const of = (news: News): number => lines.filter((line) => line.news === news).length;
  const parts = [
    of('grown') > 0 ? `${formatCount(of('grown'))} of them ${of('grown') === 1 ? 'has' : 'have'} grown` : '',
    of('back') > 0 ? `${formatCount(of('back'))} ${of('back') === 1 ? 'is' : 'are'} back` : '',
  ].filter((text) => text !== '');
  const without =
    unsized === 0 || unsized >= count
      ? ''
      : `; ${formatCount(unsized)} without a unit cost ${unsized === 1 ? 'is' : 'are'} not in that amount`;
  const all =
    lines.length < count
      ? ''
      : parts.length === 0
        ? ' None of them was told before.'
        : ` ${capital(parts.join(', '))}.`;
  const at = lines.length < count ? '' : ` at ${sitesPhrase(sites)}`;
  return `${plural(count, 'discrepancy', 'discrepancies')}${limit}${at}${sumPhrase(group, money)}${without}.${all}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
