/** Decides how a piece of evidence is written down as a proof: which record it is, and what it shows. */
import type { MessageLine, Posting } from './evidence.ts';
import type { Proof } from './explanation.ts';
import type { Entry } from './ledger-entry.ts';
import type { Leftover } from './leftover.ts';

/** A document of many parts is proven by its first ones; the rest is counted. */
const PROOFS_MAX = 6;

export function entryProofs(entries: readonly Entry[], says: string): Proof[] {
  return entries.slice(0, PROOFS_MAX).map((entry, at) => {
    const more = at === PROOFS_MAX - 1 ? entries.length - PROOFS_MAX : 0;
    return entryProof(entry, more > 0 ? `${says} (and ${more} more)` : says);
  });
}

export function entryProof({ first, isFromMessage }: Entry, says: string): Proof {
  return {
    kind: isFromMessage ? 'message' : first.role === 'erp' ? 'erp-movement' : 'wms-movement',
    id: isFromMessage ? first.messageId : first.movementId,
    reference: first.reference,
    source: first.source,
    says,
  };
}

export function postingProof({ role, movementId, reference, source }: Posting, says: string): Proof {
  return { kind: role === 'erp' ? 'erp-movement' : 'wms-movement', id: movementId, reference, source, says };
}

export function messageProof({ messageId, reference, source }: MessageLine, says: string): Proof {
  return { kind: 'message', id: messageId, reference, source, says };
}

export function balanceProof(says: string): Proof {
  return { kind: 'balance', id: '', reference: '', source: undefined, says };
}

/** How a document is called in a sentence: by its reference, else by its movement or message. */
export function nameOf({ first }: Entry): string {
  return (
    first.reference ||
    first.movementId ||
    first.messageId ||
    `the ${first.type || 'movement'} of row ${first.source.row}`
  );
}

export function leftoverProof({ kind, movementId, reference, source }: Leftover, says: string): Proof {
  return { kind: kind === 'extra' ? 'erp-movement' : 'wms-movement', id: movementId, reference, source, says };
}
