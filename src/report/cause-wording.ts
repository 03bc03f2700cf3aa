/**
 * Decides how causes and confidences are said to people: the words of an inventory controller, not codes.
 * Never decides a cause.
 */
import type { CauseCode } from '../core/explain/cause-code.ts';

/** What happened, short enough for a column and as the start of a sentence. In the order of the catalogue. */
const CAUSE_WORDS: Readonly<Record<CauseCode, string>> = {
  'in-flight': 'still on its way',
  'message-lost': 'message lost',
  'message-rejected': 'message rejected',
  'posted-twice': 'posted twice',
  'file-loaded-twice': 'file loaded twice',
  'out-of-order': 'posted out of order',
  'unit-mismatch': 'wrong unit or pack',
  'sign-reversed': 'wrong sign',
  'digits-transposed': 'digits swapped',
  'decimal-shifted': 'decimal point shifted',
  'status-move-missing': 'status move missing',
  'status-unmapped': 'status not mapped',
  'item-cross-posted': 'posted to another item',
  'item-alias-missing': 'item code not translated',
  'lot-swapped': 'lots swapped',
  'site-cross-posted': 'posted to another site',
  'count-not-sent': 'count not sent',
  'count-raced-movement': 'counted during a movement',
  'pick-short': 'short pick issued in full',
  'shipment-unconfirmed': 'shipment not confirmed',
  'receipt-not-posted': 'receipt not posted',
  'return-not-posted': 'return not posted',
  'kit-not-posted': 'kit not posted',
  'manual-erp-adjustment': 'adjusted by hand in ERP',
  'wms-ledger-break': 'WMS changed without movement',
  'erp-ledger-break': 'ERP changed without movement',
  'opening-difference': 'off from the start',
  'snapshot-stale': 'snapshot too old',
  'cutoff-time-zone': 'cut-off in the wrong time zone',
  'scope-mismatch': 'extract leaves units out',
  rounding: 'rounding',
  'cost-difference': 'cost differs',
  unexplained: 'not explained',
};

/** The words for a cause; a code that is not known stays as it is. */
export function causeWords(code: string): string {
  return (CAUSE_WORDS as Readonly<Record<string, string>>)[code] ?? code;
}

/** Least confidence for each word, the surest first. Below .5 nothing is called a cause, so the last two are said of hypotheses. */
const CONFIDENCE_WORDS: readonly (readonly [number, string])[] = [
  [1, 'certain'],
  [0.95, 'nearly certain'],
  [0.8, 'likely'],
  [0.65, 'fairly likely'],
  [0.5, 'more likely than not'],
  [0.2, 'possible'],
  [0, 'unlikely'],
];

/** How sure a confidence is, in words: 0.97 is "nearly certain". '' stays ''. */
export function confidenceWords(confidence: string): string {
  if (confidence === '') return '';
  const value = Number(confidence);
  return CONFIDENCE_WORDS.find(([least]) => value >= least)?.[1] ?? '';
}

/** A confidence with two places, cut off and never rounded up: "0.975" is ".97". '' stays ''. */
export function formatConfidence(confidence: string): string {
  const [whole = '', fraction = ''] = confidence.split('.');
  return whole === '' || whole === '1' ? whole : `.${fraction.padEnd(2, '0').slice(0, 2)}`;
}
