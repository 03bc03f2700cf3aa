/**
 * Adds the most expensive lines up by cause and item, for a chart. Decides which items are too small for an area of their own;
 * sums are exact. Never asks for lines.
 */
import type { Group } from './list-rows.ts';

export interface ItemArea {
  /** '' for all items that have no area of their own. */
  readonly item: string;
  readonly description: string;
  readonly value: string;
  readonly size: number;
}

export interface CauseArea {
  readonly cause: string;
  readonly value: string;
  readonly size: number;
  readonly items: readonly ItemArea[];
}

interface ValuedLine {
  readonly cause: string;
  readonly item: string;
  readonly description: string;
  readonly variance_value: string;
}

/** The least share of the whole that an area of its own can be read and hit at. */
const LEAST_SHARE = 0.012;

/** `groups`: all causes with their sums; `lines`: the most expensive lines. Largest first, in both. */
export function treemapData(groups: readonly Group[], lines: readonly ValuedLine[]): CauseArea[] {
  const decimals = groups[0]?.gross_variance_value.split('.')[1]?.length ?? 0;
  const whole = groups.reduce((sum, { gross_variance_value }) => sum + minorOf(gross_variance_value, decimals), 0n);
  const least = Number(whole) * LEAST_SHARE;
  return groups
    .map(({ group, gross_variance_value: value }): CauseArea => {
      const minor = minorOf(value, decimals);
      const items = itemsOf(
        lines.filter(({ cause }) => cause === group),
        decimals,
      ).filter(({ size }) => size >= least);
      const rest = minor - items.reduce((sum, each) => sum + minorOf(each.value, decimals), 0n);
      const others = { item: '', description: '', value: textOf(rest, decimals), size: Number(rest) };
      return { cause: group, value, size: Number(minor), items: others.size > least ? [...items, others] : items };
    })
    .filter(({ size }) => size > 0 && size >= least);
}

function itemsOf(lines: readonly ValuedLine[], decimals: number): ItemArea[] {
  const sums = new Map<string, { description: string; minor: bigint }>();
  for (const { item, description, variance_value: value } of lines) {
    const minor = (sums.get(item)?.minor ?? 0n) + minorOf(value, decimals);
    sums.set(item, { description, minor });
  }
  return [...sums]
    .map(([item, { description, minor }]) => ({
      item,
      description,
      value: textOf(minor, decimals),
      size: Number(minor),
    }))
    .sort((a, b) => b.size - a.size);
}

/** The amount without its sign in the smallest unit; 0 for ''. */
function minorOf(value: string, decimals: number): bigint {
  const [whole = '', part = ''] = value.replace('-', '').split('.');
  return BigInt(`${whole}${part.padEnd(decimals, '0').slice(0, decimals)}` || '0');
}

function textOf(minor: bigint, decimals: number): string {
  const digits = String(minor).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
