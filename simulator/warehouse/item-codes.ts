/** Decides how the WMS writes an item. Never what the cross-reference says of it. */
import type { Item } from '../catalogue.ts';

/** The code without leading zeros. */
export function bareCode(code: string): string {
  return code.replace(/^0+/, '');
}

/** Without leading zeros where the WMS writes all items so, else an old number where there is one. */
export function wmsCodeOf(item: Item, isBare: boolean): string {
  return isBare ? bareCode(item.code) : item.wmsCode;
}
