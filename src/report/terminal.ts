/**
 * Decides how a report reads on a terminal, from 48 columns up.
 * Never writes to a stream and never lets control characters of the data through.
 */
import type { DiscrepancyLine, GroupTotals, Report, RunDocument, RunTotals } from '../contract/run.ts';
import { causeWords } from './cause-wording.ts';
import { causesBlock, findingsBlock } from './causes-text.ts';
import { formatCount, formatMoney, formatQuantity, formatShare, formatSigned, plural } from './figures.ts';
import { type Paper, PROSE_WIDTH_MAX, paperOf, prose, table } from './paper.ts';
import { fitText, safeText, wrapText } from './plain-text.ts';
import type { TerminalColumn } from './terminal-table.ts';
import {
  conditionSentences,
  DEFINITIONS,
  formatTime,
  keyPhrase,
  maskingPhrase,
  openingSentences,
  unitsPhrase,
} from './wording.ts';

/** `width`: columns of the terminal. `top`: how many discrepancies to list, 0 for none. `color`: whether to emit ANSI colours. */
export interface TerminalOptions {
  readonly color: boolean;
  readonly width: number;
  readonly top: number;
}

const REJECTIONS_MAX = 5;

/** Renders a report as text with a final line end. Reads at most `top` + 1 of the report's lines. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const paper = paperOf(options);
  const { run } = report;
  const blocks = [heading(run, paper)];
  if (run.state === 'refused' || run.totals === null) blocks.push(qualityBlock(run, paper));
  else if (run.selection !== undefined) blocks.push(discrepancies(report, options.top, paper));
  else {
    blocks.push(
      measures(run, run.totals, paper),
      findingsBlock(run, paper),
      ...groups(run, paper),
      causesBlock(run, paper),
      discrepancies(report, options.top, paper),
      timingBlock(run.totals, paper),
      rejections(report, paper),
      unmapped(run, paper),
      qualityBlock(run, paper),
    );
  }
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function heading(run: RunDocument, paper: Paper): string {
  const [first = '', ...rest] = openingSentences(run);
  const refused = run.state === 'refused' || run.totals === null;
  const strong = refused ? paper.paint.red : paper.paint.bold;
  const name = [run.name, `run ${run.run_id}`, formatTime(run.finished_at)]
    .filter((text) => text !== '')
    .map(safeText)
    .join(' · ');
  const lines = [paper.paint.dim(fitText(name, paper.width)), strong(prose(first, paper))];
  for (const sentence of rest) lines.push(paper.paint.yellow(prose(sentence, paper)));
  for (const sentence of conditionSentences(run)) lines.push(paper.paint.yellow(prose(sentence, paper)));
  return lines.join('\n');
}

function measures(run: RunDocument, totals: RunTotals, paper: Paper): string {
  const complete = totals.discrepancies === 0;
  const valued = totals.unvalued < totals.discrepancies || complete;
  const money = (amount: string) => formatMoney(amount, run.currency, true);
  const worth = (amount: string, quantity: string) =>
    valued ? `${money(amount)} · ${unitsPhrase(quantity)}` : unitsPhrase(quantity);
  const masking = maskingPhrase(totals);
  const rows: [string, string, string][] = [
    ['Accuracy', `${formatShare(totals.sync_accuracy_keys, complete)} of keys`, DEFINITIONS.keys],
    ['', `${formatShare(totals.sync_accuracy_keys_exact, complete)} exactly`, DEFINITIONS.exact],
  ];
  if (totals.sync_accuracy_units !== '')
    rows.push(['', `${formatShare(totals.sync_accuracy_units, complete)} of units`, DEFINITIONS.units]);
  if (!complete) {
    rows.push(['Gross', worth(totals.gross_variance_value, totals.gross_variance_quantity), DEFINITIONS.gross]);
    rows.push([
      'Net',
      worth(totals.net_variance_value, totals.net_variance_quantity),
      masking === '' ? DEFINITIONS.netValue : masking,
    ]);
    if (valued) rows.push(['ERP too high', `▼ ${money(totals.erp_overstated_value)}`, '']);
    if (valued) rows.push(['ERP too low', `▲ ${money(totals.erp_understated_value)}`, '']);
  }
  const labelWidth = Math.max(...rows.map(([label]) => label.length));
  const figureWidth = Math.max(...rows.map(([, figure]) => figure.length));
  const noteWidth = Math.min(paper.width, PROSE_WIDTH_MAX) - labelWidth - figureWidth - 4;
  const lines = rows.map(([label, figure, note]) =>
    measure(label.padEnd(labelWidth), figure.padEnd(figureWidth), note, noteWidth, paper),
  );
  return [...lines, paper.paint.dim(prose(`${keyPhrase(run.grain)} ${DEFINITIONS.net}`, paper))].join('\n');
}

function measure(label: string, figure: string, note: string, noteWidth: number, paper: Paper): string {
  const { paint } = paper;
  if (noteWidth < 24)
    return `${label}  ${paint.bold(figure.trimEnd())}${note === '' ? '' : `\n${paint.dim(prose(note, paper, '  '))}`}`;
  const [first = '', ...rest] = wrapText(note, noteWidth).split('\n');
  const indent = ' '.repeat(label.length + figure.length + 4);
  return [
    `${label}  ${paint.bold(figure)}  ${paint.dim(first)}`.trimEnd(),
    ...rest.map((line) => indent + paint.dim(line)),
  ].join('\n');
}

function groups(run: RunDocument, paper: Paper): string[] {
  const columns = (name: string): TerminalColumn[] => [
    { header: name, align: 'left', flexible: true, least: 8 },
    { header: 'Keys', align: 'right', optional: 1 },
    { header: 'In sync', align: 'right' },
    { header: 'Off', align: 'right' },
    { header: 'Gross', align: 'right' },
    { header: 'Net', align: 'right', optional: 2 },
  ];
  const row = (name: string, group: GroupTotals) => [
    safeText(name),
    formatCount(group.keys),
    formatShare(group.sync_accuracy_keys, group.discrepancies === 0),
    formatCount(group.discrepancies),
    formatMoney(group.gross_variance_value, run.currency),
    formatMoney(group.net_variance_value, run.currency),
  ];
  const blocks: string[] = [];
  if (run.by_site.length > 0)
    blocks.push(
      table(
        'By site',
        columns('Site'),
        run.by_site.map((group) => row(group.site, group)),
        paper,
      ),
    );
  if (run.by_category.length > 0)
    blocks.push(
      table(
        'By category',
        columns('Category'),
        run.by_category.map((group) => row(group.category, group)),
        paper,
      ),
    );
  return blocks;
}

const LINE_COLUMNS: readonly TerminalColumn[] = [
  { header: '#', align: 'right' },
  { header: 'Site', align: 'left', flexible: true, least: 4 },
  { header: 'Item', align: 'left', flexible: true, least: 18 },
  { header: 'Lot', align: 'left', flexible: true, least: 6, optional: 5 },
  { header: 'Owner', align: 'left', flexible: true, least: 6, optional: 6 },
  { header: 'Description', align: 'left', flexible: true, least: 18, optional: 7 },
  { header: 'Category', align: 'left', flexible: true, least: 11, optional: 2 },
  { header: 'ERP', align: 'right', optional: 3 },
  { header: 'WMS', align: 'right', optional: 4 },
  { header: 'Net', align: 'right', optional: 1 },
  { header: 'Value', align: 'right' },
  { header: 'ERP is', align: 'left' },
  { header: 'Why', align: 'left', flexible: true, least: 20 },
];

function lineCells(line: DiscrepancyLine, run: RunDocument): string[] {
  const tooHigh = line.direction === 'erp-overstated';
  const texts = [line.rank, line.site, line.item, line.lot, line.owner, line.description, line.category].map(safeText);
  return [
    ...texts,
    line.absent_from === 'erp' ? '—' : formatQuantity(line.erp_quantity),
    line.absent_from === 'wms' ? '—' : formatQuantity(line.wms_quantity),
    formatSigned(line.net_variance_quantity),
    line.variance_value === '' ? 'no cost' : formatMoney(line.variance_value, line.currency || run.currency),
    tooHigh ? '▼ too high' : line.direction === 'erp-understated' ? '▲ too low' : safeText(line.direction),
    safeText(causeWords(line.cause)),
  ];
}

function firstLines(lines: Iterable<DiscrepancyLine>, top: number): DiscrepancyLine[] {
  const first: DiscrepancyLine[] = [];
  if (top <= 0) return first;
  for (const line of lines) {
    first.push(line);
    if (first.length >= top) break;
  }
  return first;
}

function discrepancies(report: Report, top: number, paper: Paper): string {
  const lines = firstLines(report.lines, top);
  if (lines.length === 0) return '';
  const used = LINE_COLUMNS.map((column) => {
    if (column.header === 'Lot') return lines.some((line) => line.lot !== '');
    if (column.header === 'Owner') return lines.some((line) => line.owner !== '');
    if (column.header === 'Description') return lines.some((line) => line.description !== '');
    if (column.header === 'Why') return lines.some((line) => line.cause !== '' && line.cause !== 'unexplained');
    return true;
  });
  const pick = <T>(cells: readonly T[]) => cells.filter((_, index) => used[index]);
  const { selection, totals } = report.run;
  const total = Math.max((selection ?? totals)?.discrepancies ?? 0, lines.length);
  const title =
    lines.length < total
      ? `Top ${formatCount(lines.length)} of ${plural(total, 'discrepancy', 'discrepancies')}`
      : plural(total, 'discrepancy', 'discrepancies');
  const text = table(
    title,
    pick(LINE_COLUMNS),
    lines.map((line) => pick(lineCells(line, report.run))),
    paper,
  );
  const notes: string[] = [];
  if (lines.some((line) => line.absent_from !== '')) notes.push('— : that side has no row for the key; counted as 0.');
  if (lines.length < total) notes.push('All of them stand in discrepancies.csv.');
  return notes.length === 0 ? text : `${text}\n${paper.paint.dim(prose(notes.join(' '), paper))}`;
}

function timingBlock(totals: RunTotals, paper: Paper): string {
  const count = totals.keys_timing_only;
  if (count === 0) return '';
  const them = count === 1 ? 'it is' : 'they are';
  return prose(
    `Timing only: ${plural(count, 'key')} ${count === 1 ? 'differs' : 'differ'} only by what is in flight; ${them} no discrepancy and listed in timing.csv.`,
    paper,
  );
}

function rejections(report: Report, paper: Paper): string {
  const count = report.run.totals?.rejected_rows ?? report.rejections.length;
  if (count === 0) return '';
  const title = paper.paint.yellow(`${plural(count, 'rejected row')}`);
  const rows = report.rejections.slice(0, REJECTIONS_MAX).map((each) => {
    const place = `${each.file} row ${formatCount(each.row)}${each.column === '' ? '' : `, ${each.column}${each.value === '' ? '' : ` "${fitText(safeText(each.value), 30)}"`}`}`;
    return prose(`${place}: ${each.reason}`, paper, '  ', '    ');
  });
  const more = count - rows.length;
  if (more > 0) rows.push(paper.paint.dim(`  ${formatCount(more)} more in rejections.csv`));
  return [title, ...rows].join('\n');
}

function unmapped(run: RunDocument, paper: Paper): string {
  if (run.unmapped.length === 0) return '';
  const columns: TerminalColumn[] = [
    { header: 'System', align: 'left', flexible: true, least: 6 },
    { header: 'Status', align: 'left', flexible: true, least: 10 },
    { header: 'Rows', align: 'right' },
    { header: 'Units', align: 'right' },
    { header: 'Value', align: 'right' },
  ];
  const rows = run.unmapped.map((each) => [
    safeText(each.system),
    each.status === '' ? '(blank)' : safeText(each.status),
    formatCount(each.rows),
    formatQuantity(each.quantity),
    each.value === '' ? 'no cost' : formatMoney(each.value, each.currency || run.currency),
  ]);
  const title = `${plural(run.unmapped.length, 'stock status', 'stock statuses')} without a category`;
  return `${table(title, columns, rows, paper)}\n${paper.paint.dim(prose('Give each a category in evenstock.yaml, or ignore it there with a reason.', paper))}`;
}

function qualityBlock(run: RunDocument, paper: Paper): string {
  const { paint } = paper;
  const label = {
    refused: paint.red('✖ Refused'),
    forced: paint.yellow('! Overruled'),
    warning: paint.yellow('! Warning'),
  };
  const order = { refused: 0, forced: 1, warning: 2 };
  const notes = [...run.quality].sort((a, b) => order[a.severity] - order[b.severity]);
  return notes
    .map((note) => {
      const source = note.source === '' ? '' : ` ${safeText(note.source)}`;
      const action = note.action === '' ? '' : `\n${prose(`What to do: ${note.action}`, paper, '  ', '    ')}`;
      return `${label[note.severity]}${source} ${paint.dim(`(${safeText(note.code)})`)}\n${prose(note.message, paper, '  ')}${action}`;
    })
    .join('\n');
}
