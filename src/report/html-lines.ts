/**
 * Decides which columns the page's table of discrepancies shows and how each cell reads.
 * Never filters or sorts: the page's own script does that on these texts.
 */
import type { DiscrepancyColumn, DiscrepancyLine } from '../contract/run.ts';
import { causeWords, formatConfidence } from './cause-wording.ts';
import { formatMoney, formatQuantity, formatSigned } from './figures.ts';
import { LONG_CELL } from './html-sections.ts';
import { html, type Markup } from './markup.ts';
import { absentPhrase, directionPhrase, formatTime } from './wording.ts';

/**
 * `kind` says how a cell is set and sorted; `size` columns sort by size, whatever the sign. `place`: in the row or in what
 * opens below it; `item`: below it, unless the item itself opens there and says it.
 */
export interface PageColumn {
  readonly key: DiscrepancyColumn;
  readonly label: string;
  readonly kind: 'text' | 'number' | 'size';
  readonly place: 'row' | 'detail' | 'item';
}

type CellText = (line: DiscrepancyLine, currency: string) => string;
interface PrintedColumn extends PageColumn {
  readonly text: CellText;
}

const column = (
  key: DiscrepancyColumn,
  label: string,
  kind: PageColumn['kind'],
  place: PageColumn['place'],
  text: CellText = (line) => line[key],
): PrintedColumn => ({ key, label, kind, place, text });
const money =
  (key: DiscrepancyColumn): CellText =>
  (line, currency) =>
    formatMoney(line[key], line.currency || currency);
const quantity =
  (key: DiscrepancyColumn): CellText =>
  (line) =>
    formatQuantity(line[key]);

const DIRECTION: CellText = (line) =>
  [directionPhrase(line.direction), absentPhrase(line)].filter((text) => text !== '').join(' · ');

const SIDES: Readonly<Record<string, string>> = {
  erp: 'ERP',
  wms: 'WMS',
  map: 'the configuration',
  count: 'a count decides',
  none: 'none',
};

const COLUMNS: readonly PrintedColumn[] = [
  column('rank', '#', 'number', 'row'),
  column('site', 'Site', 'text', 'row'),
  column('item', 'Item', 'text', 'row'),
  column('owner', 'Owner', 'text', 'row'),
  column('lot', 'Lot', 'text', 'row'),
  column('category', 'Category', 'text', 'row'),
  column('erp_quantity', 'ERP', 'number', 'row', quantity('erp_quantity')),
  column('wms_quantity', 'WMS', 'number', 'row', quantity('wms_quantity')),
  column('net_variance_quantity', 'Net', 'size', 'row', (line) => formatSigned(line.net_variance_quantity)),
  column('variance_value', 'Value', 'size', 'row', (line, currency) =>
    line.variance_value === '' ? 'no cost' : money('variance_value')(line, currency),
  ),
  column('direction', 'Direction', 'text', 'row', DIRECTION),
  column('cause', 'Why', 'text', 'row', (line) =>
    [causeWords(line.cause), line.cause_confidence === '' ? '' : `(${formatConfidence(line.cause_confidence)})`]
      .join(' ')
      .trim(),
  ),
  column('description', 'Description', 'text', 'item'),
  column('variance_quantity', 'WMS − ERP', 'number', 'item', (line) => formatSigned(line.variance_quantity)),
  column('in_flight_quantity', 'In flight', 'number', 'item', (line) => formatSigned(line.in_flight_quantity)),
  column('uom', 'Unit', 'text', 'detail'),
  column('unit_cost', 'Unit cost', 'number', 'detail', money('unit_cost')),
  column('explained_quantity', 'Explained', 'number', 'item', (line) => formatSigned(line.explained_quantity)),
  column('unexplained_quantity', 'Not explained', 'number', 'item', (line) => formatSigned(line.unexplained_quantity)),
  column('correct_side', 'Side to correct', 'text', 'item', (line) => SIDES[line.correct_side] ?? line.correct_side),
  column('action', 'What to do', 'text', 'item'),
  column('impact_value', 'Impact', 'number', 'item', money('impact_value')),
  column('priority', 'Priority', 'text', 'item'),
  column('finding_id', 'Finding', 'text', 'item'),
  column('first_seen', 'First seen', 'text', 'item', (line) => formatTime(line.first_seen)),
  column('days_out_of_sync', 'Days out of sync', 'number', 'item'),
  column('case_id', 'Case', 'text', 'detail'),
];

/** page.js sorts and filters by these, so they stand even where every line leaves them empty. */
const ALWAYS = new Set<DiscrepancyColumn>(['rank', 'site', 'item', 'category', 'direction']);

/** What the page embeds: the columns that hold anything, and each line's cells as shown, in the order of the columns. */
export interface PageLines {
  readonly columns: readonly PageColumn[];
  readonly rows: readonly (readonly string[])[];
}

/** Prepares lines for the page, in the order given. Columns that are empty in every line are left out. `currency` serves lines without one. */
export function pageLines(lines: readonly DiscrepancyLine[], currency: string): PageLines {
  // A column of "not explained" alone says nothing.
  const isSaid = (key: DiscrepancyColumn, line: DiscrepancyLine): boolean =>
    line[key] !== '' && !(key === 'cause' && line[key] === 'unexplained');
  const used = COLUMNS.filter((each) => ALWAYS.has(each.key) || lines.some((line) => isSaid(each.key, line)));
  return {
    columns: used.map(({ key, label, kind, place }) => ({ key, label, kind, place })),
    rows: lines.map((line) => used.map((each) => each.text(line, currency))),
  };
}

/** The first rows as HTML, for readers without script; page.js draws the same cells. */
export function staticRows(page: PageLines, rowsMax: number): Markup[] {
  return page.rows.slice(0, rowsMax).map((cells) => {
    const description = cells[page.columns.findIndex((each) => each.key === 'description')] ?? '';
    const row = page.columns.map((each, index) => {
      if (each.place !== 'row') return html``;
      const extra =
        each.key === 'item' && description !== '' ? html` <span class="description">${description}</span>` : html``;
      return html`<td class="${each.kind} ${each.key}${(cells[index] ?? '').length > LONG_CELL ? ' long' : ''}" data-label="${each.label}">${cells[index] ?? ''}${extra}</td>`;
    });
    return html`<tr>${row}</tr>`;
  });
}
