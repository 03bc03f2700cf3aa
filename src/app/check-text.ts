/** Decides how the result of a check reads on a terminal. Never lets control characters of the data through. */
import colors from 'picocolors';
import { formatCount, formatQuantity, plural } from '../report/figures.ts';
import { fitText, safeText, wrapText } from '../report/plain-text.ts';
import { renderColumns, type TerminalColumn } from '../report/terminal-table.ts';
import { formatTime } from '../report/wording.ts';
import type { CheckedFailure, CheckedRow, CheckedSource, CheckedStatus, CheckResult } from './check-result.ts';

interface Paper {
  readonly width: number;
  readonly paint: ReturnType<typeof colors.createColors>;
}

const NARROWEST = 48;
const PROSE_WIDTH_MAX = 100;
const DELIMITER_NAMES: Readonly<Record<string, string>> = { '\t': 'tab', ',': 'comma', ';': 'semicolon', '|': 'bar' };

/** Renders a result as text with a final line end. */
export function renderCheck(result: CheckResult, options: { readonly color: boolean; readonly width: number }): string {
  const paper = { width: Math.max(NARROWEST, options.width), paint: colors.createColors(options.color) };
  const blocks = [
    heading(result, paper),
    ...result.sources.map((source) => sourceBlock(source, paper)),
    ...statusBlocks(result, paper),
    unitsBlock(result, paper),
    rulesBlock(result, paper),
    qualityBlock(result, paper),
    verdictBlock(result, paper),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function prose(text: string, paper: Paper, first = '', rest = first): string {
  return wrapText(safeText(text), Math.min(paper.width, PROSE_WIDTH_MAX), first, rest);
}

function table(
  columns: readonly TerminalColumn[],
  rows: readonly (readonly string[])[],
  paper: Paper,
  indent = '',
): string {
  const [header = '', ...body] = renderColumns(columns, rows, paper.width - indent.length);
  return [paper.paint.dim(indent + header), ...body.map((line) => indent + line)].join('\n');
}

function heading({ configuration }: CheckResult, paper: Paper): string {
  const parts = [configuration.name, configuration.currency, `grain ${configuration.grain.join(', ')}`].filter(
    (text) => text !== '',
  );
  return prose(`${configuration.file} is valid: ${parts.join(' · ')}`, paper);
}

function sourceBlock(source: CheckedSource, paper: Paper): string {
  const title = `${safeText(source.source)}  ${safeText(source.file)}`;
  const lines = [`${paper.paint.bold(fitText(title, paper.width))}`];
  if (source.failure !== null) lines.push(failureText(source.failure, paper));
  if (Object.keys(source.columns).length === 0) return lines.join('\n');
  lines.push(prose(`${formatText(source)}; ${rowsText(source)}`, paper, '  '));
  if (source.as_of !== '') lines.push(prose(`as of ${formatTime(source.as_of)}`, paper, '  '));
  const renamed = Object.entries(source.columns).filter(([name, column]) => name !== column);
  if (renamed.length > 0)
    lines.push(prose(renamed.map(([name, column]) => `${name} ← ${column}`).join(', '), paper, '  ', '    '));
  if (source.columns_without_meaning.length > 0)
    lines.push(
      paper.paint.yellow(
        prose(`no meaning here, not read: ${source.columns_without_meaning.join(', ')}`, paper, '  ', '    '),
      ),
    );
  if (source.first_rows.length > 0) lines.push(firstRows(source.first_rows, source.kind === 'balances', paper));
  lines.push(...rejectionLines(source, paper));
  return lines.join('\n');
}

function formatText(source: CheckedSource): string {
  const delimiter = source.delimiter === '' ? '' : `delimiter ${DELIMITER_NAMES[source.delimiter] ?? source.delimiter}`;
  return [source.format, source.encoding, delimiter].filter((text) => text !== '').join(', ');
}

function rowsText(source: CheckedSource): string {
  const parts = [plural(source.rows, 'row')];
  if (source.rejected > 0) parts.push(`${formatCount(source.rejected)} rejected`);
  for (const [why, count] of Object.entries(source.excluded))
    parts.push(`${formatCount(count)} ${why === 'out-of-scope' ? 'at sites without a warehouse system' : why}`);
  return parts.join(', ');
}

const NUMERIC = new Set(['quantity', 'unit_cost', 'factor']);

/** The first rows in their canonical columns; columns that are empty in all of them are left out. */
function firstRows(rows: readonly CheckedRow[], isBalances: boolean, paper: Paper): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.values)))].filter((name) =>
    rows.some((row) => (row.values[name] ?? '') !== ''),
  );
  const columns: TerminalColumn[] = [
    { header: 'row', align: 'right' },
    ...names.map(
      (name, index): TerminalColumn => ({
        header: name,
        align: NUMERIC.has(name) ? 'right' : 'left',
        flexible: true,
        least: isBalances ? 6 : 14,
        ...(isBalances ? {} : { optional: index }),
      }),
    ),
  ];
  const cells = rows.map((row) => [String(row.row), ...names.map((name) => safeText(row.values[name] ?? ''))]);
  const notes = rows
    .filter((row) => row.note !== '')
    .map((row) => paper.paint.yellow(prose(`row ${row.row} ${row.note}`, paper, '  ', '    ')));
  return [table(columns, cells, paper, '  '), ...notes].join('\n');
}

function rejectionLines(source: CheckedSource, paper: Paper): string[] {
  const lines = source.rejections.map((each) => {
    const value = each.value === '' ? '' : ` "${fitText(safeText(each.value), 30)}"`;
    return paper.paint.yellow(
      prose(
        `${each.file} row ${each.row}${each.column === '' ? '' : `, ${each.column}${value}`}: ${each.reason}`,
        paper,
        '  ! ',
        '    ',
      ),
    );
  });
  const more = source.rejected - source.rejections.length;
  if (more > 0) lines.push(paper.paint.dim(`    and ${formatCount(more)} more`));
  return lines;
}

function failureText(failure: CheckedFailure, paper: Paper): string {
  const at = failure.at === '' ? '' : ` (${failure.at})`;
  const action = failure.action === '' ? '' : `\n${prose(`What to do: ${failure.action}`, paper, '  ', '    ')}`;
  return `${paper.paint.red(prose(`✖ ${failure.message}${at}`, paper, '  ', '    '))}${action}`;
}

function statusBlocks({ statuses }: CheckResult, paper: Paper): string[] {
  const systems = [...new Set(statuses.map((status) => status.system))];
  return systems.map((system) => {
    const columns: TerminalColumn[] = [
      { header: 'Status', align: 'left', flexible: true, least: 12 },
      { header: 'Rows', align: 'right' },
      { header: 'Units', align: 'right' },
      { header: 'Category', align: 'left', flexible: true, least: 20 },
    ];
    const rows = statuses
      .filter((status) => status.system === system)
      .map((status) => [
        status.status === '' ? '(blank)' : safeText(status.status),
        formatCount(status.rows),
        status.outcome === 'ignored' ? '—' : formatQuantity(status.quantity),
        categoryText(status),
      ]);
    return `${paper.paint.bold(fitText(safeText(`Stock statuses of ${system}`), paper.width))}\n${table(columns, rows, paper)}`;
  });
}

function categoryText(status: CheckedStatus): string {
  if (status.outcome === 'category') return safeText(status.category);
  if (status.outcome === 'ignored') return safeText(`ignored: ${status.reason}`);
  return status.did_you_mean === '' ? 'UNMAPPED' : safeText(`UNMAPPED; did you mean "${status.did_you_mean}"?`);
}

function unitsBlock({ unknown_units: units }: CheckResult, paper: Paper): string {
  if (units.length === 0) return '';
  const columns: TerminalColumn[] = [
    { header: 'System', align: 'left', flexible: true, least: 6 },
    { header: 'Unit', align: 'left', flexible: true, least: 6 },
    { header: 'Rows', align: 'right' },
    { header: 'Items', align: 'right', optional: 1 },
    { header: 'For example', align: 'left', flexible: true, least: 24 },
  ];
  const rows = units.map((unit) => [
    safeText(unit.system),
    unit.uom === '' ? '(blank)' : safeText(unit.uom),
    formatCount(unit.rows),
    formatCount(unit.items),
    safeText(unit.reason === 'unit of measure missing' ? `item ${unit.example_item}` : unit.reason),
  ]);
  return `${paper.paint.yellow('Unknown units; these rows are rejected')}\n${table(columns, rows, paper)}`;
}

function rulesBlock({ overlaps, gaps }: CheckResult, paper: Paper): string {
  const lines = [
    ...overlaps.map((overlap) => overlap.message),
    ...gaps.map(
      (gap) =>
        `${gap.at}: the category ${gap.category} names no ${gap.missing === 'erp' ? 'ERP' : 'WMS'} status, so all that it holds is a variance.`,
    ),
  ];
  if (lines.length === 0) return '';
  return [paper.paint.yellow('Rules to look at'), ...lines.map((line) => prose(line, paper, '  ', '    '))].join('\n');
}

function qualityBlock({ quality }: CheckResult, paper: Paper): string {
  const order = { refused: 0, forced: 1, warning: 2 };
  return [...quality]
    .sort((a, b) => order[a.severity] - order[b.severity])
    .map((note) => {
      const label =
        note.severity === 'warning' ? paper.paint.yellow('! Warning') : paper.paint.red('✖ Would be refused');
      const action = note.action === '' ? '' : `\n${prose(`What to do: ${note.action}`, paper, '  ', '    ')}`;
      return `${label} ${safeText(note.source)} ${paper.paint.dim(`(${note.code})`)}\n${prose(note.message, paper, '  ')}${action}`;
    })
    .join('\n');
}

function verdictBlock(result: CheckResult, paper: Paper): string {
  const { paint } = paper;
  const loose = result.failures
    .filter((failure) => failure.source === '')
    .map((failure) => failureText(failure, paper));
  const unmapped = result.statuses.filter((status) => status.outcome === 'unmapped').length;
  const rejected = result.sources.reduce((sum, source) => sum + source.rejected, 0);
  const missing = [
    ...(unmapped > 0 ? [`${plural(unmapped, 'stock status', 'stock statuses')} without a category`] : []),
    ...(rejected > 0 ? [`${plural(rejected, 'rejected row')}`] : []),
  ];
  const left = missing.length === 0 ? '' : ` It would leave out ${missing.join(' and ')}.`;
  const partly = result.is_partial ? ' Not all sources were looked at, so the two sides were not compared.' : '';
  const sentence = {
    ready: `${result.is_partial ? 'These sources can be read.' : 'A run would go through.'}${left}${partly}`,
    refused: `A run would be refused.${left}${partly}`,
    unreachable: `A run could not read its files.${left}${partly}`,
    configuration: 'The configuration cannot be used as it is.',
  }[result.verdict];
  const color = result.verdict !== 'ready' ? paint.red : missing.length > 0 ? paint.yellow : paint.green;
  return [...loose, color(prose(sentence, paper))].join('\n');
}
