/**
 * Decides the sentences and cells that the terminal and the page share when they show one item.
 * Never lays anything out.
 */
import Big from 'big.js';
import type {
  ItemContribution,
  ItemKey,
  ItemPlace,
  ItemProof,
  ItemView,
  PriorityTerm,
  TimelineMessage,
  TimelinePosting,
  TimelineRow,
} from '../contract/item-view.ts';
import { formatConfidence } from './cause-wording.ts';
import { formatCount, formatMoney, formatQuantity, formatSigned, isZero, plural } from './figures.ts';
import { formatTime } from './wording.ts';

/** "DC1", "DC1 · owner ACME · lot L204". */
export function placeName({ site, owner, lot }: Pick<ItemPlace, 'site' | 'owner' | 'lot'>): string {
  return [site, owner === '' ? '' : `owner ${owner}`, lot === '' ? '' : `lot ${lot}`]
    .filter((text) => text !== '')
    .join(' · ');
}

const absolute = (quantity: string): string => formatQuantity(quantity.replace(/^-/, ''));

/** "12 EA": units in words where the item has none of its own. */
const units = (quantity: string, uom: string): string =>
  `${absolute(quantity)} ${uom === '' ? (absolute(quantity) === '1' ? 'unit' : 'units') : uom}`;

/** What the sentence about a key is made from. */
export type StandingKey = Pick<
  ItemKey,
  | 'state'
  | 'category'
  | 'wms_quantity'
  | 'net_variance_quantity'
  | 'in_flight_quantity'
  | 'variance_value'
  | 'days_out_of_sync'
  | 'out_since'
>;

/** How one key stands, with its direction in words: "▼ available: ERP shows 12 EA more than the warehouse, $1,430.00." */
export function keyStanding(key: StandingKey, view: Pick<ItemView, 'uom' | 'currency'>): string {
  const arrow = key.state !== 'discrepancy' ? '' : key.net_variance_quantity.startsWith('-') ? '▼ ' : '▲ ';
  const days = key.days_out_of_sync === '' ? '' : `, ${plural(Number(key.days_out_of_sync), 'day')}`;
  const since = key.out_since === '' ? '' : `; out of sync since ${formatTime(key.out_since)}${days}`;
  return `${arrow}${key.category}: ${balancePhrase(key, view)}${since}.`;
}

/** What the two sides show of a key, without a full stop: "ERP shows 12 EA more than the warehouse, $1,430.00". */
export function balancePhrase(key: StandingKey, { uom, currency }: Pick<ItemView, 'uom' | 'currency'>): string {
  const net = key.net_variance_quantity;
  const flight = isZero(key.in_flight_quantity)
    ? ''
    : ` once ${units(key.in_flight_quantity, uom)} in flight ${absolute(key.in_flight_quantity) === '1' ? 'is' : 'are'} counted`;
  if (key.state === 'in-sync') return `both sides hold ${units(key.wms_quantity, uom)}`;
  if (key.state === 'timing') return `both sides agree${flight}`;
  const value = key.variance_value === '' ? '' : `, ${formatMoney(key.variance_value.replace(/^-/, ''), currency)}`;
  const than = net.startsWith('-') ? 'more' : 'less';
  const within = key.state === 'within-tolerance' ? '; that is within tolerance' : '';
  return `ERP shows ${units(net, uom)} ${than} than the warehouse${flight}${value}${within}`;
}

/** How the item stands as a whole, in a sentence or two. */
export function headlineSentence(view: ItemView): string {
  const off = view.places.filter(isOff);
  const agreeing = view.places.filter((place) => !isOff(place));
  if (off.length === 0) return `In sync: both systems agree${agreementPhrase(agreeing)} at ${placeNames(agreeing)}.`;
  const value =
    view.gross_variance_value === ''
      ? '; no unit cost is known'
      : ` by ${formatMoney(view.gross_variance_value, view.currency, true)} gross`;
  const others =
    agreeing.length === 0
      ? ''
      : ` ${placeNames(agreeing)} ${agreeing.length === 1 ? 'agrees' : 'agree'}${agreementPhrase(agreeing)}.`;
  return `Out of sync at ${placeNames(off)}${value}.${others}`;
}

function placeNames(places: readonly ItemPlace[]): string {
  return places.length > 3 ? `${formatCount(places.length)} places` : places.map(placeName).join(', ');
}

/** What makes them agree, where it is not equality. */
function agreementPhrase(places: readonly ItemPlace[]): string {
  const has = (wanted: ItemKey['state']): boolean =>
    places.some(({ keys }) => keys.some(({ state }) => state === wanted));
  return has('timing') ? ' once what is in flight is counted' : has('within-tolerance') ? ' within tolerance' : '';
}

export function isOff({ keys }: ItemPlace): boolean {
  return keys.some(({ state }) => state === 'discrepancy');
}

/** Whether there is anything to explain at a place. */
export function isExplained({ keys }: ItemPlace): boolean {
  return keys.some(({ contributions }) => contributions.length > 0);
}

/** More terms than this are added up by cause. */
const TERMS_MAX = 6;

/** "+95 = +110 − 12 − 3": the contributions of a key add up to its variance. A single one needs no sum: "−4". */
export function additionPhrase({ variance_quantity, contributions }: ItemKey): string {
  const whole = formatSigned(variance_quantity);
  if (contributions.length < 2) return whole;
  const terms =
    contributions.length > TERMS_MAX
      ? causeSums(contributions)
          .filter(({ quantity }) => !isZero(quantity))
          .map(({ quantity, words }) => `${formatSigned(quantity)} ${words}`)
      : contributions.map(({ quantity }) => formatSigned(quantity));
  return `${whole} = ${terms.map((text, index) => (index === 0 ? text : `${text.slice(0, 1)} ${text.slice(1)}`)).join(' ')}`;
}

/** Contributions added up by cause, in their order. */
function causeSums(
  contributions: readonly ItemContribution[],
): { readonly words: string; readonly quantity: string; readonly count: number }[] {
  const sums = new Map<string, { sum: Big; count: number }>();
  for (const { cause_words, quantity } of contributions) {
    const { sum, count } = sums.get(cause_words) ?? { sum: Big(0), count: 0 };
    sums.set(cause_words, { sum: sum.plus(quantity), count: count + 1 });
  }
  return [...sums].map(([words, { sum, count }]) => ({ words, quantity: sum.toFixed(), count }));
}

/** Contributions beyond the first ones: "and 42 more: message lost −310 (40), posted twice +12 (2)". */
export function restPhrase(contributions: readonly ItemContribution[]): string {
  const sums = causeSums(contributions).map(
    ({ words, quantity, count }) => `${words} ${formatSigned(quantity)} (${formatCount(count)})`,
  );
  return `and ${formatCount(contributions.length)} more: ${sums.join(', ')}`;
}

/** The earlier contribution with the same document and proof, where there is one: the other leg of a move. */
export function twinOf(contribution: ItemContribution, { keys }: ItemPlace): ItemContribution | undefined {
  if (contribution.document === '') return undefined;
  const proof = JSON.stringify(contribution.evidence);
  return keys
    .flatMap(({ contributions }) => contributions)
    .find(
      ({ number, document, cause, evidence }) =>
        number < contribution.number &&
        document === contribution.document &&
        cause === contribution.cause &&
        JSON.stringify(evidence) === proof,
    );
}

/** "nearly certain, .97"; '' for what is not explained. */
export function confidencePhrase(of: Pick<ItemContribution, 'confidence' | 'confidence_words'>): string {
  return of.confidence === '' ? '' : `${of.confidence_words}, ${formatConfidence(of.confidence)}`;
}

/** Which side's books are corrected, as the end of a sentence; '' where none is. */
export function sidePhrase(side: ItemContribution['correct_side']): string {
  return {
    erp: 'to correct in the ERP',
    wms: 'to correct in the WMS',
    map: 'to correct in the configuration; nothing is posted',
    count: 'a count decides which side is right',
    none: '',
  }[side];
}

const PROOF_KINDS: Readonly<Record<ItemProof['kind'], string>> = {
  'erp-movement': 'ERP movement',
  'wms-movement': 'WMS movement',
  message: 'message',
  balance: 'balance',
};

/** Where a piece of proof stands: "WMS movement W-88101, in/wms_movements.csv row 20,111". '' for a balance: it is shown above. */
export function proofPlace({ kind, id, file, row }: ItemProof): string {
  if (file === '') return id;
  return `${`${PROOF_KINDS[kind]} ${id}`.trim()}, ${file} row ${formatCount(row ?? 0)}`;
}

/** "Priority high: impact $1,120.00 · orders at risk 18 units."; terms of zero are left out, '' where nothing is known of it. */
export function priorityPhrase(key: ItemKey, { currency }: Pick<ItemView, 'currency'>): string {
  const impact = key.impact_value === '' ? [] : [`impact ${formatMoney(key.impact_value, currency)}`];
  const told = key.priority_terms.filter(({ amount }) => !isZero(amount));
  const terms = [...impact, ...told.map(termPhrase)].join(' · ');
  const level = key.priority === '' ? '' : `priority ${key.priority}`;
  const text = [level, terms].filter((part) => part !== '').join(': ');
  return text === '' ? '' : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function termPhrase({ name, amount, unit }: PriorityTerm): string {
  const text = /^[A-Z]{3}$/.test(unit) ? formatMoney(amount, unit) : `${formatQuantity(amount)} ${unit}`.trim();
  return `${name} ${text}`;
}

/** Postings of a document that are listed one by one: a second one of the same amount is worth seeing. */
const LISTED_MAX = 4;

/**
 * The postings of one side of a row: "−12 AVAILABLE". A status that units only passed through is left out, and many
 * postings are added up by status.
 */
export function postingTexts(postings: readonly TimelinePosting[]): string[] {
  const nameOf = ({ status, after_cut_off }: TimelinePosting): string =>
    `${status}${after_cut_off ? ', after the cut-off' : ''}`;
  const sums = new Map<string, { sum: Big; count: number }>();
  for (const posting of postings) {
    const { sum, count } = sums.get(nameOf(posting)) ?? { sum: Big(0), count: 0 };
    sums.set(nameOf(posting), { sum: sum.plus(posting.quantity), count: count + 1 });
  }
  const lasting = new Map([...sums].filter(([, { sum }]) => !sum.eq(0)));
  const kept = lasting.size === 0 ? sums : lasting;
  const listed = postings.filter((posting) => lasting.has(nameOf(posting)));
  if (lasting.size > 0 && listed.length <= LISTED_MAX)
    return listed.map((posting) => `${formatSigned(posting.quantity)} ${nameOf(posting)}`);
  return [...kept].map(
    ([name, { sum, count }]) => `${formatSigned(sum.toFixed())} ${name}${count > 1 ? ` (${count} postings)` : ''}`,
  );
}

const MESSAGE_MARKS: Readonly<Record<TimelineMessage['state'], string>> = {
  created: '…',
  sent: '→',
  received: '→',
  acknowledged: '✓',
  applied: '✓',
  partial: '≠',
  rejected: '×',
  failed: '×',
  abandoned: '×',
  superseded: '',
};

/** "× rejected". */
export function messageText({ state }: TimelineMessage): string {
  return `${MESSAGE_MARKS[state]} ${state}`.trim();
}

/** What stands where one side of a document has no posting. */
export function missingText(row: TimelineRow, isGiven: boolean): string {
  if (!isGiven) return 'not given';
  if (row.state === 'matched' || row.state === 'message-only') return '';
  // One leg of a move within a category needs no partner.
  if (row.effects.length === 0) return '';
  return row.causes.length > 0 && row.causes.every((cause) => cause === 'in-flight') ? '… to come' : '× none';
}

/** Why a place has no timeline. */
export function noTimelineText({ timeline: { given } }: ItemPlace): string {
  if (given.erp_ledger && given.wms_ledger) return 'the ledgers hold no movement of it.';
  if (!given.erp_ledger && !given.wms_ledger)
    return 'the run read no movements. Name the movement files of both systems under movements in evenstock.yaml.';
  const [side, missing] = given.erp_ledger ? ['ERP', 'WMS'] : ['WMS', 'ERP'];
  return `the ${side} has no movement of it, and no movements of the ${missing} were given.`;
}

/** "ERP sap": the side, and its systems that hold the item there. */
export function placeSystems(place: ItemPlace, role: 'erp' | 'wms'): string {
  const held = place.keys.flatMap((key) => key[`${role}_statuses`]).map(({ system }) => system);
  return [role.toUpperCase(), ...new Set(held)].join(' ');
}

/** "21 Nov", with the year where it is not `year`. Times come with the offset of the place's clock. */
export function shortDay(iso: string, year: string): string {
  const [day = ''] = formatTime(iso).split(', ');
  return day.endsWith(` ${year}`) ? day.slice(0, -5) : day;
}

/** "21 Nov 13:52". */
export function shortTime(iso: string, year: string): string {
  const [, time = ''] = formatTime(iso).split(', ');
  return `${shortDay(iso, year)} ${time.split(' ')[0] ?? ''}`.trim();
}

/** "−06:00" or "UTC". */
export function clockText(iso: string): string {
  return /\d\d:\d\d (\S+)$/.exec(formatTime(iso))?.[1] ?? '';
}
