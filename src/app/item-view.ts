/**
 * Decides what is shown of one item: its balances by native status, its contributions and its timeline, place by place.
 * Never explains anything: what the run kept is put in order and written as text.
 */
import type {
  ItemContribution,
  ItemHypothesis,
  ItemKey,
  ItemPlace,
  ItemProof,
  ItemView,
  KeyState,
  StatusUnits,
} from '../contract/item-view.ts';
import type { DiscrepancyLine, RunDocument } from '../contract/run.ts';
import { valueMinor } from '../core/compare/unit-cost.ts';
import type { CauseCode } from '../core/explain/cause-code.ts';
import type { Contribution, Hypothesis, Proof } from '../core/explain/explanation.ts';
import { type Role, UNMAPPED } from '../core/model/balance.ts';
import { type Decimal, formatFixed, formatScaled, rescale } from '../core/model/decimal.ts';
import { parseDecimal } from '../core/normalize/number.ts';
import { causeWords, confidenceWords } from '../report/cause-wording.ts';
import { confidenceText } from './confidence-text.ts';
import { buildTimeline, type ContributionNumbers } from './item-timeline.ts';
import {
  clockOf,
  isAt,
  isoAt,
  type KeptBalance,
  type KeptItem,
  type KeptKey,
  type PlaceName,
  placesOf,
} from './kept-item.ts';
import { minorDecimalsOf } from './minor-decimals.ts';

export interface ItemViewOptions {
  readonly run: Pick<RunDocument, 'run_id' | 'name' | 'finished_at' | 'currency'>;
  /** undefined: all. */
  readonly site?: string | undefined;
  readonly lot?: string | undefined;
  /** Sites that the asker may see; all where not given. */
  readonly sites?: readonly string[] | undefined;
}

/** Everything the run knows of the item, the worst place first. Of a site or lot that the item is not at there is no place. */
export function buildItemView(kept: KeptItem, options: ItemViewOptions): ItemView {
  const { run, site, lot, sites } = options;
  const writer = new ViewWriter(kept, run.currency);
  const places = placesOf(kept)
    .filter((place) => sites?.includes(place.site) ?? true)
    .filter((place) => (site === undefined || place.site === site) && (lot === undefined || place.lot === lot))
    .map((place) => writer.place(place));
  const lines = places.flatMap(({ keys }) => keys);
  const named = new Set(lines.flatMap(({ contributions }) => contributions.map(({ finding_id }) => finding_id)));
  return {
    schema: 1,
    run_id: run.run_id,
    run_name: run.name,
    run_finished_at: run.finished_at,
    item: kept.item,
    description: kept.description,
    uom: kept.uom,
    unit_cost: kept.unitCost,
    currency: run.currency,
    filters: { site: site ?? '', lot: lot ?? '' },
    gross_variance_value: grossValue(lines, minorDecimalsOf(run.currency)),
    places: places.sort(worstFirst),
    findings: kept.findings.filter(({ id }) => named.has(id)),
  };
}

function grossValue(keys: readonly ItemKey[], minorDecimals: number): string {
  const values = keys.flatMap(({ state, variance_value }) =>
    state === 'discrepancy' ? (decimalOf(variance_value) ?? []) : [],
  );
  if (values.length === 0) return '';
  const minor = values.reduce((sum, value) => {
    const whole = rescale(value, minorDecimals) ?? 0n;
    return sum + (whole < 0n ? -whole : whole);
  }, 0n);
  return formatFixed(minor, minorDecimals);
}

function decimalOf(text: string): Decimal | undefined {
  const read = parseDecimal(text, {});
  return read.ok ? read.value : undefined;
}

const STATES: readonly KeyState[] = ['discrepancy', 'timing', 'within-tolerance', 'in-sync'];

/** By the best rank of a place's keys, then by how far it is from being in sync; others stay in the order of their names. */
function worstFirst(a: ItemPlace, b: ItemPlace): number {
  const rank = ({ keys }: ItemPlace): number =>
    Math.min(...keys.map((key) => (key.rank === '' ? Number.POSITIVE_INFINITY : Number(key.rank))));
  const state = ({ keys }: ItemPlace): number => Math.min(...keys.map((key) => STATES.indexOf(key.state)));
  const [first, second] = [rank(a), rank(b)];
  return first === second ? state(a) - state(b) : first - second;
}

/** From 1 on, in the order in which they are shown. */
function numberContributions(keys: readonly KeptKey[]): ContributionNumbers {
  const all = keys.flatMap(({ explanation }) => explanation.contributions);
  return new Map(all.map((each, index) => [each, index + 1]));
}

class ViewWriter {
  private readonly kept: KeptItem;
  private readonly unitCost: Decimal | undefined;
  private readonly minorDecimals: number;

  constructor(kept: KeptItem, currency: string) {
    this.kept = kept;
    this.unitCost = decimalOf(kept.unitCost);
    this.minorDecimals = minorDecimalsOf(currency);
  }

  place(name: PlaceName): ItemPlace {
    const { kept } = this;
    const balances = kept.balances.filter((balance) => isAt(name, balance));
    const keys = kept.keys
      .filter(({ line }) => isAt(name, line))
      .sort((a, b) => kept.categories.indexOf(a.line.category) - kept.categories.indexOf(b.line.category));
    const numbers = numberContributions(keys);
    const shown = kept.categories.flatMap((category, index) => {
      const key = keys.find(({ line }) => line.category === category);
      const held = balances.filter((balance) => balance.category === index);
      return key === undefined && held.length === 0 ? [] : [{ index, key: this.key(category, key, held, numbers) }];
    });
    const unmapped = balances.filter((balance) => balance.category === UNMAPPED);
    const closing = new Map(
      shown.map(({ index, key }) => [index, scaledOf(key.variance_quantity, kept.quantityDecimals)]),
    );
    return {
      ...name,
      keys: shown.map(({ key }) => key),
      unmapped_erp: this.statuses(unmapped, 'erp'),
      unmapped_wms: this.statuses(unmapped, 'wms'),
      actions: actionsOf(keys, kept.findings),
      timeline: buildTimeline(kept, name, closing, numbers),
    };
  }

  private key(
    category: string,
    key: KeptKey | undefined,
    held: readonly KeptBalance[],
    numbers: ContributionNumbers,
  ): ItemKey {
    const statuses = { erp_statuses: this.statuses(held, 'erp'), wms_statuses: this.statuses(held, 'wms') };
    if (key === undefined) return { ...this.plainKey(category, held), ...statuses };
    const { line, explanation } = key;
    return {
      category,
      state: line.rank === '' ? 'timing' : 'discrepancy',
      rank: line.rank,
      erp_quantity: line.erp_quantity,
      wms_quantity: line.wms_quantity,
      variance_quantity: line.variance_quantity,
      in_flight_quantity: line.in_flight_quantity,
      net_variance_quantity: line.net_variance_quantity,
      variance_value: line.variance_value,
      absent_from: line.absent_from,
      ...statuses,
      contributions: explanation.contributions.map((each, index) => ({
        number: numbers.get(each) ?? 0,
        ...this.contribution(each, line),
        finding_id: key.findingIds[index] ?? '',
      })),
      hypotheses: explanation.hypotheses.map((each) => this.hypothesis(each)),
      out_since: line.first_seen,
      days_out_of_sync: line.days_out_of_sync,
      impact_value: line.impact_value,
      priority: line.priority,
      priority_terms: key.terms,
    };
  }

  /** A key that the run found nothing wrong with. */
  private plainKey(category: string, held: readonly KeptBalance[]): Omit<ItemKey, 'erp_statuses' | 'wms_statuses'> {
    const [erp, wms] = (['erp', 'wms'] as const).map((role) => held.filter((balance) => balance.role === role)) as [
      KeptBalance[],
      KeptBalance[],
    ];
    const variance = sumOf(wms) - sumOf(erp);
    return {
      category,
      state: variance === 0 ? 'in-sync' : 'within-tolerance',
      rank: '',
      erp_quantity: this.quantity(sumOf(erp)),
      wms_quantity: this.quantity(sumOf(wms)),
      variance_quantity: this.quantity(variance),
      in_flight_quantity: '0',
      net_variance_quantity: this.quantity(variance),
      variance_value: this.value(variance),
      absent_from: erp.length === 0 ? 'erp' : wms.length === 0 ? 'wms' : '',
      contributions: [],
      hypotheses: [],
      out_since: '',
      days_out_of_sync: '',
      impact_value: '',
      priority: '',
      priority_terms: [],
    };
  }

  private statuses(held: readonly KeptBalance[], role: Role): StatusUnits[] {
    const sums = new Map<string, { system: string; status: string; quantity: number }>();
    for (const { system, status, quantity } of held.filter((balance) => balance.role === role)) {
      const name = JSON.stringify([system, status]);
      const sum = sums.get(name) ?? { system, status, quantity: 0 };
      sums.set(name, { ...sum, quantity: sum.quantity + quantity });
    }
    return [...sums.values()]
      .sort((a, b) => Math.abs(b.quantity) - Math.abs(a.quantity) || (a.status < b.status ? -1 : 1))
      .map(({ system, status, quantity }) => ({ system, status, quantity: this.quantity(quantity) }));
  }

  private contribution(each: Contribution, line: DiscrepancyLine): Omit<ItemContribution, 'number' | 'finding_id'> {
    const confidence = each.cause === 'unexplained' ? '' : confidenceText(each.confidence);
    return {
      cause: each.cause,
      cause_words: causeWords(each.cause),
      quantity: this.quantity(each.quantity),
      // Sites may differ in what an item costs.
      value: this.value(each.quantity, decimalOf(line.unit_cost)),
      confidence,
      confidence_words: confidenceWords(confidence),
      correct_side: each.side,
      at: each.at === undefined ? '' : isoAt(each.at, clockOf(this.kept, line.site)),
      document: each.document,
      action: each.action,
      evidence: each.proofs.map(proofText),
    };
  }

  private hypothesis({ cause, quantity, confidence, refusal }: Hypothesis): ItemHypothesis {
    const text = confidenceText(confidence);
    return {
      cause,
      cause_words: causeWords(cause),
      quantity: this.quantity(quantity),
      confidence: text,
      confidence_words: confidenceWords(text),
      refusal,
    };
  }

  private quantity(scaled: number): string {
    return formatScaled(scaled, this.kept.quantityDecimals);
  }

  /** '' where there is no cost. */
  private value(scaled: number, unitCost = this.unitCost): string {
    if (unitCost === undefined) return '';
    return formatFixed(
      valueMinor(scaled, this.kept.quantityDecimals, unitCost, this.minorDecimals),
      this.minorDecimals,
    );
  }
}

function sumOf(balances: readonly KeptBalance[]): number {
  return balances.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Quantities of lines are written from scaled integers, so this always reads one back. */
function scaledOf(text: string, decimals: number): number {
  const value = decimalOf(text);
  return value === undefined ? 0 : Number(rescale(value, decimals) ?? 0n);
}

function proofText({ kind, id, reference, source, says }: Proof): ItemProof {
  return { kind, id, reference, file: source?.file ?? '', row: source?.row ?? null, says };
}

/** Causes whose message may still post: a correction before that makes a second error. */
const OPEN_CAUSES: readonly CauseCode[] = ['message-rejected', 'message-lost', 'in-flight'];
const POST_NOTHING = 'Post no correction while a message is open: it would post later and make a second error.';

/** What to do at a place: open messages first, then the largest quantities; waiting and counting last. */
function actionsOf(keys: readonly KeptKey[], findings: KeptItem['findings']): string[] {
  const rank = ({ cause }: Contribution): number =>
    cause === 'in-flight' ? 2 : cause === 'unexplained' ? 3 : OPEN_CAUSES.includes(cause) ? 0 : 1;
  const sorted = keys
    .flatMap(({ explanation, findingIds }) =>
      explanation.contributions.map((each, index) => ({ each, id: findingIds[index] ?? '' })),
    )
    .sort((a, b) => rank(a.each) - rank(b.each) || Math.abs(b.each.quantity) - Math.abs(a.each.quantity));
  const actions = sorted.map(({ each, id }) => {
    const finding = findings.find((one) => one.id === id);
    return finding === undefined ? withName(each.action, each.document) : withName(finding.action, finding.id);
  });
  const open = sorted.filter(({ each }) => OPEN_CAUSES.includes(each.cause)).length;
  const all = open > 0 && open < sorted.length ? [actions[0] as string, POST_NOTHING, ...actions.slice(1)] : actions;
  return [...new Set(all)].filter((action) => action !== '');
}

/** "Send it again (SO-0031882)." */
function withName(action: string, name: string): string {
  return action === '' || name === '' || action.includes(name) ? action : `${action.replace(/\.$/, '')} (${name}).`;
}
