/** Decides in which order causes are tried: faults of the run, then what is settled by accounts, then documents. The first of equals wins. */
import type { Cause } from '../cause.ts';
import type { CauseCode } from '../cause-code.ts';
import { costDifference } from './cost-difference.ts';
import { countNotSent } from './count-not-sent.ts';
import { countRacedMovement } from './count-raced-movement.ts';
import { cutoffTimeZone } from './cutoff-time-zone.ts';
import { decimalShifted } from './decimal-shifted.ts';
import { digitsTransposed } from './digits-transposed.ts';
import { erpLedgerBreak } from './erp-ledger-break.ts';
import { fileLoadedTwice } from './file-loaded-twice.ts';
import { inFlight } from './in-flight.ts';
import { itemAliasMissing } from './item-alias-missing.ts';
import { itemCrossPosted } from './item-cross-posted.ts';
import { kitNotPosted } from './kit-not-posted.ts';
import { lotSwapped } from './lot-swapped.ts';
import { manualErpAdjustment } from './manual-erp-adjustment.ts';
import { messageLost } from './message-lost.ts';
import { messageRejected } from './message-rejected.ts';
import { openingDifference } from './opening-difference.ts';
import { outOfOrder } from './out-of-order.ts';
import { pickShort } from './pick-short.ts';
import { postedTwice } from './posted-twice.ts';
import { receiptNotPosted } from './receipt-not-posted.ts';
import { returnNotPosted } from './return-not-posted.ts';
import { rounding } from './rounding.ts';
import { scopeMismatch } from './scope-mismatch.ts';
import { shipmentUnconfirmed } from './shipment-unconfirmed.ts';
import { signReversed } from './sign-reversed.ts';
import { siteCrossPosted } from './site-cross-posted.ts';
import { snapshotStale } from './snapshot-stale.ts';
import { statusMoveMissing } from './status-move-missing.ts';
import { statusUnmapped } from './status-unmapped.ts';
import { unexplained } from './unexplained.ts';
import { unitMismatch } from './unit-mismatch.ts';
import { wmsLedgerBreak } from './wms-ledger-break.ts';

export const CAUSES: readonly Cause[] = [
  snapshotStale,
  cutoffTimeZone,
  scopeMismatch,
  statusUnmapped,
  itemAliasMissing,
  inFlight,
  wmsLedgerBreak,
  erpLedgerBreak,
  openingDifference,
  outOfOrder,
  messageRejected,
  messageLost,
  statusMoveMissing,
  fileLoadedTwice,
  postedTwice,
  unitMismatch,
  signReversed,
  decimalShifted,
  digitsTransposed,
  rounding,
  lotSwapped,
  siteCrossPosted,
  itemCrossPosted,
  countRacedMovement,
  countNotSent,
  kitNotPosted,
  returnNotPosted,
  pickShort,
  receiptNotPosted,
  shipmentUnconfirmed,
  manualErpAdjustment,
  costDifference,
  unexplained,
];

const BY_CODE: ReadonlyMap<CauseCode, Cause> = new Map(CAUSES.map((cause) => [cause.code, cause]));

export function causeOf(code: CauseCode): Cause {
  return BY_CODE.get(code) as Cause;
}
