/**
 * Decides how few discrepancies make up how much of the gross value, and draws it.
 * Never draws where fewer than three are valued.
 */
import Big from 'big.js';
import type { DiscrepancyLine } from '../contract/run.ts';
import { formatMoney, formatShare, plural } from './figures.ts';
import { html, type Markup, NOTHING } from './markup.ts';

const BARS_MAX = 12;
/** Fewer are read faster from the table. */
const BARS_MIN = 3;

interface ParetoBar {
  readonly line: DiscrepancyLine;
  /** Length of the bar and of the line so far, in percent of the drawing's width: for drawing only. */
  readonly length: number;
  readonly cumulative: number;
  readonly cumulativeText: string;
}

/** The largest lines by value, largest first, with their running share of `gross`. Empty where nothing is valued. */
export function paretoBars(lines: readonly DiscrepancyLine[], gross: string): ParetoBar[] {
  const whole = Big(gross === '' ? '0' : gross);
  const sized = lines
    .filter((line) => line.variance_value !== '')
    .map((line) => ({ line, size: Big(line.variance_value).abs() }));
  sized.sort((a, b) => b.size.cmp(a.size));
  const largest = sized[0]?.size;
  if (largest === undefined || largest.eq(0) || whole.eq(0)) return [];
  let sum = Big(0);
  return sized.slice(0, BARS_MAX).map(({ line, size }) => {
    sum = sum.plus(size);
    const share = sum.div(whole);
    return {
      line,
      length: size.div(largest).times(100).toNumber(),
      cumulative: Math.min(100, share.times(100).toNumber()),
      cumulativeText: formatShare(share.toFixed(6, Big.roundDown), sum.gte(whole)),
    };
  });
}

/** The section with the chart. `shownAll` is false where the page holds only part of the lines. */
export function paretoSection(
  lines: readonly DiscrepancyLine[],
  gross: string,
  currency: string,
  shownAll: boolean,
): Markup {
  const bars = paretoBars(lines, gross);
  const last = bars.at(-1);
  if (last === undefined || bars.length < BARS_MIN) return NOTHING;
  const of = shownAll ? '' : ` of the ${plural(lines.length, 'line')} shown here`;
  const title = `The ${bars.length} largest${of} make up ${last.cumulativeText} of the gross`;
  const points = bars.map((bar, index) => `${bar.cumulative.toFixed(2)},${index + 0.5}`).join(' ');
  return html`<section id="pareto">
<h2>${title}</h2>
<p class="muted">Bars: value, from zero. Percent<span class="wide"> and line (0% left, 100% right)</span>: running share of ${formatMoney(gross, currency, true)} gross.</p>
<div class="pareto" role="list">${bars.map((bar) => paretoRow(bar, currency))}
<svg class="running" viewBox="0 0 100 ${bars.length}" preserveAspectRatio="none" aria-hidden="true"><polyline points="0,0 ${points}"/></svg>
</div></section>`;
}

function paretoRow(bar: ParetoBar, currency: string): Markup {
  const { line } = bar;
  const tooHigh = line.direction === 'erp-overstated';
  const place = [line.site, line.lot, line.category].filter((text) => text !== '').join(' · ');
  return html`<div class="bar" role="listitem"><span class="label"><b title="${line.item}">${shortCode(line.item)}</b> <span class="muted">${place}</span></span>
<svg class="track" aria-hidden="true"><rect width="${bar.length.toFixed(2)}%" height="100%"/></svg>
<span class="amount" title="${tooHigh ? 'ERP too high' : 'ERP too low'}">${tooHigh ? '▼' : '▲'} ${formatMoney(line.variance_value, line.currency || currency)}</span><span class="share">${bar.cumulativeText}</span></div>`;
}

/** Longer codes are mostly leading zeros; their ends tell them apart. */
const CODE_LENGTH_MAX = 14;

function shortCode(code: string): string {
  return code.length <= CODE_LENGTH_MAX ? code : `…${code.slice(1 - CODE_LENGTH_MAX)}`;
}
