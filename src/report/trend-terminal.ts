/**
 * Decides how the trend reads on a terminal: three lines of small bars, one row for each day or run, and what each figure is.
 * Never writes to a stream, and never computes a figure that the trend does not hold.
 */
import colors from 'picocolors';
import {
  type LeftOutRun,
  MEASURES,
  type MeasureName,
  type TrendDocument,
  type TrendRow,
} from '../contract/measures.ts';
import { formatCount, formatMoney, formatQuantity, formatShare, plural } from './figures.ts';
import { safeText, wrapText } from './plain-text.ts';
import { renderColumns, type TerminalColumn } from './terminal-table.ts';
import { writtenMeasures } from './trend-measures.ts';
import { accuracyText, dateOf, isValued, type TrendSeries, trendSeries, UNKNOWN } from './trend-wording.ts';

interface TrendPaper {
  readonly width: number;
  readonly paint: ReturnType<typeof colors.createColors>;
}

const NARROWEST = 48;
const PROSE_WIDTH_MAX = 100;

/** Renders the trend as text with a final line end, from 48 columns up. `color`: whether to emit ANSI colours. */
export function renderTrend(
  trend: TrendDocument,
  options: { readonly color: boolean; readonly width: number },
): string {
  const paper = { width: Math.max(NARROWEST, options.width), paint: colors.createColors(options.color) };
  const last = trend.rows.at(-1);
  const [header = '', ...body] = table(trend, paper);
  const name = [trend.name, trend.site, periodOf(trend)].filter((text) => text !== '').map(safeText);
  const blocks = [paper.paint.dim(name.join(' · '))];
  if (last === undefined) blocks.push(`There is no complete run ${trend.site === '' ? '' : 'of this site '}to show.`);
  else
    blocks.push(charts(trend.rows, paper), [paper.paint.dim(header), ...body].join('\n'), measures(trend, last, paper));
  const notes = [
    leftOutPhrase(trend.left_out),
    trend.rows.some(({ new: added }) => added === null) ? `${UNKNOWN} : not measured by that run.` : '',
  ].filter((text) => text !== '');
  blocks.push(...notes.map((note) => paper.paint.yellow(prose(note, paper))));
  if (last !== undefined) blocks.push(definitions(header, paper));
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const prose = (text: string, paper: TrendPaper, rest = '', first = ''): string =>
  wrapText(safeText(text), Math.min(paper.width, PROSE_WIDTH_MAX), first, rest);

function periodOf({ rows, days, by }: TrendDocument): string {
  const last = rows.at(-1);
  const each = by === 'day' ? 'by day' : 'by run';
  return last === undefined ? each : `${plural(days, 'day')} to ${dateOf(last.cut_off, true)}, ${each}`;
}

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Wider charts leave no room for the figures beside them. */
const BARS_MAX = 30;
const BARS_MIN = 8;
const GAP = '  ';

/** One bar for each value from 0 to 1; 0 is the lowest bar. */
function bars(heights: readonly number[]): string {
  return heights.map((height) => BARS[Math.round(height * (BARS.length - 1))]).join('');
}

/** Label, last figure, bars and range of each measure; as many bars as fit, and no range where not even that does. */
function charts(rows: readonly TrendRow[], paper: TrendPaper): string {
  const valued = isValued(rows);
  const seriesOf = (shown: readonly TrendRow[]): [label: string, series: TrendSeries][] => {
    const { accuracy, gross, discrepancies } = trendSeries(shown);
    return [
      ['In sync', accuracy],
      [valued ? 'Gross' : 'Gross units', gross],
      ['Off', discrepancies],
    ];
  };
  const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const most = seriesOf(rows.slice(-BARS_MAX));
  const labelWidth = longest(most.map(([label]) => label));
  const figureWidth = longest(most.map(([, { last }]) => last));
  const room = paper.width - labelWidth - figureWidth - longest(most.map(([, { range }]) => range)) - 3 * GAP.length;
  const all = room < BARS_MAX ? seriesOf(rows.slice(-Math.max(BARS_MIN, room))) : most;
  return all
    .map(([label, { last, heights, range }]) => {
      const start = `${label.padEnd(labelWidth)}${GAP}${paper.paint.bold(last.padStart(figureWidth))}`;
      if (heights.length < 2) return start;
      const width = labelWidth + figureWidth + heights.length + range.length + 3 * GAP.length;
      return `${start}${GAP}${bars(heights)}${width > paper.width ? '' : `${GAP}${paper.paint.dim(range)}`}`;
    })
    .join('\n');
}

/** Header and measure. `optional`: left out where the table is too wide, the highest number first; 0 never. */
const COLUMNS = [
  { header: 'In sync', of: 'accuracy', optional: 0 },
  { header: 'Off', of: 'discrepancies', optional: 0 },
  { header: 'New', of: 'new', optional: 0 },
  { header: 'Still', of: 'continuing', optional: 5 },
  { header: 'Gone', of: 'resolved', optional: 0 },
  { header: 'Again', of: 'recurring', optional: 3 },
  { header: '>7 d', of: 'overAWeek', optional: 2 },
  { header: 'Gross', of: 'gross', optional: 0 },
  { header: 'Net', of: 'net', optional: 4 },
  { header: 'Why', of: 'explainedValue', optional: 1 },
] as const satisfies readonly { header: string; of: MeasureName; optional: number }[];

function cellsOf(row: TrendRow, valued: boolean): string[] {
  const count = (value: number | null): string => (value === null ? UNKNOWN : formatCount(value));
  return [
    accuracyText(row),
    formatCount(row.discrepancies),
    count(row.new),
    count(row.continuing),
    count(row.resolved),
    count(row.recurring),
    count(row.over_a_week),
    valued ? formatMoney(row.gross_variance_value, row.currency) : formatQuantity(row.gross_variance_quantity),
    valued ? formatMoney(row.net_variance_value, row.currency) : UNKNOWN,
    row.explained_value_share === '' ? UNKNOWN : formatShare(row.explained_value_share),
  ];
}

/** The header first. */
function table({ rows, by }: TrendDocument, paper: TrendPaper): string[] {
  const hasYear = new Set(rows.map(({ cut_off }) => cut_off.slice(0, 4))).size > 1;
  const valued = isValued(rows);
  const when = (row: TrendRow): string =>
    by === 'day' ? dateOf(row.cut_off, hasYear) : `${dateOf(row.cut_off, hasYear)} ${row.cut_off.slice(11, 16)}`;
  const columns: TerminalColumn[] = [
    { header: by === 'day' ? 'Day' : 'Cut-off', align: 'left' },
    ...COLUMNS.map(
      ({ header, optional }): TerminalColumn => ({
        header,
        align: 'right',
        ...(optional === 0 ? {} : { optional }),
      }),
    ),
  ];
  const newestFirst = rows.map((row) => [when(row), ...cellsOf(row, valued)]).reverse();
  return renderColumns(columns, newestFirst, paper.width);
}

/** What the run of the last row measured beside the table's figures. */
function measures({ latest }: TrendDocument, last: TrendRow, paper: TrendPaper): string {
  if (latest === null) return '';
  const written = writtenMeasures(latest, last.currency);
  const title = `On ${dateOf(last.cut_off, true)}`;
  const lines = written.map(([label, figure, definition]) => {
    const note = prose(definition, paper, '  ', '  ');
    return `${safeText(label)}  ${paper.paint.bold(figure)}\n${paper.paint.dim(note)}`;
  });
  return [paper.paint.bold(title), ...lines].join('\n');
}

const REASONS: readonly (readonly [LeftOutRun['reason'], string])[] = [
  ['refused', 'refused'],
  ['filtered', 'limited to some sites or items'],
  ['replaced', 'followed by another of the same cut-off'],
  ['unreadable', 'that cannot be read'],
];

function leftOutPhrase(leftOut: readonly LeftOutRun[]): string {
  const parts = REASONS.flatMap(([reason, text]) => {
    const count = leftOut.filter((run) => run.reason === reason).length;
    return count === 0 ? [] : [`${plural(count, 'run')} ${text}`];
  });
  return parts.length === 0 ? '' : `Left out: ${parts.join(', ')}.`;
}

/** Of the columns that the terminal is wide enough for. */
function definitions(tableHeader: string, paper: TrendPaper): string {
  const lines = COLUMNS.filter(({ header }) => tableHeader.includes(header)).map(({ header, of }) =>
    prose(`${header}: ${MEASURES[of].definition}`, paper, '  '),
  );
  return paper.paint.dim([...lines, prose('v′ is the net variance: WMS − ERP − in flight.', paper)].join('\n'));
}
