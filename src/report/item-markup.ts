/**
 * Decides how one place of an item looks on the page: how it stands, both systems side by side, why, what to do first, and
 * the timeline. Never holds styles or script; those are files in page/.
 */
import type { ItemContribution, ItemKey, ItemPlace, ItemView } from '../contract/item-view.ts';
import { formatCount, formatMoney, formatQuantity, formatSigned, isZero, plural } from './figures.ts';
import {
  additionPhrase,
  confidencePhrase,
  keyStanding,
  noTimelineText,
  placeSystems,
  priorityPhrase,
  proofPlace,
  restPhrase,
  sidePhrase,
  twinOf,
} from './item-wording.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { type TimelineLine, timelineLines } from './timeline-lines.ts';
import { formatTime } from './wording.ts';

/** More than this stays with `evenstock explain`, so that the page stays small. */
const ROWS_MAX = 25;
const REASONS_MAX = 6;
const PROOFS_MAX = 4;
const ACTIONS_MAX = 5;

/** One place of an item as it opens below its line. */
export function placeMarkup(place: ItemPlace, view: ItemView): Markup {
  const off = place.keys.filter(({ state }) => state !== 'in-sync');
  return html`<div class="place">
${off.map((key) => html`<p class="standing">${keyStanding(key, view)}</p>`)}
${actionsMarkup(place)}
<div class="columns">
<section><h3>Both systems</h3>${balancesMarkup(place)}</section>
<section>${place.keys.filter(({ contributions }) => contributions.length > 0).map((key) => reasonsMarkup(key, place, view))}</section>
</div>
${timelineMarkup(place, view)}</div>`;
}

function actionsMarkup({ actions }: ItemPlace): Markup {
  const [first, ...rest] = actions;
  if (first === undefined) return NOTHING;
  if (rest.length === 0) return html`<p class="first"><b>What to do:</b> ${first}</p>`;
  const shown = rest.slice(0, ACTIONS_MAX - 1);
  const more = rest.length - shown.length;
  return html`<p class="first"><b>First:</b> ${first}</p>
<ol class="then" start="2">${shown.map((action) => html`<li>${action}</li>`)}${more > 0 ? html`<li>and ${formatCount(more)} more</li>` : NOTHING}</ol>`;
}

function balancesMarkup(place: ItemPlace): Markup {
  const hasFlight = place.keys.some((key) => !isZero(key.in_flight_quantity));
  const flight = hasFlight
    ? html`<th scope="col" class="number wide">In flight</th><th scope="col" class="number wide">Net</th>`
    : NOTHING;
  const number = (text: string, more = ''): Markup => html`<td class="number${more}">${text}</td>`;
  const totals = (key: ItemKey): Markup =>
    html`<tr class="total"><th scope="row">${key.category}</th>${number(key.absent_from === 'erp' ? '—' : formatQuantity(key.erp_quantity))}<td></td>${number(key.absent_from === 'wms' ? '—' : formatQuantity(key.wms_quantity))}<td></td>${number(formatSigned(key.variance_quantity))}${hasFlight ? [number(formatSigned(key.in_flight_quantity), ' wide'), number(formatSigned(key.net_variance_quantity), ' wide')] : NOTHING}</tr>`;
  const statuses = (erp: ItemKey['erp_statuses'], wms: ItemKey['wms_statuses'], first = ''): Markup[] =>
    Array.from({ length: Math.max(erp.length, wms.length) }, (_, index) => {
      const cells = [erp[index], wms[index]].map((held) =>
        held === undefined
          ? html`<td></td><td></td>`
          : html`<td class="number">${formatQuantity(held.quantity)}</td><td class="status">${held.status === '' ? '(blank)' : held.status}</td>`,
      );
      return html`<tr><td>${index === 0 ? first : ''}</td>${cells}<td></td>${hasFlight ? html`<td class="wide"></td><td class="wide"></td>` : NOTHING}</tr>`;
    });
  return html`<table class="balances"><thead><tr><th scope="col">Category</th><th scope="colgroup" colspan="2" class="side">${placeSystems(place, 'erp')}</th><th scope="colgroup" colspan="2" class="side">${placeSystems(place, 'wms')}</th><th scope="col" class="number">WMS − ERP</th>${flight}</tr></thead><tbody>
${place.keys.map((key) => [totals(key), ...statuses(key.erp_statuses, key.wms_statuses)])}${statuses(place.unmapped_erp, place.unmapped_wms, '(no category)')}</tbody></table>`;
}

function reasonsMarkup(key: ItemKey, place: ItemPlace, view: ItemView): Markup {
  const shown = key.contributions.slice(0, REASONS_MAX);
  const rest = key.contributions.slice(REASONS_MAX);
  const priority = priorityPhrase(key, view);
  return html`<h3>Why${place.keys.length > 1 ? ` ${key.category}:` : ''} ${additionPhrase(key)}</h3>
<ol class="reasons" start="${shown[0]?.number ?? 1}">${shown.map((each) => reasonMarkup(each, place, view))}</ol>
${rest.length > 0 ? html`<p class="muted">${restPhrase(rest)}</p>` : NOTHING}${refusedMarkup(key)}
${priority === '' ? NOTHING : html`<p class="muted">${priority}</p>`}`;
}

function reasonMarkup(contribution: ItemContribution, place: ItemPlace, view: ItemView): Markup {
  const { quantity, value, cause_words, document, at, correct_side, evidence, finding_id, number } = contribution;
  const sure = confidencePhrase(contribution);
  const worth =
    value === ''
      ? NOTHING
      : html`${sure === '' ? '' : ' · '}<span class="amount">${formatMoney(value, view.currency)}</span>`;
  const head = html`<p><b class="amount">${formatSigned(quantity)}</b> <b>${cause_words}</b> <span class="muted">${sure}${worth}</span></p>`;
  const twin = twinOf(contribution, place);
  if (twin !== undefined)
    return html`<li value="${number}">${head}<p class="muted">${document}, the other side of ${twin.number}</p></li>`;
  const facts = joined([document, at === '' ? '' : formatTime(at), sidePhrase(correct_side)]);
  const finding = view.findings.find(({ id }) => id === finding_id);
  const more = evidence.length - PROOFS_MAX;
  return html`<li value="${number}">${head}
${facts === '' ? NOTHING : html`<p class="muted">${facts}</p>`}${finding === undefined ? NOTHING : html`<p class="muted">part of ${finding.id}: ${finding.title}</p>`}
${evidence.length === 0 ? NOTHING : html`<ul>${evidence.slice(0, PROOFS_MAX).map((proof) => html`<li>${proof.says} <span class="source">${proofPlace(proof)}</span></li>`)}${more > 0 ? html`<li>and ${formatCount(more)} more</li>` : NOTHING}</ul>`}</li>`;
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

/** Where something is left unexplained the best hypotheses are the answer, and stand open. */
function refusedMarkup({ hypotheses, contributions }: ItemKey): Markup {
  if (hypotheses.length === 0) return NOTHING;
  const items = hypotheses.map(
    (each) =>
      html`<li>${each.cause_words}, ${formatSigned(each.quantity)} <span class="muted">${confidencePhrase(each)}</span>: ${each.refusal}</li>`,
  );
  const isOpen = contributions.some(({ cause }) => cause === 'unexplained');
  if (isOpen) return html`<p class="muted">Looked at and refused</p><ul class="refused">${items}</ul>`;
  return html`<details><summary>${plural(hypotheses.length, 'cause')} looked at and refused</summary><ul class="refused">${items}</ul></details>`;
}

function timelineMarkup(place: ItemPlace, view: ItemView): Markup {
  const told = timelineLines(place, ROWS_MAX);
  if (told === undefined) return html`<h3>Timeline</h3><p class="muted">${noTimelineText(place)}</p>`;
  const hasMessages = told.lines.some(({ messages }) => messages.length > 0);
  const rows = told.lines.map((line) => lineMarkup(line, { hasMessages, erp: told.erpTitle, wms: told.wmsTitle }));
  const command = told.isFolded ? [`All documents: ${explainCommand(place, view)} --all`] : [];
  const notes = [...told.notes, ...command];
  return html`<section><h3>Timeline, ${told.clock}</h3>
<table class="timeline"><thead><tr><th scope="col">When</th><th scope="col">Document</th><th scope="col">${told.erpTitle}</th>${hasMessages ? html`<th scope="col">Message</th>` : NOTHING}<th scope="col">${told.wmsTitle}</th><th scope="col" class="number">WMS − ERP</th></tr></thead><tbody>${rows}</tbody></table>
${notes.length === 0 ? NOTHING : html`<p class="muted">${notes.join(' ')}</p>`}</section>`;
}

interface Titles {
  readonly hasMessages: boolean;
  readonly erp: string;
  readonly wms: string;
}

function lineMarkup(line: TimelineLine, { hasMessages, erp, wms }: Titles): Markup {
  const messages = line.messages.map(
    (text, index) => html`<span>${`${line.interfaces[index] ?? ''} ${text}`.trim()}</span>`,
  );
  const effects = line.effects.map(
    ({ text, numbers }) =>
      html`<span>${numbers.map((number) => html`<span class="mark">${number}</span> `)}${text}</span>`,
  );
  const type = line.type === '' ? NOTHING : html` <span class="muted">${line.type}</span>`;
  return html`<tr class="${line.kind}"><td>${line.when}</td><td>${line.document}${type}</td><td data-label="${erp}">${line.erp.map(unitsMarkup)}</td>${hasMessages ? html`<td data-label="Message">${messages}</td>` : NOTHING}<td data-label="${wms}">${line.wms.map(unitsMarkup)}</td><td class="number" data-label="WMS − ERP">${effects}</td></tr>`;
}

/** "−12 AVAILABLE" with the number set apart, so that numbers stand in a column; or what stands there instead. */
function unitsMarkup(text: string): Markup {
  const [, amount, rest = ''] = /^([+−\d][^ ]*)(.*)$/.exec(text) ?? [];
  if (amount === undefined) return html`<span class="${text.startsWith('×') ? 'missing' : 'muted'}">${text}</span>`;
  return html`<span><span class="units">${amount}</span>${rest}</span>`;
}

/** What shows the place on a terminal: "evenstock explain 00123 --site DC1". */
export function explainCommand(
  { site, lot }: Pick<ItemPlace, 'site' | 'lot'>,
  { item }: Pick<ItemView, 'item'>,
): string {
  return [
    'evenstock explain',
    quoted(item),
    '--site',
    quoted(site),
    ...(lot === '' ? [] : ['--lot', quoted(lot)]),
  ].join(' ');
}

/** For a shell, where the text needs it. */
function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
