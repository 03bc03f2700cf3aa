/**
 * Decides what of the trend stands in report.html: a small chart for each measure, with its range and its definition.
 * Never draws fewer than two runs. Colours are those of page.css, in light, dark and print.
 */
import { MEASURES, type TrendDocument, type TrendRow } from '../contract/measures.ts';
import { plural } from './figures.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { dateOf, isValued, type TrendSeries, trendSeries } from './trend-wording.ts';

const HEIGHT = 40;
/** What a bar leaves free of its place. */
const GAP = 0.2;

/** The section, in the columns of the measures. NOTHING where there are not two rows. */
export function trendSection({ rows, by }: TrendDocument): Markup {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || rows.length < 2) return NOTHING;
  const { accuracy, gross, discrepancies, explained } = trendSeries(rows);
  const charts = [
    chart('Accuracy by keys', accuracy, line(accuracy), MEASURES.accuracy.definition),
    chart(
      isValued(rows) ? 'Gross variance' : 'Gross variance in units',
      gross,
      bars(gross, rows),
      MEASURES.gross.definition,
    ),
    chart(
      rows.some(({ new: added }) => added) ? 'Discrepancies, new ones on top' : 'Discrepancies',
      discrepancies,
      bars(discrepancies, rows, shareNew),
      `${MEASURES.discrepancies.definition} New: ${MEASURES.new.definition}`,
    ),
    explained === undefined
      ? NOTHING
      : chart('Explained by value', explained, line(explained), MEASURES.explainedValue.definition),
  ];
  const period = `${plural(rows.length, by)} from ${dateOf(first.cut_off, true)} to ${dateOf(last.cut_off, true)}`;
  return html`<section id="trend"><h2>Trend: ${period}</h2><div class="measures">${charts}</div></section>`;
}

function chart(name: string, { range, last, heights }: TrendSeries, shapes: Markup, definition: string): Markup {
  return html`<div class="measure"><h2>${name}</h2>
<svg viewBox="0 0 ${heights.length} ${HEIGHT}" width="100%" height="${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${name}: ${range}, ${last} at last">${shapes}</svg>
<p class="muted">${range}</p>
<details><summary>How it is measured</summary><p>${definition} v′ is the net variance: WMS − ERP − in flight.</p></details></div>`;
}

/** The share of a row's discrepancies that is new. */
function shareNew({ new: added, discrepancies }: TrendRow): number {
  return discrepancies === 0 ? 0 : Math.min(1, (added ?? 0) / discrepancies);
}

/** One bar for each row from zero; `darkOf` of it, at the top, is in the darker colour. */
function bars({ heights, texts }: TrendSeries, rows: readonly TrendRow[], darkOf = (_: TrendRow): number => 0): Markup {
  const shapes = heights.map((height, index) => {
    const row = rows[index] as TrendRow;
    const light = height * (1 - darkOf(row));
    const said = html`<title>${dateOf(row.cut_off, true)}: ${texts[index] ?? ''}</title>`;
    return html`<g>${said}${bar(index, 0, light, 'var(--bar)')}${bar(index, light, height, 'var(--accent)')}</g>`;
  });
  return html`${shapes}`;
}

/** Heights from 0 to 1. */
function bar(index: number, from: number, to: number, fill: string): Markup {
  if (to <= from) return NOTHING;
  const [y, height] = [(1 - to) * HEIGHT, (to - from) * HEIGHT];
  return html`<rect x="${index + GAP / 2}" y="${y.toFixed(1)}" width="${1 - GAP}" height="${height.toFixed(1)}" fill="${fill}"/>`;
}

/** Half of the stroke stays inside at the top and at the bottom. */
const STROKE = 2;

function line({ heights }: TrendSeries): Markup {
  const y = (height: number): string => (STROKE / 2 + (1 - height) * (HEIGHT - STROKE)).toFixed(1);
  const points = heights.map((height, index) => `${index + 0.5},${y(height)}`).join(' ');
  return html`<polyline points="${points}" fill="none" stroke="var(--accent)" stroke-width="${STROKE}" vector-effect="non-scaling-stroke"/>`;
}
