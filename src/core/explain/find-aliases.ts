/** Decides which two items are one under two codes: each known to one side only, with the same code but for punctuation and leading zeros. */
import { append } from '../compare/ledger-evidence.ts';
import { type Amendment, wholeAmendment } from './amendment.ts';
import type { Leftover } from './leftover.ts';
import { confidenceOf } from './priors.ts';
import { balanceProof } from './proof.ts';
import type { Traits } from './traits.ts';

/** Codes that one side alone uses, and whose leftovers are those of a code that the other side alone uses. */
export function findAliases(leftovers: readonly Leftover[], { resolved }: Traits): Amendment[] {
  const byCode = new Map<string, Leftover[]>();
  for (const leftover of leftovers) {
    if (leftover.kind === 'one-sided') append(byCode, normalCode(leftover.key.item), leftover);
  }
  const confidence = confidenceOf('item-alias-missing', 'reference', resolved);
  return [...byCode.values()].flatMap((keys) => {
    const [wms, erp] = (['wms', 'erp'] as const).map(
      (side) => new Set(keys.filter(({ type }) => type === side).map(({ key }) => key.item)),
    );
    const [[wmsItem, ...moreWms], [erpItem, ...moreErp]] = [[...(wms ?? [])], [...(erp ?? [])]];
    if (wmsItem === undefined || erpItem === undefined || moreWms.length + moreErp.length > 0) return [];
    return keys.map((leftover) =>
      wholeAmendment(
        leftover,
        'item-alias-missing',
        confidence,
        [balanceProof(`the WMS holds it as ${wmsItem}, the ERP as ${erpItem}`)],
        `Add the alias ${wmsItem} of item ${erpItem} to the item map; nothing is posted.`,
      ),
    );
  });
}

/** Upper case, without punctuation, and without the zeros that begin a number: `sku-008` and `SKU8` are alike. */
function normalCode(item: string): string {
  return item
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/(?<!\d)0+(?=\d)/g, '');
}
