/**
 * Decides what stands in each section of report.html, all but the chart and the table of discrepancies.
 * Never holds styles or script; those are files in page/.
 */
import type { GroupTotals, Report, RunDocument, RunInput, RunTotals } from '../contract/run.ts';
import { causeWords } from './cause-wording.ts';
import { formatCount, formatMoney, formatQuantity, formatShare, plural } from './figures.ts';
import { hasCauses, unknownCauses } from './finding-wording.ts';
import { html, Markup, NOTHING } from './markup.ts';
import {
  conditionSentences,
  DEFINITIONS,
  formatTime,
  keyPhrase,
  maskingPhrase,
  openingSentences,
  unitsPhrase,
} from './wording.ts';

interface Cell {
  readonly text: string | Markup;
  readonly number?: boolean;
  /** Left out on narrow screens. */
  readonly wide?: boolean;
}

const text = (value: string | Markup): Cell => ({ text: value });
const figure = (value: string, wide = false): Cell => ({ text: value, number: true, wide });
/** Beyond this many characters a cell may break anywhere; shorter ones stay on one line. */
export const LONG_CELL = 24;
const isLong = (cell: Cell) => (cell.text instanceof Markup ? cell.text.text.length : cell.text.length) > LONG_CELL;
const cellClass = (cell: Cell | undefined) =>
  [
    cell?.number === true ? 'number' : 'text',
    cell?.wide === true ? 'wide' : '',
    cell !== undefined && isLong(cell) ? 'long' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');

/** `stacked`: on a phone each cell stands on its own line behind its header. */
function table(headers: readonly string[], rows: readonly (readonly Cell[])[], stacked = false): Markup {
  const first = rows[0] ?? [];
  const head = headers.map((header, index) => html`<th scope="col" class="${cellClass(first[index])}">${header}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((cell, index) => html`<td class="${cellClass(cell)}" data-label="${headers[index] ?? ''}">${cell.text}</td>`)}</tr>\n`,
  );
  return html`<div class="scroll"><table class="${stacked ? 'stacked' : ''}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const timeMarkup = (iso: string) => (iso === '' ? html`—` : html`<time datetime="${iso}">${formatTime(iso)}</time>`);

/** The top of the page: whose run, when, the opening sentence, and what limits it. */
export function headerSection(run: RunDocument): Markup {
  const [first = '', ...rest] = openingSentences(run);
  const notes = [...rest, ...conditionSentences(run)];
  return html`<header>
<p class="run"><span>${run.name === '' ? 'Stock discrepancies' : `${run.name} · stock discrepancies`}</span> <span>${timeMarkup(run.finished_at)}</span></p>
<h1>${first}</h1>
${notes.map((note) => html`<p class="notice"><span aria-hidden="true">!</span> ${note}</p>`)}
</header>`;
}

interface Measure {
  readonly name: string;
  readonly value: string;
  readonly beside: string;
  readonly definition: Markup;
}

function measureMarkup(measure: Measure): Markup {
  return html`<div class="measure"><h2>${measure.name}</h2><p class="value">${measure.value}</p><p class="muted">${measure.beside}</p>
<details><summary>How it is measured</summary>${measure.definition}</details></div>`;
}

/** Accuracy, gross, net and keys, each with its definition one click away. */
export function measuresSection(run: RunDocument, totals: RunTotals): Markup {
  const whole = totals.discrepancies === 0;
  const valued = whole || totals.unvalued < totals.discrepancies;
  const money = (amount: string) => formatMoney(amount, run.currency, true);
  const unvalued =
    totals.unvalued === 0
      ? ''
      : ` ${plural(totals.unvalued, 'discrepancy', 'discrepancies')} without a unit cost ${totals.unvalued === 1 ? 'is' : 'are'} in no amount.`;
  const units = totals.sync_accuracy_units === '' ? '' : `${formatShare(totals.sync_accuracy_units, whole)} of units`;
  const masking = maskingPhrase(totals);
  const measures: Measure[] = [
    {
      name: 'Accuracy',
      value: totals.sync_accuracy_keys === '' ? '—' : formatShare(totals.sync_accuracy_keys, whole),
      beside: ['of keys', units].filter((each) => each !== '').join(' · '),
      definition: html`<p>Keys whose net variance is within tolerance, ÷ all ${plural(totals.keys, 'key')}. ${keyPhrase(run.grain)} ${DEFINITIONS.net}</p>
<p>Exactly 0: ${formatShare(totals.sync_accuracy_keys_exact, whole)} of keys. Of units: ${DEFINITIONS.units}.</p>`,
    },
    {
      name: 'Gross variance',
      value: valued ? money(totals.gross_variance_value) : unitsPhrase(totals.gross_variance_quantity),
      beside: valued ? unitsPhrase(totals.gross_variance_quantity) : 'no unit cost is known',
      definition: html`<p>The sum of |net variance| × unit cost over the discrepancies: every error counts, in any direction.${unvalued}</p>
<p>▼ ERP too high: ${money(totals.erp_overstated_value)}. ▲ ERP too low: ${money(totals.erp_understated_value)}.</p>`,
    },
    {
      name: 'Net variance',
      value: valued ? money(totals.net_variance_value) : unitsPhrase(totals.net_variance_quantity),
      beside: masking === '' ? unitsPhrase(totals.net_variance_quantity) : masking,
      definition: html`<p>The sum of net variance × unit cost: below zero, ERP shows more than the warehouse holds. Errors of opposite direction cancel, so the net alone hides errors. Hidden share: 1 − |net| ÷ gross.</p>`,
    },
    {
      name: 'Discrepancies',
      value: formatCount(totals.discrepancies),
      beside: `of ${plural(totals.keys, 'key')}${totals.keys_timing_only === 0 ? '' : ` · ${formatCount(totals.keys_timing_only)} timing only`}`,
      definition: html`<p>Keys whose net variance exceeds the tolerance. Keys that differ only by what is in flight are timing, not discrepancies.</p>`,
    },
  ];
  return html`<section class="measures" aria-label="Measures">${measures.map(measureMarkup)}</section>`;
}

function groupTable(
  label: string,
  groups: readonly (GroupTotals & { readonly name: string })[],
  currency: string,
): Markup {
  const rows = groups.map((group) => [
    text(group.name),
    figure(formatCount(group.keys), true),
    figure(group.sync_accuracy_keys === '' ? '—' : formatShare(group.sync_accuracy_keys, group.discrepancies === 0)),
    figure(formatCount(group.discrepancies)),
    figure(formatMoney(group.gross_variance_value, currency)),
    figure(formatMoney(group.net_variance_value, currency), true),
  ]);
  return table([label, 'Keys', 'In sync', 'Off', 'Gross', 'Net'], rows);
}

/** The totals by site, by category and, where causes are known, by cause. */
export function groupsSection(run: RunDocument): Markup {
  const sites = run.by_site.map((group) => ({ ...group, name: group.site }));
  const categories = run.by_category.map((group) => ({ ...group, name: group.category }));
  const causes = (hasCauses(run) ? run.by_cause : []).map((group) => [
    text(causeWords(group.cause)),
    figure(formatCount(group.discrepancies)),
    figure(formatMoney(group.gross_variance_value, run.currency)),
  ]);
  const unknown = unknownCauses(run);
  return html`<div class="beside">
${sites.length === 0 ? NOTHING : html`<section id="by-site"><h2>By site</h2>${groupTable('Site', sites, run.currency)}</section>`}
${categories.length === 0 ? NOTHING : html`<section id="by-category"><h2>By category</h2>${groupTable('Category', categories, run.currency)}</section>`}
${causes.length === 0 ? NOTHING : html`<section id="by-cause"><h2>By cause</h2>${table(['Cause', 'Off', 'Gross'], causes)}</section>`}
</div>${unknown === '' ? NOTHING : html`<section><p class="muted">${unknown}</p></section>`}`;
}

const moreIn = (shown: number, total: number, file: string) =>
  total > shown
    ? html`<p class="muted">Showing ${formatCount(shown)} of ${formatCount(total)}; all stand in ${file}.</p>`
    : NOTHING;

const SHORT_LIST = 50;

/** Keys out only because of what is in flight. */
export function timingSection(report: Report): Markup {
  const total = report.run.totals?.keys_timing_only ?? 0;
  if (total === 0) return NOTHING;
  const rows = report.timing
    .slice(0, SHORT_LIST)
    .map((line) => [
      text(line.site),
      text(html`<b>${line.item}</b> <span class="description">${line.description}</span>`),
      { ...text(line.category), wide: true },
      figure(formatQuantity(line.erp_quantity)),
      figure(formatQuantity(line.wms_quantity)),
      figure(formatQuantity(line.in_flight_quantity)),
      figure(formatMoney(line.in_flight_value, line.currency || report.run.currency), true),
    ]);
  return html`<section id="timing"><h2>${plural(total, 'key')} out of step only by what is in flight</h2>
<p class="muted">No discrepancy: ${total === 1 ? 'it agrees' : 'they agree'} once messages under way are counted.</p>
${rows.length === 0 ? html`<p>${total === 1 ? 'It is' : 'They are'} listed in timing.csv.</p>` : [table(['Site', 'Item', 'Category', 'ERP', 'WMS', 'In flight', 'Value'], rows), moreIn(rows.length, total, 'timing.csv')]}</section>`;
}

/** Native statuses without a category, with what they hold. */
export function unmappedSection(run: RunDocument): Markup {
  if (run.unmapped.length === 0) return NOTHING;
  const rows = run.unmapped.map((each) => [
    text(each.system),
    text(each.status === '' ? '(blank)' : each.status),
    figure(formatCount(each.rows)),
    figure(formatQuantity(each.quantity)),
    figure(each.value === '' ? 'no cost' : formatMoney(each.value, each.currency || run.currency)),
  ]);
  return html`<section id="unmapped"><h2>${plural(run.unmapped.length, 'stock status', 'stock statuses')} without a category</h2>
<p class="muted">What they hold is in no figure above. Give each a category in evenstock.yaml, or ignore it there with a reason.</p>
${table(['System', 'Status', 'Rows', 'Units', 'Value'], rows)}</section>`;
}

/** Rows that could not be used, with the reason for each. */
export function rejectedSection(report: Report): Markup {
  const total = report.run.totals?.rejected_rows ?? report.rejections.length;
  if (total === 0) return NOTHING;
  const rows = report.rejections
    .slice(0, SHORT_LIST)
    .map((each) => [
      text(each.file),
      figure(formatCount(each.row)),
      text(each.column),
      text(each.value),
      text(each.reason),
    ]);
  return html`<section id="rejected"><h2>${plural(total, 'rejected row')}</h2>
<p class="muted">What ${total === 1 ? 'it holds' : 'they hold'} is in no figure above. Rows count as a spreadsheet shows them.</p>
${rows.length === 0 ? html`<p>${total === 1 ? 'It is' : 'They are'} listed in rejections.csv.</p>` : [table(['File', 'Row', 'Column', 'Value', 'Reason'], rows, true), moreIn(rows.length, total, 'rejections.csv')]}</section>`;
}

const SEVERITY = { refused: '✖ Refused', forced: '! Overruled', warning: '! Warning' } as const;

/** What the quality gate found: refusals first, each with what to do. */
export function qualitySection(run: RunDocument): Markup {
  if (run.quality.length === 0) return NOTHING;
  const order = { refused: 0, forced: 1, warning: 2 };
  const notes = [...run.quality].sort((a, b) => order[a.severity] - order[b.severity]);
  const items = notes.map(
    (
      note,
    ) => html`<li class="${note.severity}"><p><b>${SEVERITY[note.severity]}</b>${note.source === '' ? '' : `: ${note.source}`} <span class="muted">${note.code}</span></p>
<p>${note.message}</p>${note.action === '' ? NOTHING : html`<p><b>What to do:</b> ${note.action}</p>`}</li>`,
  );
  return html`<section id="quality"><h2>${run.state === 'refused' ? 'Why, and what to do' : 'Quality of the files'}</h2><ul class="notes">${items}</ul></section>`;
}

function inputRow(input: RunInput): Cell[] {
  return [
    text(
      html`${input.source}<br><span class="muted">${[input.system, input.kind].filter((each) => each !== '').join(' · ')}</span>`,
    ),
    text(html`${input.file}<br><span class="hash" title="SHA-256">${input.sha256}</span>`),
    figure(formatCount(input.rows)),
    figure(formatCount(input.rejected)),
    figure(formatCount(input.excluded), true),
    text(timeMarkup(input.as_of)),
  ];
}

/** The files the run read, and the run itself. */
export function inputsSection(run: RunDocument): Markup {
  const inputs =
    run.inputs.length === 0
      ? html`<p>No file was read.</p>`
      : table(['Source', 'File and SHA-256', 'Rows', 'Rejected', 'Left out', 'As of'], run.inputs.map(inputRow), true);
  return html`<section id="inputs"><h2>Files read</h2>${inputs}</section>
<footer><p>Run ${run.run_id} · started ${timeMarkup(run.started_at)} · finished ${timeMarkup(run.finished_at)} · configuration <span class="hash">${run.config_hash}</span> · made by Evenstock</p></footer>`;
}
