/** Decides how a finding is called: its factor, its time and what happened, in plain words. Never decides what is one. */
import { DateTime } from 'luxon';
import type { CauseCode } from '../cause-code.ts';

interface Titled {
  /** The most frequent first. */
  readonly causes: readonly CauseCode[];
  readonly factor: Readonly<Record<string, string>>;
  readonly range: { readonly from: number; readonly to: number } | undefined;
  /** Types of the documents, the most frequent first. */
  readonly types: readonly string[];
  readonly documents: number;
}

/** Ranges are written in these steps, widened to whole ones. */
const STEP_MS = 1_800_000;

const FACTOR_WORDS: Readonly<Record<string, string>> = {
  interface: 'Interface',
  user: 'User',
  family: 'Family',
  status: 'Status',
  site: 'Site',
  batch: 'Batch',
  file: 'File',
};

const NOUNS: Readonly<Record<string, string>> = {
  receipt: 'receipts',
  shipment: 'shipments',
  return: 'returns',
  count: 'counts',
  adjustment: 'adjustments',
  scrap: 'scrap postings',
  'status-change': 'status moves',
  'lot-change': 'lot changes',
  'transfer-out': 'transfers',
  'transfer-in': 'transfers',
  'kit-consume': 'work orders',
  'kit-produce': 'work orders',
};

const HAPPENED: Readonly<Partial<Record<CauseCode, string>>> = {
  'message-lost': 'lost',
  'message-rejected': 'rejected',
  'shipment-unconfirmed': 'not posted',
  'receipt-not-posted': 'not posted',
  'return-not-posted': 'not posted',
  'count-not-sent': 'not posted',
  'status-move-missing': 'not posted',
  'kit-not-posted': 'not posted',
  'posted-twice': 'posted twice',
  'file-loaded-twice': 'posted twice',
  'unit-mismatch': 'in the wrong unit',
  'sign-reversed': 'with the wrong sign',
  'decimal-shifted': 'with the decimal point shifted',
  'digits-transposed': 'with digits swapped',
  'pick-short': 'issued as ordered, not as shipped',
  'out-of-order': 'out of order',
  'item-cross-posted': 'on the wrong item',
  'site-cross-posted': 'on the wrong site',
  'lot-swapped': 'on the wrong lot',
  'manual-erp-adjustment': 'keyed by hand',
};

/** "Interface 945, 21 November 09:30–11:00: 214 shipments lost". */
export function writeTitle({ causes, factor, range, types, documents }: Titled, zone: string): string {
  const places = Object.entries(factor).flatMap(([name, value]) =>
    FACTOR_WORDS[name] === undefined ? [] : [`${FACTOR_WORDS[name]} ${value}`],
  );
  const time = range === undefined ? [] : [writeRange(range, zone)];
  const where = [...places, ...time].join(', ');
  const what = ofTheRun(causes, documents) ?? `${nounOf(types, documents)} ${happened(causes)}`;
  const because = factor['error'] === undefined ? '' : ` (“${factor['error']}”)`;
  return `${where === '' ? '' : `${where}: `}${what}${because}`;
}

function ofTheRun([cause]: readonly CauseCode[], keys: number): string | undefined {
  if (cause === 'status-unmapped') return `belongs to another category, ${keys} keys`;
  if (cause === 'scope-mismatch') return `left out by one extract, ${keys} keys`;
  if (cause === 'snapshot-stale') return `A snapshot is older than it says, ${keys} keys`;
  if (cause === 'cutoff-time-zone') return `A cut-off in the wrong time zone, ${keys} keys`;
  if (cause === 'item-alias-missing') return `${keys} items without an alias`;
  return undefined;
}

function nounOf(types: readonly string[], documents: number): string {
  const nouns = [...new Set(types.map((type) => NOUNS[type] ?? 'documents'))];
  return `${documents} ${nouns.length === 1 ? nouns[0] : 'documents'}`;
}

function happened(causes: readonly CauseCode[]): string {
  return [...new Set(causes.map((cause) => HAPPENED[cause] ?? cause))].join(' or ');
}

function writeRange({ from, to }: NonNullable<Titled['range']>, zone: string): string {
  const first = DateTime.fromMillis(Math.floor(from / STEP_MS) * STEP_MS, { zone, locale: 'en' });
  const last = DateTime.fromMillis((Math.floor(to / STEP_MS) + 1) * STEP_MS, { zone, locale: 'en' });
  const isOneDay = first.hasSame(last, 'day') || last.minus({ minutes: 1 }).hasSame(first, 'day');
  const end = isOneDay ? last.toFormat('HH:mm') : last.toFormat('d MMMM HH:mm');
  return `${first.toFormat('d MMMM HH:mm')}–${end}`;
}
