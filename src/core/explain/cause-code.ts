/** The names of all causes, in the order of the catalogue (docs/root-causes.md). One string in code, files, API and pages. */

export const CAUSE_CODES = [
  'in-flight',
  'message-lost',
  'message-rejected',
  'posted-twice',
  'file-loaded-twice',
  'out-of-order',
  'unit-mismatch',
  'sign-reversed',
  'digits-transposed',
  'decimal-shifted',
  'status-move-missing',
  'status-unmapped',
  'item-cross-posted',
  'item-alias-missing',
  'lot-swapped',
  'site-cross-posted',
  'count-not-sent',
  'count-raced-movement',
  'pick-short',
  'shipment-unconfirmed',
  'receipt-not-posted',
  'return-not-posted',
  'kit-not-posted',
  'manual-erp-adjustment',
  'wms-ledger-break',
  'erp-ledger-break',
  'opening-difference',
  'snapshot-stale',
  'cutoff-time-zone',
  'scope-mismatch',
  'rounding',
  'cost-difference',
  'unexplained',
] as const;

export type CauseCode = (typeof CAUSE_CODES)[number];

/** The side whose books are corrected. `map`: a configuration, nothing is posted. `count`: a count decides. `none`: nothing is done. */
export type CorrectSide = 'erp' | 'wms' | 'map' | 'count' | 'none';
