/**
 * Decides the sentences that every printed form of a report shares: the opening, directions, definitions, what is missing.
 * Never lays anything out and never computes a figure that the run does not hold.
 */
import type { DiscrepancyLine, RunDocument, RunTotals, Selection } from '../contract/run.ts';
import { formatCount, formatMoney, formatQuantity, formatShare, isZero, plural } from './figures.ts';

/** What each measure means, in the words of the report. */
export const DEFINITIONS = {
  keys: 'net variance within tolerance',
  exact: 'net variance exactly 0',
  units: '1 − Σ|net variance| ÷ Σ WMS quantity',
  net: 'Net variance = WMS − ERP − in flight.',
  gross: 'every error counts, in any direction',
  netValue: 'errors of opposite direction cancel',
} as const;

/** "DC1", "DC1 and DC2", "DC1, DC2 and DC3"; more than three are counted. '' for none. */
export function sitesPhrase(sites: readonly string[]): string {
  if (sites.length > 3) return `${formatCount(sites.length)} sites`;
  if (sites.length < 2) return sites[0] ?? '';
  return `${sites.slice(0, -1).join(', ')} and ${sites.at(-1)}`;
}

/** What one key stands for, from the grain: "A key is one item in one category at one site." */
export function keyPhrase(grain: readonly string[]): string {
  const parts = ['owner', 'lot'].filter((column) => grain.includes(column)).map((column) => `one ${column}`);
  return `A key is one item${parts.length === 0 ? '' : ` of ${parts.join(' and ')}`} in one category at one site.`;
}

/** True where rows were rejected or statuses have no category, so that "in sync" is not the whole truth. */
function isIncomplete(run: RunDocument): boolean {
  const totals = run.totals;
  return totals !== null && (totals.rejected_rows > 0 || totals.unmapped_rows > 0 || run.unmapped.length > 0);
}

/** What the comparison leaves out, as one sentence; '' where it is complete. */
function incompletePhrase(run: RunDocument): string {
  if (run.totals === null || !isIncomplete(run)) return '';
  const parts: string[] = [];
  if (run.totals.rejected_rows > 0) {
    const rows = run.totals.rejected_rows;
    parts.push(`${plural(rows, 'row')} ${rows === 1 ? 'was' : 'were'} rejected`);
  }
  if (run.totals.unmapped_rows > 0 || run.unmapped.length > 0) {
    const rows = run.totals.unmapped_rows;
    parts.push(`${plural(rows, 'row')} ${rows === 1 ? 'has' : 'have'} a stock status without a category`);
  }
  return `The comparison is incomplete: ${parts.join(', and ')}. What they hold is in no figure here.`;
}

/** "1 unit", "3,182.5 units". */
export function unitsPhrase(quantity: string): string {
  const text = formatQuantity(quantity);
  return `${text} ${text === '1' || text === '−1' ? 'unit' : 'units'}`;
}

function offPhrase(run: RunDocument, totals: RunTotals): string {
  const keys = plural(totals.discrepancies, 'key');
  const are = totals.discrepancies === 1 ? 'is' : 'are';
  const units = `${unitsPhrase(totals.gross_variance_quantity)} gross`;
  if (totals.unvalued >= totals.discrepancies)
    return `${keys} ${are} off by ${units}; no unit cost is known for ${totals.discrepancies === 1 ? 'it' : 'them'}.`;
  const value = formatMoney(totals.gross_variance_value, run.currency, true);
  if (totals.unvalued === 0) return `${keys} ${are} off by ${value} gross.`;
  const without = totals.unvalued === 1 ? 'has no unit cost and is' : 'have no unit cost and are';
  return `${keys} ${are} off by ${value} gross; ${formatCount(totals.unvalued)} of them ${without} not in that amount.`;
}

function allAgree(run: RunDocument, totals: RunTotals): string {
  const keys = totals.keys === 1 ? 'the one key agrees' : `all ${formatCount(totals.keys)} keys agree`;
  const within = isZero(totals.sync_accuracy_keys_exact.replace(/^1(\.0*)?$/, '')) ? '' : ' within tolerance';
  const timing =
    totals.keys_timing_only === 0
      ? ''
      : `, ${formatCount(totals.keys_timing_only)} of them once what is in flight is counted`;
  if (!isIncomplete(run)) return `Nothing is out of sync: ${keys}${within}${timing}.`;
  return `No discrepancy was found in what could be compared: ${keys}${within}${timing}.`;
}

/** What a report was limited to, in words: "site DC1; value of at least $500". */
function selectionPhrase(run: RunDocument, { site, category, cause, min_value }: Selection): string {
  const named = (one: string, many: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${names.length === 1 ? one : many} ${names.join(', ')}`];
  return [
    ...named('site', 'sites', site),
    ...named('category', 'categories', category),
    ...named('cause', 'causes', cause),
    ...(min_value === '' ? [] : [`value of at least ${formatMoney(min_value, run.currency, true)}`]),
  ].join('; ');
}

function selectionSentences(run: RunDocument, selection: Selection, totals: RunTotals): string[] {
  const { discrepancies, unvalued } = selection;
  const money = (amount: string) => formatMoney(amount, run.currency, true);
  const worth =
    discrepancies === 0
      ? ''
      : unvalued >= discrepancies
        ? `: ${unitsPhrase(selection.gross_variance_quantity)} gross, ${unitsPhrase(selection.net_variance_quantity)} net; no unit cost is known`
        : `: ${money(selection.gross_variance_value)} gross, ${money(selection.net_variance_value)} net`;
  const without =
    unvalued > 0 && unvalued < discrepancies
      ? `; ${formatCount(unvalued)} without a unit cost ${unvalued === 1 ? 'is' : 'are'} not in these amounts`
      : '';
  const whole = plural(totals.discrepancies, 'discrepancy', 'discrepancies');
  const are = discrepancies === 1 ? 'is' : 'are';
  return [
    `${formatCount(discrepancies)} of the run’s ${whole} ${are} shown (${selectionPhrase(run, selection)})${worth}${without}.`,
    `All other figures are of the whole run, in which ${offPhrase(run, totals)}`,
  ];
}

/**
 * The opening of a report: one or two sentences with the figures that matter, then what is missing from them.
 * "Nothing is out of sync" is said only where keys were compared, none is off and nothing was left out.
 */
export function openingSentences(run: RunDocument): string[] {
  const totals = run.totals;
  if (run.state === 'refused' || totals === null)
    return ['The run was refused: the files cannot be compared as they are, so there are no figures.'];
  const missing = incompletePhrase(run);
  if (run.selection !== undefined) return selectionSentences(run, run.selection, totals);
  if (totals.keys === 0)
    return ['Nothing was compared: no key was found on either side.', missing].filter((text) => text !== '');
  if (totals.discrepancies === 0) return [allAgree(run, totals), missing].filter((text) => text !== '');
  const sites = sitesPhrase(run.by_site.map((group) => group.site));
  const units =
    totals.sync_accuracy_units === '' ? '' : ` (${formatShare(totals.sync_accuracy_units, false)} of units)`;
  const agree = `ERP and WMS agree on ${formatShare(totals.sync_accuracy_keys, false)} of ${plural(totals.keys, 'key')}${units}${sites === '' ? '' : ` at ${sites}`}.`;
  return [`${agree} ${offPhrase(run, totals)}`, missing].filter((text) => text !== '');
}

/** How much the net hides: "83.1% of the gross cancels out"; '' where nothing is. */
export function maskingPhrase(totals: RunTotals): string {
  if (totals.masking === '' || isZero(totals.masking)) return '';
  return `${formatShare(totals.masking)} of the gross cancels out`;
}

/** The direction of a line in words beside its arrow: "▼ ERP too high" (variance below 0) or "▲ ERP too low". */
export function directionPhrase(direction: string): string {
  if (direction === 'erp-overstated') return '▼ ERP too high';
  if (direction === 'erp-understated') return '▲ ERP too low';
  return direction;
}

/** The side that holds no row for a key, in words; '' where both hold one. */
export function absentPhrase(line: Pick<DiscrepancyLine, 'absent_from'>): string {
  if (line.absent_from === '') return '';
  return line.absent_from === 'erp' ? 'not in ERP' : 'not in WMS';
}

/** What the run was limited to and who overruled the quality gate; empty where neither applies. */
export function conditionSentences(run: RunDocument): string[] {
  const sentences: string[] = [];
  const { site, item } = run.filters;
  if (site.length > 0)
    sentences.push(
      `Only ${site.length === 1 ? 'site' : 'sites'} ${site.join(', ')} ${site.length === 1 ? 'was' : 'were'} compared.`,
    );
  if (item.length > 0)
    sentences.push(
      `Only ${item.length === 1 ? 'item' : 'items'} ${item.join(', ')} ${item.length === 1 ? 'was' : 'were'} compared.`,
    );
  if (run.forced !== null) sentences.push(`The quality gate was overruled by ${run.forced.by}: ${run.forced.reason}`);
  return sentences;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An ISO 8601 time as people write it, in its own offset: "22 Nov 2026, 23:59 −06:00"; other text as it stands. */
export function formatTime(iso: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/.exec(iso);
  if (parts === null) return iso;
  const [, year, month, day, clock, offset = ''] = parts;
  const zone = offset === 'Z' || offset === '+00:00' ? 'UTC' : offset.replace('-', '−');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}, ${clock}${zone === '' ? '' : ` ${zone}`}`;
}
