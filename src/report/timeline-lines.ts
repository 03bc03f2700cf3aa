/**
 * Decides what each line of an item's timeline says, column by column, on the terminal and on the page alike.
 * Never lays anything out.
 */
import type { CategoryUnits, ItemPlace, TimelineRow } from '../contract/item-view.ts';
import { formatQuantity, formatSigned, isZero, plural } from './figures.ts';
import { type FoldedRows, foldTimeline, type TimelineEntry } from './fold-timeline.ts';
import {
  clockText,
  messageText,
  missingText,
  placeSystems,
  postingTexts,
  shortDay,
  shortTime,
} from './item-wording.ts';

/** One line; every cell may hold several texts, one below the other. */
export interface TimelineLine {
  readonly kind: 'balance' | 'folded' | TimelineRow['state'];
  readonly when: string;
  readonly document: string;
  readonly type: string;
  readonly erp: readonly string[];
  readonly interfaces: readonly string[];
  readonly messages: readonly string[];
  readonly wms: readonly string[];
  /** What the line does to the variance, or for a balance the variance itself; one for each category. */
  readonly effects: readonly TimelineEffect[];
}

/** `numbers`: the contributions that it is proof of. */
export interface TimelineEffect {
  readonly text: string;
  readonly numbers: readonly number[];
}

export interface TimelineLines {
  /** "clock UTC−06:00". */
  readonly clock: string;
  readonly erpTitle: string;
  readonly wmsTitle: string;
  readonly lines: readonly TimelineLine[];
  /** What the reader must know of them, each a sentence. */
  readonly notes: readonly string[];
  readonly isFolded: boolean;
}

const EMPTY = { type: '', erp: [], interfaces: [], messages: [], wms: [], effects: [] } as const;

/** The timeline of a place, with at most `rowsMax` documents of its own; undefined where there is none to tell. */
export function timelineLines(place: ItemPlace, rowsMax: number): TimelineLines | undefined {
  const { timeline } = place;
  if (timeline.rows.length === 0) return undefined;
  const entries: TimelineEntry[] =
    rowsMax === Number.POSITIVE_INFINITY ? timeline.rows.map((row) => ({ row })) : foldTimeline(timeline.rows, rowsMax);
  const writer = new LineWriter(place);
  const clock = clockText(timeline.wms_cut_off);
  return {
    clock: `clock ${clock === 'UTC' ? clock : `UTC${clock}`}`,
    erpTitle: placeSystems(place, 'erp'),
    wmsTitle: placeSystems(place, 'wms'),
    lines: [...writer.opening(), ...entries.map((entry) => writer.entry(entry)), ...writer.closing()],
    notes: notesOf(place),
    isFolded: entries.some((entry) => 'folded' in entry),
  };
}

function notesOf({ timeline }: ItemPlace): string[] {
  const { given, rows, before, opening_at } = timeline;
  const notes: string[] = [];
  const missing = [given.erp_ledger ? '' : 'the ERP', given.wms_ledger ? '' : 'the WMS'].filter((side) => side !== '');
  if (missing.length > 0)
    notes.push(`No movements of ${missing.join(' and ')} were given: documents cannot be held against each other.`);
  if (opening_at === '' && before.length > 0)
    notes.push('“Before”: the variance that was there when these movements begin.');
  const guesses = rows.filter(({ matched_by }) => matched_by === 'amount').length;
  if (guesses > 0)
    notes.push(`${plural(guesses, 'document')} ${guesses === 1 ? 'is' : 'are'} put together by amount and time alone.`);
  const sums = rows.filter(({ matched_by }) => matched_by === 'sum').length;
  if (sums > 0) notes.push(`${plural(sums, 'document')} agree in sum only: one side posts several at once.`);
  return notes;
}

class LineWriter {
  private readonly place: ItemPlace;
  private readonly year: string;
  /** Categories that are off, or that a row moves. */
  private readonly categories: ReadonlySet<string>;
  /** Of each contribution, by its number. */
  private readonly categoryOf: ReadonlyMap<number, string>;

  constructor(place: ItemPlace) {
    this.place = place;
    this.year = place.timeline.wms_cut_off.slice(0, 4);
    const { rows, before, unaccounted } = place.timeline;
    const off = place.keys.filter((key) => !isZero(key.variance_quantity));
    const moved = [...rows.flatMap(({ effects }) => effects), ...before, ...unaccounted, ...off];
    const all = moved.length > 0 ? moved : place.keys;
    this.categories = new Set(all.map(({ category }) => category));
    this.categoryOf = new Map(
      place.keys.flatMap(({ category, contributions }) =>
        contributions.map(({ number }) => [number, category] as const),
      ),
    );
  }

  /** The number of a contribution stands beside its category; of one that the row does not move, beside the first. */
  private effects(effects: readonly CategoryUnits[], numbers: readonly number[] = []): TimelineEffect[] {
    if (effects.length === 0) return numbers.length === 0 ? [] : [{ text: '', numbers }];
    const moved = effects.map(({ category }) => category);
    const placeOf = (number: number): number => Math.max(0, moved.indexOf(this.categoryOf.get(number) ?? ''));
    return effects.map(({ category, quantity }, index) => ({
      text: `${formatSigned(quantity)}${this.categories.size > 1 ? ` ${category}` : ''}`,
      numbers: numbers.filter((number) => placeOf(number) === index),
    }));
  }

  private held(
    units: readonly { readonly category: string; readonly quantity: string }[],
    write: (quantity: string) => string,
  ): string[] {
    const name = (category: string): string => (this.categories.size > 1 ? ` ${category}` : '');
    return units
      .filter(({ category }) => this.categories.has(category))
      .map(({ category, quantity }) => `${write(quantity)}${name(category)}`);
  }

  opening(): TimelineLine[] {
    const { opening_at, opening_erp, opening_wms, before } = this.place.timeline;
    const effects = this.effects(before);
    const line = { ...EMPTY, kind: 'balance', effects } as const;
    if (opening_at === '') return effects.length === 0 ? [] : [{ ...line, when: '', document: 'before' }];
    return [
      {
        ...line,
        when: shortTime(opening_at, this.year),
        document: 'opening',
        erp: this.held(opening_erp, formatQuantity),
        wms: this.held(opening_wms, formatQuantity),
        effects: effects.length === 0 ? [{ text: '0', numbers: [] }] : effects,
      },
    ];
  }

  closing(): TimelineLine[] {
    const { unaccounted, erp_cut_off, wms_cut_off } = this.place.timeline;
    const held = (of: 'erp_quantity' | 'wms_quantity' | 'variance_quantity'): string[] =>
      this.held(
        this.place.keys.map((key) => ({ category: key.category, quantity: key[of] })),
        of === 'variance_quantity' ? formatSigned : formatQuantity,
      );
    const line = { ...EMPTY, kind: 'balance' } as const;
    const lost = this.effects(unaccounted);
    const erp = { when: shortTime(erp_cut_off, this.year), erp: held('erp_quantity') };
    const wms = {
      when: shortTime(wms_cut_off, this.year),
      wms: held('wms_quantity'),
      effects: held('variance_quantity').map((text) => ({ text, numbers: [] })),
    };
    return [
      ...(lost.length === 0 ? [] : [{ ...line, when: '', document: 'no movement', effects: lost }]),
      ...(erp_cut_off === wms_cut_off
        ? [{ ...line, ...erp, ...wms, document: 'cut-off' }]
        : [
            { ...line, ...erp, document: 'ERP cut-off' },
            { ...line, ...wms, document: 'WMS cut-off' },
          ]),
    ];
  }

  entry(entry: TimelineEntry): TimelineLine {
    return 'folded' in entry ? this.folded(entry.folded) : this.row(entry.row);
  }

  private folded({ agreeing, differing, from, to, erp, wms }: FoldedRows): TimelineLine {
    const [first, last] = [shortDay(from, this.year), shortDay(to, this.year)];
    const [day = '', ...rest] = first.split(' ');
    const isSameMonth = last.endsWith(rest.join(' '));
    const { given } = this.place.timeline;
    return {
      ...EMPTY,
      kind: 'folded',
      when: first === last ? first : `${isSameMonth ? day : first}–${last}`,
      document: [agreeing > 0 ? `${agreeing} agree` : '', differing > 0 ? `${differing} differ` : '']
        .filter((text) => text !== '')
        .join(', '),
      erp: given.erp_ledger ? [formatSigned(erp)] : [],
      wms: given.wms_ledger ? [formatSigned(wms)] : [],
    };
  }

  private row(row: TimelineRow): TimelineLine {
    const { given } = this.place.timeline;
    const side = (role: 'erp' | 'wms'): string[] => {
      const texts = postingTexts(row[role]);
      return texts.length > 0 ? texts : [missingText(row, role === 'erp' ? given.erp_ledger : given.wms_ledger)];
    };
    return {
      kind: row.state,
      when: shortTime(row.at, this.year),
      document: row.document,
      type: row.type,
      erp: side('erp'),
      interfaces: row.messages.map((message) => message.interface),
      messages: row.messages.map(messageText),
      wms: side('wms'),
      effects: this.effects(row.effects, row.contributions),
    };
  }
}
