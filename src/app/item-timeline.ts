/**
 * Decides which postings of both ledgers and which messages are one document, and by how much each document moves the
 * variance of a place. Never decides a cause: contributions name their rows.
 */
import type {
  CategoryUnits,
  ItemTimeline,
  TimelineMessage,
  TimelinePosting,
  TimelineRow,
} from '../contract/item-view.ts';
import { append, type CutOffs, cutOffOf } from '../core/compare/ledger-evidence.ts';
import { Pairing } from '../core/compare/pair-postings.ts';
import type { CauseCode } from '../core/explain/cause-code.ts';
import type { MessageLine, Posting, RowSource } from '../core/explain/evidence.ts';
import type { Contribution } from '../core/explain/explanation.ts';
import { UNMAPPED } from '../core/model/balance.ts';
import { formatScaled } from '../core/model/decimal.ts';
import { clockOf, isAt, isoAt, type KeptItem, type PlaceName } from './kept-item.ts';

/** Postings that no document ties are put on one row where they are this near: a day, as interfaces that post overnight. */
const NEAR_MS = 86_400_000;

/** Scaled units by index of the category. */
type Units = Map<number, number>;

/** The numbers under which the contributions of a place are shown. */
export type ContributionNumbers = ReadonlyMap<Contribution, number>;

/** The timeline of one place. `closing`: the variance of each category that the place holds, scaled. */
export function buildTimeline(
  kept: KeptItem,
  place: PlaceName,
  closing: Units,
  numbers: ContributionNumbers,
): ItemTimeline {
  const cutOffs = cutOffsAt(kept, place.site);
  const postings = kept.postings.filter((posting) => isAt(place, posting));
  const messages = messagesAt(kept, place, postings);
  const { erpLedger, wmsLedger } = kept.given;
  const documents = documentsOf(postings, messages, cutOffs).map(
    (rows) => new Document(rows, cutOffs, erpLedger && wmsLedger),
  );
  const named = namedRows(kept, numbers);
  markSums(documents, named);
  const moved = sumUnits(documents.map(({ effects }) => effects));
  const before = openingVariance(kept, place) ?? minus(closing, moved);
  const unaccounted = minus(minus(closing, before), moved);
  const clock = clockOf(kept, place.site);
  const writer = new TimelineWriter(kept, clock);
  const isTold = erpLedger && wmsLedger;
  return {
    given: { erp_ledger: erpLedger, wms_ledger: wmsLedger, messages: kept.given.messages },
    opening_at: kept.openings?.at.wms[place.site] ?? kept.openings?.at.erp ?? '',
    opening_erp: writer.units(openingUnits(kept, place, 'erp')),
    opening_wms: writer.units(openingUnits(kept, place, 'wms')),
    before: isTold ? writer.units(before) : [],
    rows: documents.sort((a, b) => a.at - b.at).map((document) => writer.row(document, named)),
    unaccounted: isTold ? writer.units(unaccounted) : [],
    erp_cut_off: isoAt(cutOffs.erp, clock),
    wms_cut_off: isoAt(cutOffs.wmsOf(place.site), clock),
  };
}

function cutOffsAt(kept: KeptItem, site: string): CutOffs {
  const erp = Date.parse(kept.cutOffs.erp);
  const wms = Date.parse(kept.cutOffs.wms[site] ?? kept.cutOffs.erp);
  return { erp, wmsOf: () => wms, lagOf: () => NEAR_MS };
}

/** Messages that name the place, or a document of it. What names neither is told once, at the item's first place. */
function messagesAt(kept: KeptItem, place: PlaceName, postings: readonly Posting[]): MessageLine[] {
  const here = new Set(postings.flatMap(linksOf));
  const anywhere = new Set(kept.postings.flatMap(linksOf));
  const first = kept.keys[0]?.line ?? kept.balances[0];
  const isFirst = first !== undefined && isAt(place, first);
  return kept.messages.filter((message) => {
    if (message.placed !== undefined) return isAt(place, message.placed);
    const links = linksOf(message);
    return links.some((link) => here.has(link)) || (isFirst && !links.some((link) => anywhere.has(link)));
  });
}

/** What ties rows to one document. All rows are of one item, so that its code needs not be among them. */
function linksOf({ reference, messageId }: { readonly reference: string; readonly messageId: string }): string[] {
  return [
    ...(reference === '' ? [] : [`reference ${reference}`]),
    ...(messageId === '' ? [] : [`message ${messageId}`]),
  ];
}

interface DocumentRows {
  readonly postings: Posting[];
  readonly messages: MessageLine[];
  isGuess: boolean;
}

/** Rows joined by their links; then what no link ties, by key, quantity and time. */
function documentsOf(postings: readonly Posting[], messages: readonly MessageLine[], cutOffs: CutOffs): DocumentRows[] {
  const groups = new Groups();
  for (const posting of postings) {
    // Both legs of a status move carry one movement id.
    const move = posting.movementId === '' ? [] : [`${posting.role} movement ${posting.movementId}`];
    groups.join([rowName(posting.source), ...linksOf(posting), ...move]);
  }
  for (const message of messages) groups.join([rowName(message.source), ...linksOf(message)]);
  const guesses = new Set<string>();
  for (const { erp, wms, isGuess } of new Pairing(postings, cutOffs).settled) {
    if (!isGuess) continue;
    const names = [...erp, ...wms].map((movement) => rowName((movement as Posting).source));
    groups.join(names);
    for (const name of names) guesses.add(name);
  }
  const documents = new Map<string, DocumentRows>();
  const documentOf = (source: RowSource): DocumentRows => {
    const name = groups.find(rowName(source));
    const document = documents.get(name) ?? { postings: [], messages: [], isGuess: false };
    documents.set(name, document);
    if (guesses.has(rowName(source))) document.isGuess = true;
    return document;
  };
  for (const posting of postings) documentOf(posting.source).postings.push(posting);
  for (const message of messages) documentOf(message.source).messages.push(message);
  return [...documents.values()];
}

function rowName({ file, row }: RowSource): string {
  return `row ${row} ${file}`;
}

/** Names that belong together, whatever the order in which that becomes known. */
class Groups {
  private readonly parents = new Map<string, string>();

  find(name: string): string {
    let root = name;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
    // Whoever asks again has one step to go.
    if (root !== name) this.parents.set(name, root);
    return root;
  }

  join([first = '', ...others]: readonly string[]): void {
    for (const other of others) {
      const [root, joined] = [this.find(first), this.find(other)];
      if (root !== joined) this.parents.set(joined, root);
    }
  }
}

/** One document with what it does to the variance. */
class Document {
  readonly erp: readonly Posting[];
  readonly wms: readonly Posting[];
  readonly messages: readonly MessageLine[];
  readonly isGuess: boolean;
  /** Empty where a ledger is missing: then no side can be held against the other. */
  readonly effects: Units;
  readonly at: number;
  private readonly cutOffs: CutOffs;
  private readonly isTold: boolean;
  /** Whether it has no partner of its own, but adds up to 0 with others that have none. */
  isInSum = false;

  constructor({ postings, messages, isGuess }: DocumentRows, cutOffs: CutOffs, isTold: boolean) {
    this.erp = postings.filter(({ role }) => role === 'erp');
    this.wms = postings.filter(({ role }) => role === 'wms');
    this.messages = messages;
    this.isGuess = isGuess;
    this.cutOffs = cutOffs;
    this.isTold = isTold;
    const counted = isTold ? postings.filter((posting) => !this.isAfterCutOff(posting)) : [];
    this.effects = sumUnits(
      counted.map(({ role, category, quantity }) => unitsOf(category, role === 'wms' ? quantity : -quantity)),
    );
    this.at = [...postings.map(({ postedAt }) => postedAt), ...messages.map(({ sentAt }) => sentAt)].reduce((a, b) =>
      Math.min(a, b),
    );
  }

  isAfterCutOff(posting: Posting): boolean {
    return posting.postedAt > cutOffOf(posting.role, posting.site, this.cutOffs);
  }

  /** The contributions whose proof it is. */
  naming(named: NamedRows): readonly Naming[] {
    return [...this.erp, ...this.wms, ...this.messages].flatMap(({ source }) => named.get(rowName(source)) ?? []);
  }

  state(named: NamedRows): TimelineRow['state'] {
    if (this.naming(named).length > 0) return 'named';
    if (this.erp.length + this.wms.length === 0) return 'message-only';
    return (this.effects.size === 0 && this.isTold) || this.isInSum ? 'matched' : 'unmatched';
  }

  get matchedBy(): TimelineRow['matched_by'] {
    if (this.isInSum) return 'sum';
    if (this.erp.length === 0 || this.wms.length === 0) return '';
    if (!this.isGuess) return 'document';
    // One posting for several movements that nothing but their sum ties to it.
    return this.erp.length + this.wms.length > 2 ? 'sum' : 'amount';
  }
}

/** A contribution that names a row as its proof. `number` is undefined where it is one of another place. */
interface Naming {
  readonly cause: CauseCode;
  readonly number: number | undefined;
}

type NamedRows = ReadonlyMap<string, readonly Naming[]>;

/** Rows of the files that contributions name, at any place: a posting to the wrong site is proof at both. */
function namedRows(kept: KeptItem, numbers: ContributionNumbers): NamedRows {
  const named = new Map<string, Naming[]>();
  for (const contribution of kept.keys.flatMap(({ explanation }) => explanation.contributions)) {
    const naming = { cause: contribution.cause, number: numbers.get(contribution) };
    for (const { source } of contribution.proofs) if (source !== undefined) append(named, rowName(source), naming);
  }
  return named;
}

/** An ERP that posts once an hour has no partner for any single movement; where all of them add up to 0, they are in order. */
function markSums(documents: readonly Document[], named: NamedRows): void {
  const open = documents.filter((document) => document.state(named) === 'unmatched' && document.effects.size > 0);
  const isBothSided = open.some(({ erp }) => erp.length > 0) && open.some(({ wms }) => wms.length > 0);
  if (!isBothSided || sumUnits(open.map(({ effects }) => effects)).size > 0) return;
  for (const document of open) document.isInSum = true;
}

function openingUnits({ openings }: KeptItem, place: PlaceName, role: 'erp' | 'wms'): Units {
  const held = openings?.balances.filter((balance) => balance.role === role && isAt(place, balance)) ?? [];
  return sumUnits(held.map(({ category, quantity }) => unitsOf(category, quantity)));
}

function openingVariance(kept: KeptItem, place: PlaceName): Units | undefined {
  if (kept.openings === undefined) return undefined;
  return minus(openingUnits(kept, place, 'wms'), openingUnits(kept, place, 'erp'));
}

/** What stands in a status without a category is part of no variance. */
function unitsOf(category: number, quantity: number): Units {
  return category === UNMAPPED ? new Map() : new Map([[category, quantity]]);
}

/** Categories that add up to 0 are left out. */
function sumUnits(all: Iterable<Units>): Units {
  const sum: Units = new Map();
  for (const units of all) {
    for (const [category, quantity] of units) sum.set(category, (sum.get(category) ?? 0) + quantity);
  }
  for (const [category, quantity] of sum) if (quantity === 0) sum.delete(category);
  return sum;
}

function minus(units: Units, less: Units): Units {
  return sumUnits([units, new Map([...less].map(([category, quantity]) => [category, -quantity]))]);
}

/** Writes documents as text. */
class TimelineWriter {
  private readonly kept: KeptItem;
  private readonly clock: string;

  constructor(kept: KeptItem, clock: string) {
    this.kept = kept;
    this.clock = clock;
  }

  units(units: Units): CategoryUnits[] {
    return [...units]
      .sort(([a], [b]) => a - b)
      .map(([category, quantity]) => ({ category: this.category(category), quantity: this.quantity(quantity) }));
  }

  row(document: Document, named: NamedRows): TimelineRow {
    const { erp, wms, messages } = document;
    // The warehouse knows best what happened to the goods.
    const first = wms[0] ?? erp[0] ?? messages[0];
    const rows = [...wms, ...erp, ...messages];
    const naming = document.naming(named);
    const reference = rows.find((row) => row.reference !== '')?.reference;
    return {
      state: document.state(named),
      at: isoAt(document.at, this.clock),
      document: reference ?? rows.find((row) => row.messageId !== '')?.messageId ?? '',
      type: first?.type ?? '',
      matched_by: document.matchedBy,
      erp: erp.map((posting) => this.posting(posting, document)),
      wms: wms.map((posting) => this.posting(posting, document)),
      messages: messages.map((message) => this.message(message)),
      effects: this.units(document.effects),
      contributions: [...new Set(naming.flatMap(({ number }) => number ?? []))].sort((a, b) => a - b),
      causes: [...new Set(naming.map(({ cause }) => cause))],
    };
  }

  private posting(posting: Posting, document: Document): TimelinePosting {
    return {
      at: isoAt(posting.postedAt, this.clock),
      movement_id: posting.movementId,
      type: posting.type,
      status: posting.status,
      category: this.category(posting.category),
      quantity: this.quantity(posting.quantity),
      user: posting.user,
      after_cut_off: document.isAfterCutOff(posting),
      file: posting.source.file,
      row: posting.source.row,
    };
  }

  private message(message: MessageLine): TimelineMessage {
    return {
      at: isoAt(message.sentAt, this.clock),
      message_id: message.messageId,
      interface: message.interfaceName,
      state: message.state,
      error: message.error,
      quantity: message.placed === undefined ? '' : this.quantity(message.placed.quantity),
      file: message.source.file,
      row: message.source.row,
    };
  }

  /** '' for a status without a category. */
  private category(index: number): string {
    return this.kept.categories[index] ?? '';
  }

  private quantity(scaled: number): string {
    return formatScaled(scaled, this.kept.quantityDecimals);
  }
}
