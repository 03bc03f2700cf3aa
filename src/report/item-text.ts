/**
 * Decides how one item reads on a terminal, from 48 columns up: how it stands, both systems side by side, why, what to do
 * first, and the timeline. Never writes to a stream and never lets control characters of the data through.
 */
import type { ItemContribution, ItemKey, ItemPlace, ItemProof, ItemView } from '../contract/item-view.ts';
import { formatCount, formatMoney, formatQuantity, formatSigned, isZero, plural } from './figures.ts';
import {
  additionPhrase,
  confidencePhrase,
  headlineSentence,
  isExplained,
  isOff,
  keyStanding,
  noTimelineText,
  placeName,
  placeSystems,
  priorityPhrase,
  proofPlace,
  restPhrase,
  sidePhrase,
  twinOf,
} from './item-wording.ts';
import { type Paper, paperOf, prose, table } from './paper.ts';
import { fitText, safeText } from './plain-text.ts';
import type { TerminalColumn } from './terminal-table.ts';
import { type TimelineLines, timelineLines } from './timeline-lines.ts';
import { formatTime } from './wording.ts';

/** `all`: every document of the timelines, and the timelines of places that agree too. */
export interface ItemTextOptions {
  readonly color: boolean;
  readonly width: number;
  readonly all: boolean;
}

/** More than this is folded without --all: documents that differ, contributions of a key, proofs of one, things to do. */
const ROWS_MAX = 40;
const REASONS_MAX = 8;
const PROOFS_MAX = 6;
const ACTIONS_MAX = 8;
/** Places in sync that are shown by native status where nothing else is to be shown, and those listed at all. */
const PLACES_MAX = 3;
const LISTED_MAX = 12;

/** Renders an item as text with a final line end. */
export function renderItemText(view: ItemView, options: ItemTextOptions): string {
  const paper = paperOf(options);
  const blocks = [heading(view, paper)];
  const isTold = (place: ItemPlace): boolean => isOff(place) || isExplained(place);
  const told = view.places.filter((place) => options.all || isTold(place));
  for (const place of told)
    blocks.push(
      balances(place, view, paper),
      reasons(place, view, options, paper),
      actions(place, options, paper),
      timeline(place, options, paper),
    );
  const others = view.places.filter((place) => !told.includes(place));
  if (told.length === 0 && others.length <= PLACES_MAX)
    blocks.push(...others.map((place) => balances(place, view, paper)));
  else blocks.push(agreeing(others, paper));
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function heading(view: ItemView, paper: Paper): string {
  const { paint } = paper;
  const run = [view.run_name, `run ${view.run_id}`, formatTime(view.run_finished_at)].filter((text) => text !== '');
  const isBad = view.places.some(isOff);
  const name = `${view.item}  ${view.description}`.trim();
  const lines = [
    paint.dim(fitText(safeText(run.join(' · ')), paper.width)),
    paint.bold(fitText(safeText(name), paper.width)),
    (isBad ? paint.bold : paint.green)(prose(headlineSentence(view), paper)),
  ];
  const first = view.places[0]?.actions[0];
  if (isBad && first !== undefined) lines.push(prose(`First: ${first}`, paper, '', '  '));
  const { site, lot } = view.filters;
  const only = [site === '' ? '' : `site ${site}`, lot === '' ? '' : `lot ${lot}`].filter((text) => text !== '');
  if (only.length > 0) lines.push(paint.dim(prose(`Only ${only.join(', ')} is shown.`, paper)));
  return lines.join('\n');
}

const BALANCE_COLUMNS = (erp: string, wms: string): TerminalColumn[] => [
  { header: 'Category', align: 'left', flexible: true, least: 8 },
  { header: erp, align: 'left', flexible: true, least: 6 },
  { header: '', align: 'right' },
  { header: wms, align: 'left', flexible: true, least: 6 },
  { header: '', align: 'right' },
  { header: 'WMS − ERP', align: 'right', optional: 1 },
  { header: 'In flight', align: 'right', optional: 3 },
  { header: 'Net', align: 'right', optional: 2 },
];

/** Both systems by category, and below each category by native status, side by side. */
function balances(place: ItemPlace, view: ItemView, paper: Paper): string {
  const keys = place.keys.map((key) => ({ key, total: totalCells(key) }));
  const hasFlight = place.keys.some((key) => !isZero(key.in_flight_quantity));
  const columns = BALANCE_COLUMNS(safeText(placeSystems(place, 'erp')), safeText(placeSystems(place, 'wms')));
  const rows = [
    ...keys.flatMap(({ key, total }) => [total, ...statusRows(key.erp_statuses, key.wms_statuses)]),
    ...unmappedRows(place),
  ];
  const used = hasFlight ? columns : columns.slice(0, 6);
  const text = table(
    safeText(placeName(place)),
    used,
    rows.map((row) => row.slice(0, used.length)),
    paper,
  );
  const sentences = place.keys.filter(({ state }) => state !== 'in-sync').map((key) => keyStanding(key, view));
  return [text, ...sentences.map((sentence) => prose(sentence, paper, '', '  '))].join('\n');
}

function totalCells(key: ItemKey): string[] {
  const { erp_quantity: erp, wms_quantity: wms } = key;
  return [
    safeText(key.category),
    '',
    key.absent_from === 'erp' ? '—' : formatQuantity(erp),
    '',
    key.absent_from === 'wms' ? '—' : formatQuantity(wms),
    formatSigned(key.variance_quantity),
    formatSigned(key.in_flight_quantity),
    formatSigned(key.net_variance_quantity),
  ];
}

function statusRows(erp: ItemKey['erp_statuses'], wms: ItemKey['wms_statuses'], first = ''): string[][] {
  return Array.from({ length: Math.max(erp.length, wms.length) }, (_, index) => {
    const [mine, theirs] = [erp[index], wms[index]];
    const name = (status: string): string => (status === '' ? '(blank)' : safeText(status));
    return [
      index === 0 ? first : '',
      mine === undefined ? '' : name(mine.status),
      mine === undefined ? '' : formatQuantity(mine.quantity),
      theirs === undefined ? '' : name(theirs.status),
      theirs === undefined ? '' : formatQuantity(theirs.quantity),
      '',
      '',
      '',
    ];
  });
}

function unmappedRows({ unmapped_erp, unmapped_wms }: ItemPlace): string[][] {
  return statusRows(unmapped_erp, unmapped_wms, '(no category)');
}

/** Places that agree, by category only. */
function agreeing(places: readonly ItemPlace[], paper: Paper): string {
  if (places.length === 0) return '';
  const rows = places
    .slice(0, LISTED_MAX)
    .flatMap((place) =>
      place.keys.map((key, index) => [
        index === 0 ? safeText(placeName(place)) : '',
        safeText(key.category),
        formatQuantity(key.erp_quantity),
        formatQuantity(key.wms_quantity),
      ]),
    );
  const columns: TerminalColumn[] = [
    { header: 'Place', align: 'left', flexible: true, least: 8 },
    { header: 'Category', align: 'left', flexible: true, least: 9 },
    { header: 'ERP', align: 'right' },
    { header: 'WMS', align: 'right' },
  ];
  const more = places.length - LISTED_MAX;
  const note = `${more > 0 ? `${plural(more, 'more place')}. ` : ''}--all shows them by native status, with their timelines.`;
  return `${table('In sync', columns, rows, paper)}\n${paper.paint.dim(prose(note, paper))}`;
}

function reasons(place: ItemPlace, view: ItemView, { all }: ItemTextOptions, paper: Paper): string {
  const keys = place.keys.filter(({ contributions }) => contributions.length > 0);
  return keys.map((key) => reasonsOf(key, { place, view, all }, paper)).join('\n\n');
}

interface Shown {
  readonly place: ItemPlace;
  readonly view: ItemView;
  readonly all: boolean;
}

function reasonsOf(key: ItemKey, shown: Shown, paper: Paper): string {
  const { paint } = paper;
  const name = shown.place.keys.length > 1 ? `Why ${key.category}: ` : 'Why ';
  const lines = [paint.bold(prose(`${name}${additionPhrase(key)}`, paper))];
  const most = shown.all ? key.contributions.length : REASONS_MAX;
  for (const contribution of key.contributions.slice(0, most)) lines.push(...reason(contribution, shown, paper));
  const rest = key.contributions.slice(most);
  if (rest.length > 0) lines.push(paint.dim(prose(`${restPhrase(rest)}; --all shows them`, paper, '    ')));
  if (key.hypotheses.length > 0) lines.push(paint.dim('Looked at and refused'));
  for (const { cause_words, quantity, refusal, ...sure } of key.hypotheses) {
    const text = `${cause_words}, ${formatSigned(quantity)} (${confidencePhrase(sure)}): ${refusal}`;
    lines.push(prose(text, paper, '    ', '      '));
  }
  const priority = priorityPhrase(key, shown.view);
  if (priority !== '') lines.push(prose(priority, paper));
  return lines.join('\n');
}

function reason(contribution: ItemContribution, { place, view, all }: Shown, paper: Paper): string[] {
  const { paint } = paper;
  const { number, quantity, value, cause_words, cause, document, at, correct_side, evidence } = contribution;
  const title = [
    `${formatSigned(quantity)}  ${cause_words}`,
    confidencePhrase(contribution),
    value === '' ? '' : formatMoney(value, view.currency),
  ];
  const head = prose(joined(title), paper, `[${number}] `, '    ');
  const lines = [cause === 'unexplained' ? paint.yellow(head) : head];
  const twin = twinOf(contribution, place);
  if (twin !== undefined) return [...lines, prose(`${document}, the other side of [${twin.number}]`, paper, '    ')];
  const facts = joined([document, at === '' ? '' : formatTime(at), sidePhrase(correct_side)]);
  if (facts !== '') lines.push(prose(facts, paper, '    '));
  const finding = view.findings.find(({ id }) => id === contribution.finding_id);
  if (finding !== undefined) lines.push(prose(`part of ${finding.id}: ${finding.title}`, paper, '    '));
  const most = all ? evidence.length : PROOFS_MAX;
  for (const proof of evidence.slice(0, most)) lines.push(prose(`- ${proofText(proof)}`, paper, '    ', '      '));
  if (evidence.length > most)
    lines.push(paint.dim(prose(`- and ${formatCount(evidence.length - most)} more; --all shows them`, paper, '    ')));
  return lines;
}

function proofText(proof: ItemProof): string {
  const place = proofPlace(proof);
  return place === '' ? proof.says : `${proof.says} (${place})`;
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

function actions({ actions: given }: ItemPlace, { all }: ItemTextOptions, paper: Paper): string {
  if (given.length === 0) return '';
  const shown = given.slice(0, all ? given.length : ACTIONS_MAX);
  const title = paper.paint.bold(given.length === 1 ? 'What to do' : 'What to do, first things first');
  const steps = shown.map((action, index) =>
    given.length === 1 ? prose(action, paper, '  ') : prose(action, paper, `${index + 1}. `.padStart(4), '    '),
  );
  const more = given.length - shown.length;
  if (more > 0) steps.push(paper.paint.dim(`    and ${formatCount(more)} more; --all shows them`));
  return [title, ...steps].join('\n');
}

/** Columns that document, each side and effect keep at least, from a width on. From 80 on numbers stand whole. */
const TIMELINE_LEASTS: readonly (readonly [from: number, document: number, side: number, effect: number])[] = [
  [80, 11, 14, 16],
  [60, 10, 9, 9],
  [0, 7, 7, 7],
];

function timelineColumns({ erpTitle, wmsTitle }: TimelineLines, width: number): TerminalColumn[] {
  const [, document, side, effect] = TIMELINE_LEASTS.find(([from]) => width >= from) ?? [0, 7, 7, 7];
  const flexible = (header: string, least: number): TerminalColumn => ({
    header,
    align: 'left',
    flexible: true,
    least,
  });
  return [
    { header: 'When', align: 'left' },
    flexible('Document', document),
    { header: 'Kind', align: 'left', optional: 3 },
    flexible(safeText(erpTitle), side),
    { header: 'Interface', align: 'left', optional: 2 },
    { header: 'Message', align: 'left', optional: 1 },
    flexible(safeText(wmsTitle), side),
    flexible('WMS − ERP', effect),
  ];
}

function timeline(place: ItemPlace, { all }: ItemTextOptions, paper: Paper): string {
  const told = timelineLines(place, all ? Number.POSITIVE_INFINITY : ROWS_MAX);
  const title = `Timeline of ${placeName(place)}`;
  if (told === undefined) return prose(`${title}: ${noTimelineText(place)}`, paper);
  const columns = timelineColumns(told, paper.width);
  const rows = told.lines.flatMap((line) =>
    spread([
      [line.when],
      [line.document],
      [line.type],
      line.erp,
      line.interfaces,
      line.messages,
      line.wms,
      line.effects.map(({ text, numbers }) => [text, numbers.map((number) => `[${number}]`).join('')].join(' ').trim()),
    ]),
  );
  const used = columns.map((column, index) => column.optional === undefined || rows.some((row) => row[index] !== ''));
  const pick = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => used[index]);
  const notes = [
    ...(told.lines.some(({ effects }) => effects.some(({ numbers }) => numbers.length > 0))
      ? ['[1] is the number of the reason above.']
      : []),
    ...told.notes,
    ...(told.isFolded ? ['--all shows every document.'] : []),
  ];
  // Lines of columns for which there was no room are blank.
  const lines = table(`${safeText(title)}, ${told.clock}`, pick(columns), rows.map(pick), paper).split('\n');
  const text = lines.filter((line) => line !== '').join('\n');
  return notes.length === 0 ? text : `${text}\n${paper.paint.dim(prose(notes.join(' '), paper))}`;
}

/** Cells of several texts as rows of one text each. */
function spread(cells: readonly (readonly string[])[]): string[][] {
  const height = Math.max(1, ...cells.map((texts) => texts.length));
  return Array.from({ length: height }, (_, line) => cells.map((texts) => safeText(texts[line] ?? '')));
}
