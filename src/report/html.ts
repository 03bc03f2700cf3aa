/**
 * Decides how report.html is put together: one file, no outside requests, readable on a phone and on paper.
 * Never holds more lines than `linesMax`; the others stand in discrepancies.csv.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ItemView } from '../contract/item-view.ts';
import type { DiscrepancyLine, Report, RunDocument } from '../contract/run.ts';
import { formatCount, plural } from './figures.ts';
import { findingsSection } from './findings-section.ts';
import { type PageLines, pageLines, staticRows } from './html-lines.ts';
import {
  groupsSection,
  headerSection,
  inputsSection,
  measuresSection,
  qualitySection,
  rejectedSection,
  timingSection,
  unmappedSection,
} from './html-sections.ts';
import { embeddedItems, embedItems } from './item-embedding.ts';
import { embeddedJson, html, type Markup, NOTHING } from './markup.ts';
import { paretoSection } from './pareto.ts';
import { trendSection } from './trend-section.ts';
import { formatTime } from './wording.ts';

/** `linesMax`: most lines that the page may hold; 20,000 stay quick in a browser. */
export interface HtmlOptions {
  readonly linesMax: number;
  /** Items in the order of the lines; read only as far as the page has room. None where the run explains nothing. */
  readonly views?: Iterable<ItemView> | undefined;
}

/** Rows in the page itself, for readers that run no script (previews of mail programs). */
const STATIC_ROWS = 50;
const ROWS_PER_PIECE = 500;

const pageFile = (name: string) => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');
const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Renders a report as pieces of one HTML document. Reads at most `linesMax` + 1 of the report's lines. */
export function* renderHtml(report: Report, options: HtmlOptions): Generator<string> {
  const { lines, more } = takeLines(report.lines, options.linesMax);
  const { selection, totals } = report.run;
  const total = Math.max((selection ?? totals)?.discrepancies ?? 0, lines.length + (more ? 1 : 0));
  const page = pageLines(lines, report.run.currency);
  const items = options.views === undefined ? undefined : embedItems(options.views, lines);
  const style = pageFile('page.css');
  const script = pageFile('page.js');
  const values: Record<string, () => Iterable<string>> = {
    policy: () => [
      `default-src 'none'; style-src ${sha256(style)}; script-src ${sha256(script)}; img-src data:; base-uri 'none'; form-action 'none'`,
    ],
    title: () => [html`${pageTitle(report.run)}`.text],
    style: () => [style],
    // Without lines there is no table to serve.
    script: () => (page.rows.length === 0 ? [] : [script]),
    body: () => bodyPieces(report, lines, total, page),
    lines: () => linePieces(page),
    items: () => (items === undefined || page.rows.length === 0 ? [] : [embeddedItems(items)]),
  };
  // Odd places of the split template are the names of placeholders.
  for (const [index, piece] of pageFile('page.html')
    .split(/\/\*(\w+)\*\//)
    .entries()) {
    if (index % 2 === 0) yield piece;
    else yield* values[piece]?.() ?? [];
  }
}

function takeLines(source: Iterable<DiscrepancyLine>, linesMax: number): { lines: DiscrepancyLine[]; more: boolean } {
  const lines: DiscrepancyLine[] = [];
  for (const line of source) {
    if (lines.length >= linesMax) return { lines, more: true };
    lines.push(line);
  }
  return { lines, more: false };
}

function pageTitle(run: RunDocument): string {
  return ['Stock discrepancies', run.name, formatTime(run.finished_at).split(',')[0] ?? '']
    .filter((text) => text !== '')
    .join(' · ');
}

function* bodyPieces(
  report: Report,
  lines: readonly DiscrepancyLine[],
  total: number,
  page: PageLines,
): Generator<string> {
  const { run } = report;
  yield html`<main>${headerSection(run)}\n`.text;
  if (run.state === 'refused' || run.totals === null) {
    yield html`${qualitySection(run)}${rejectedSection(report)}\n`.text;
  } else {
    yield measuresSection(run, run.totals).text;
    yield findingsSection(run).text;
    if (report.trend !== undefined) yield trendSection(report.trend).text;
    yield paretoSection(lines, (run.selection ?? run.totals).gross_variance_value, run.currency, lines.length === total)
      .text;
    yield groupsSection(run).text;
    yield linesSection(total, page).text;
    yield html`${unmappedSection(run)}${rejectedSection(report)}${timingSection(report)}${qualitySection(run)}\n`.text;
  }
  yield html`${inputsSection(run)}</main>`.text;
}

function* linePieces(page: PageLines): Generator<string> {
  yield `<script type="application/json" id="lines">{"columns":${embeddedJson(page.columns)},"rows":[`;
  for (let start = 0; start < page.rows.length; start += ROWS_PER_PIECE) {
    const piece = embeddedJson(page.rows.slice(start, start + ROWS_PER_PIECE)).slice(1, -1);
    yield start === 0 ? piece : `,\n${piece}`;
  }
  yield ']}</script>';
}

function linesSection(total: number, page: PageLines): Markup {
  if (page.rows.length === 0) {
    const text =
      total === 0
        ? 'None. A key stands here when its net variance exceeds the tolerance.'
        : `All ${formatCount(total)} stand in discrepancies.csv.`;
    return html`<section id="discrepancies"><h2>Discrepancies</h2><p>${text}</p></section>`;
  }
  const shown = page.rows.length;
  const partly =
    shown < total
      ? html`<p class="muted">Showing the first ${formatCount(shown)} of ${formatCount(total)} in rank order; all stand in discrepancies.csv.</p>`
      : NOTHING;
  const head = page.columns
    .filter((each) => each.place === 'row')
    .map((each) => html`<th scope="col" class="${each.kind} ${each.key}" data-key="${each.key}">${each.label}</th>`);
  return html`<section id="discrepancies"><h2>${plural(total, 'discrepancy', 'discrepancies')}</h2>${partly}
<form id="filters" hidden role="search">
<label class="search"><span>Search</span><input type="search" id="search" placeholder="Item, description, lot …" autocomplete="off"></label>
<label data-filter="site"><span>Site</span><select></select></label>
<label data-filter="category"><span>Category</span><select></select></label>
<label data-filter="direction"><span>Direction</span><select></select></label>
<label data-filter="cause"><span>Why</span><select></select></label>
<label data-filter="finding"><span>Finding</span><select></select></label>
<label class="sort"><span>Sort by</span><select id="sort"></select></label>
</form>
<p id="found" class="muted" aria-live="polite"></p>
<div class="lines"><table id="table"><thead><tr>${head}</tr></thead><tbody>${staticRows(page, STATIC_ROWS)}</tbody></table></div>
<noscript><p class="muted">${shown > STATIC_ROWS ? `The first ${STATIC_ROWS}: ` : ''}sorting, filtering and further pages need script.</p></noscript>
<nav id="pages" hidden aria-label="Pages of the table"><button type="button" id="previous">Previous</button><span id="place"></span><button type="button" id="next">Next</button></nav>
</section>`;
}
