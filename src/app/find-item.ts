/**
 * Decides which item a person means by what was typed: its code, its code in another case or without leading zeros,
 * another system's code for it, or a part of it. Never guesses between two.
 */
import { editDistance } from '../config/nearest-name.ts';

/** Another code by which one system knows an item. */
export interface ItemAlias {
  readonly system: string;
  readonly alias: string;
  readonly item: string;
}

/** `how`: what ties the text to the item, as the end of a sentence; '' where it is the item's code. `candidates`: what may be meant. */
export type FoundItem =
  | { readonly item: string; readonly how: string }
  | { readonly item: undefined; readonly candidates: readonly string[]; readonly isPart: boolean };

const CANDIDATES_MAX = 5;
/** A shorter part fits too many codes to mean one. */
const PART_LENGTH_MIN = 3;

/** `items`: the codes that the run knows. */
export function findItem(text: string, items: ReadonlySet<string>, aliases: readonly ItemAlias[]): FoundItem {
  const typed = text.trim();
  if (items.has(typed)) return { item: typed, how: '' };
  const upper = typed.toUpperCase();
  const ways: readonly (readonly [string, (item: string) => boolean])[] = [
    ['but for upper and lower case', (item) => item.toUpperCase() === upper],
    ['but for leading zeros', (item) => withoutZeros(item) === withoutZeros(typed)],
  ];
  for (const [how, fits] of ways) {
    const found = only(items, fits);
    if (found !== undefined) return { item: found, how: `the same code ${how}` };
  }
  const named = aliases.filter(({ alias, item }) => alias.toUpperCase() === upper && items.has(item));
  const alias = named[0];
  if (alias !== undefined && named.every(({ item }) => item === alias.item))
    return { item: alias.item, how: `its code in ${alias.system}` };
  if (named.length > 0)
    return { item: undefined, candidates: [...new Set(named.map(({ item }) => item))], isPart: true };
  return findPart(upper, items);
}

function findPart(upper: string, items: ReadonlySet<string>): FoundItem {
  const parts = upper.length < PART_LENGTH_MIN ? [] : [...items].filter((item) => item.toUpperCase().includes(upper));
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return { item: first, how: 'the only code that contains it' };
  if (first !== undefined) return { item: undefined, candidates: parts.sort().slice(0, CANDIDATES_MAX), isPart: true };
  return { item: undefined, candidates: nearest(upper, items), isPart: false };
}

function only(items: ReadonlySet<string>, fits: (item: string) => boolean): string | undefined {
  const found = [...items].filter(fits);
  return found.length === 1 ? found[0] : undefined;
}

const withoutZeros = (code: string): string => code.replace(/^0+(?=.)/, '');

/** The codes that take the fewest changes, if no more than a third of their letters. */
function nearest(upper: string, items: ReadonlySet<string>): string[] {
  const allowed = Math.max(1, Math.floor(upper.length / 3));
  // A code of another length is at least that many letters away; most of them need no comparison.
  return [...items]
    .filter((item) => Math.abs(item.length - upper.length) <= allowed)
    .map((item) => ({ item, distance: editDistance(upper, item.toUpperCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || (a.item < b.item ? -1 : 1))
    .slice(0, CANDIDATES_MAX)
    .map(({ item }) => item);
}
