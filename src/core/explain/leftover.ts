/** Decides which documents of an item another item may explain: a movement here that was posted there, or kits. Plain data, and little of it. */
import type { Role } from '../model/balance.ts';
import type { CauseCode } from './cause-code.ts';
import type { KeyName, RowSource } from './evidence.ts';
import type { ItemCase } from './item-case.ts';
import type { Entry } from './ledger-entry.ts';
import { effectOf, erpOf, type Residual, wmsOf } from './residual.ts';

export interface Leftover {
  readonly key: KeyName;
  /** `one-sided`: a key of an item that only one side knows. */
  readonly kind: 'missing' | 'extra' | 'one-sided';
  /** What it adds to the variance of the key. */
  readonly quantity: number;
  readonly cause: CauseCode;
  readonly confidence: number;
  readonly document: string;
  readonly movementId: string;
  readonly messageId: string;
  readonly reference: string;
  readonly type: string;
  readonly batch: string;
  readonly user: string;
  readonly interfaceName: string;
  readonly at: number;
  /** When the posting that it repeats was made. */
  readonly originalAt: number | undefined;
  readonly source: RowSource;
}

/** The cause that a document is called by, and how sure that is. */
interface Call {
  readonly cause: { readonly code: CauseCode };
  readonly confidence: number;
}

/** One for each key that the document changes; none for what no other item can explain. */
export function leftoverOf(residual: Residual, best: Call | undefined, item: ItemCase): Leftover[] {
  if (residual.kind === 'altered') return [];
  if (residual.kind === 'missing' && (residual.verdict?.fate === 'rejected' || residual.verdict?.fate === 'pending'))
    return [];
  const entry = (wmsOf(residual)[0] ?? erpOf(residual)[0]) as Entry;
  const { first, at } = entry;
  return effectOf(residual).map(({ key, quantity }) => ({
    key: item.keyAt(key),
    kind: residual.kind,
    quantity,
    cause: best?.cause.code ?? 'unexplained',
    confidence: best?.confidence ?? 0,
    document: first.reference || first.messageId || first.movementId,
    movementId: first.movementId,
    messageId: first.messageId,
    reference: entry.reference,
    type: first.type,
    batch: batchOf(residual, item),
    // In time alone the posting that it repeats is any equal one.
    originalAt: residual.kind === 'extra' && residual.originalGrade !== 'time' ? residual.original?.at : undefined,
    user: first.user,
    interfaceName: '',
    at,
    source: first.source,
  }));
}

/** The file or batch of a posting: its own, else that of its message, else that of the posting which it repeats. */
function batchOf(residual: Residual, item: ItemCase): string {
  const { first } = (erpOf(residual)[0] ?? wmsOf(residual)[0]) as Entry;
  if (first.batch !== '' || residual.kind !== 'extra') return first.batch;
  const original = residual.original?.first;
  return (
    item.messages.batchOf(first) || (original === undefined ? '' : item.messages.batchOf(original) || original.batch)
  );
}

/** The keys of an item that one side does not know at all: neither a balance nor a movement. */
export function oneSidedOf(item: ItemCase): Leftover[] {
  const { keys } = item.evidence;
  const isUnknownTo = (role: Role): boolean =>
    keys.every((key) => !(role === 'erp' ? key.erpPresent : key.wmsPresent)) && item[role].length === 0;
  if (isUnknownTo('erp') === isUnknownTo('wms')) return [];
  const kind = isUnknownTo('erp') ? 'wms' : 'erp';
  return keys.map(({ site, item: code, owner, lot, category, wms, erp }) => ({
    key: { site, item: code, owner, lot, category },
    kind: 'one-sided',
    quantity: kind === 'wms' ? wms : -erp,
    cause: 'unexplained',
    confidence: 0,
    ...{
      document: '',
      movementId: '',
      messageId: '',
      reference: '',
      type: kind,
      batch: '',
      user: '',
      interfaceName: '',
    },
    at: 0,
    originalAt: undefined,
    source: { file: '', row: 0 },
  }));
}
