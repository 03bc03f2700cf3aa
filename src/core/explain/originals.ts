/** Decides which posting another one repeats: an equal one of the same document, else of the same key shortly before. */
import { append } from '../compare/ledger-evidence.ts';
import type { ItemCase } from './item-case.ts';
import { type Entry, signatureOf } from './ledger-entry.ts';
import type { Extra } from './residual.ts';

/** A repeated posting is made within this time of its original where no document ties them. */
const REPEATED_MS = 2 * 86_400_000;

/** Finds for a posting without a movement the equal one that has it. */
export class Originals {
  private readonly item: ItemCase;
  private bySignature: Map<string, Entry[]> | undefined;

  constructor(item: ItemCase) {
    this.item = item;
  }

  extra(erp: Entry): Extra {
    const { linksByMessage } = this.item.traits.habits;
    this.bySignature ??= this.read();
    const equal = (this.bySignature.get(signatureOf(erp)) ?? []).filter(
      (entry) => entry !== erp && entry.match !== undefined && entry.match.wms.length > 0,
    );
    const { messageId, reference } = erp.first;
    const byMessage =
      linksByMessage && messageId !== '' ? equal.find(({ first }) => first.messageId === messageId) : undefined;
    if (byMessage) return { kind: 'extra', erp, original: byMessage, originalGrade: 'message' };
    const byReference = reference !== '' ? equal.find(({ first }) => first.reference === reference) : undefined;
    if (byReference) return { kind: 'extra', erp, original: byReference, originalGrade: 'reference' };
    const near = equal.findLast(
      (entry) => entry.at <= erp.at && erp.at - entry.at <= REPEATED_MS && this.mayRepeat(entry, erp),
    );
    return { kind: 'extra', erp, original: near, originalGrade: 'time' };
  }

  private mayRepeat({ first, reference }: Entry, repeated: Entry): boolean {
    if (repeated.isTied || first.type !== repeated.first.type) return false;
    return reference === '' || repeated.reference === '';
  }

  private read(): Map<string, Entry[]> {
    const bySignature = new Map<string, Entry[]>();
    for (const entry of this.item.erp) append(bySignature, signatureOf(entry), entry);
    return bySignature;
  }
}
