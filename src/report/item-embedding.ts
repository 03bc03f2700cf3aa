/**
 * Decides which items a page carries with it, ready to open below their lines: the first ones, until the page would grow
 * too large. Never renders one itself.
 */
import type { ItemPlace, ItemView } from '../contract/item-view.ts';
import type { DiscrepancyLine } from '../contract/run.ts';
import { placeMarkup } from './item-markup.ts';
import { embeddedJson, type Markup } from './markup.ts';

/** 200 places are more than anybody opens; 1.5 MB load in a moment, also on a phone. */
const PLACES_MAX = 200;
const CHARACTERS_MAX = 1_500_000;

/** Places as JSON texts of their markup, and which line opens which: by index of the line. */
export interface EmbeddedItems {
  readonly places: readonly string[];
  readonly lines: ReadonlyMap<number, number>;
}

/** Takes views in their order until the page holds enough. Places without a line among `lines` are left out. */
export function embedItems(views: Iterable<ItemView>, lines: readonly DiscrepancyLine[]): EmbeddedItems {
  const linesOf = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const name = nameOf(line.item, line);
    const known = linesOf.get(name);
    if (known === undefined) linesOf.set(name, [index]);
    else known.push(index);
  }
  const places: string[] = [];
  const placeOf = new Map<number, number>();
  let characters = 0;
  for (const view of views) {
    for (const place of view.places) {
      const wanted = linesOf.get(nameOf(view.item, place));
      if (wanted === undefined) continue;
      const text = markupAsJson(placeMarkup(place, view));
      characters += text.length;
      if (places.length >= PLACES_MAX || characters > CHARACTERS_MAX) return { places, lines: placeOf };
      for (const index of wanted) placeOf.set(index, places.length);
      places.push(text);
    }
  }
  return { places, lines: placeOf };
}

function nameOf(item: string, { site, owner, lot }: Pick<ItemPlace, 'site' | 'owner' | 'lot'>): string {
  return JSON.stringify([item, site, owner, lot]);
}

/**
 * What comes from files has no `<` in it any more (see `html`), so only our own tags are left, and `<\/` is JSON for `</`: no
 * end tag stands in the script element. Escaping each `<` and `>`, as embeddedJson does, would make the page half as large again.
 */
function markupAsJson({ text }: Markup): string {
  return JSON.stringify(text).replaceAll('</', '<\\/');
}

/** As data of the page. Its script makes elements of the markup only where a line is opened. */
export function embeddedItems({ places, lines }: EmbeddedItems): string {
  const opened = embeddedJson(Object.fromEntries(lines));
  return `<script type="application/json" id="items">{"lines":${opened},"places":[${places.join(',\n')}]}</script>`;
}
