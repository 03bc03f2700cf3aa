/**
 * What every decision about one item works on: its keys by number, both ledgers as entries, and the run's settings.
 * Never decides a cause.
 */
import { cutOffOf } from '../compare/ledger-evidence.ts';
import { type Role, UNMAPPED } from '../model/balance.ts';
import { formatScaled } from '../model/decimal.ts';
import { DelayScale } from './align-in-time.ts';
import type { ExplainSettings, ItemEvidence, KeyFacts, KeyName, MessageLine, Posting } from './evidence.ts';
import { type Entry, type EntryPlaces, type Part, type Period, readEntries } from './ledger-entry.ts';
import { MessageBook } from './message-book.ts';
import { shapeOf, type Traits } from './traits.ts';

export class ItemCase {
  readonly evidence: ItemEvidence;
  readonly traits: Traits;
  readonly settings: ExplainSettings;
  /** Keys of the item, those in sync among them as far as postings touch them. */
  readonly keys: KeyName[] = [];
  /** What is known of the keys that are out of sync, by number; undefined for the others. */
  readonly facts: (KeyFacts | undefined)[] = [];
  readonly wms: readonly Entry[];
  readonly erp: readonly Entry[];
  readonly messages: MessageBook;
  /** Of the keys beyond the first COMPARED_MAX. */
  private readonly numbers = new Map<string, number>();
  private scale: DelayScale | undefined;
  private sizes: Map<number, number> | undefined;
  private readonly unmapped: ReadonlyMap<string, number>;

  constructor(evidence: ItemEvidence, traits: Traits, settings: ExplainSettings) {
    this.evidence = evidence;
    this.traits = traits;
    this.settings = settings;
    this.unmapped = new Map(
      traits.systemic.unmappedStatuses.map(({ role, system, status, category }) => [
        statusName(role, system, status),
        category,
      ]),
    );
    for (const facts of evidence.keys) {
      const number = this.numberOf(facts, facts.category);
      this.facts[number] = facts;
    }
    this.wms = this.entriesOf('wms');
    this.erp = this.entriesOf('erp');
    this.messages = new MessageBook(evidence.messages, this.wms, this.erp, settings);
  }

  private numberOf({ site, owner, lot }: Omit<KeyName, 'item' | 'category'>, category: number): number {
    const known = this.findKey({ site, owner, lot, category });
    if (known !== undefined) return known;
    const number = this.keys.length;
    if (number >= COMPARED_MAX) this.numbers.set(nameOf(site, owner, lot, category), number);
    this.keys.push({ site, item: this.evidence.item, owner, lot, category });
    this.facts.push(undefined);
    return number;
  }

  /** Number of the key with another category, lot or site; undefined where nothing is known of it. */
  findKey({ site, owner, lot, category }: Omit<KeyName, 'item'>): number | undefined {
    // Most items have few keys: comparing their names is several times faster than making one more.
    for (let number = 0; number < Math.min(this.keys.length, COMPARED_MAX); number++) {
      const key = this.keys[number] as KeyName;
      if (key.lot === lot && key.category === category && key.site === site && key.owner === owner) return number;
    }
    return this.keys.length <= COMPARED_MAX ? undefined : this.numbers.get(nameOf(site, owner, lot, category));
  }

  private categoryOf(posting: Posting): number {
    if (this.unmapped.size === 0) return posting.category;
    return this.unmapped.get(statusName(posting.role, posting.system, posting.status)) ?? posting.category;
  }

  /** Where the ledger of a side is not given, what the messages say of it stands in its place. */
  private entriesOf(role: Role): Entry[] {
    const { given } = this.settings;
    const isGiven = role === 'wms' ? given.wmsLedger : given.erpLedger;
    const postings = isGiven
      ? this.evidence.postings.filter((posting) => posting.role === role)
      : this.evidence.messages.flatMap((line) => postingOf(line, role)).sort((a, b) => a.postedAt - b.postedAt);
    return readEntries(postings, this.places, !isGiven);
  }

  private get places(): EntryPlaces {
    return {
      keyOf: (posting: Posting): number => {
        const category = this.categoryOf(posting);
        return category === UNMAPPED ? -1 : this.numberOf(posting, category);
      },
      periodOf: (posting: Posting): Period => this.periodOf(posting),
      referenceOf: (posting: Posting): string => this.referenceOf(posting),
    };
  }

  private referenceOf({ role, reference }: Posting): string {
    const { linksByReference, foreignShapes } = this.traits.habits;
    if (!linksByReference) return '';
    return role === 'erp' && foreignShapes.length > 0 && foreignShapes.includes(shapeOf(reference)) ? '' : reference;
  }

  periodOf({ role, site, postedAt }: Posting): Period {
    if (postedAt > cutOffOf(role, site, this.settings.cutOffs)) return 'behind';
    return postedAt > this.openingOf(role, site) ? 'within' : 'before';
  }

  /** Moment of the opening snapshot; −Infinity where there is none. */
  openingOf(role: Role, site: string): number {
    const { openingAt } = this.settings;
    if (openingAt === undefined) return Number.NEGATIVE_INFINITY;
    return role === 'erp' ? openingAt.erp : openingAt.wmsOf(site);
  }

  /** When the evidence of a side begins: at the opening, or where its ledger starts later. */
  beginningOf(role: Role, site: string): number {
    const { replays, ledgersFrom } = this.traits.habits;
    const opening = this.openingOf(role, site);
    return Number.isFinite(opening) && replays[role] ? opening : Math.max(opening, ledgersFrom[role]);
  }

  /** Movements of which only messages from before the beginning of the WMS's ledger tell. */
  toldBefore(): readonly Entry[] {
    if (!this.messages.isGiven || !this.settings.given.wmsLedger) return [];
    const lines = this.evidence.messages.filter(
      ({ sentAt, placed, messageId }) =>
        placed !== undefined &&
        sentAt <= this.beginningOf('wms', placed.site) &&
        !this.messages.isOfMovement(messageId),
    );
    return lines.length === 0
      ? []
      : readEntries(
          lines.flatMap((line) => postingOf(line, 'wms')),
          this.places,
          true,
        );
  }

  keyAt(number: number): KeyName {
    return this.keys[number] as KeyName;
  }

  /** The message of an entry: the one that it names, else the only one of its document; '' where there is none. */
  messageOf({ first }: Entry): string {
    if (first.messageId !== '') return first.messageId;
    const [messageId, ...more] = this.messages.idsOf(first.reference);
    return messageId === undefined || more.length > 0 ? '' : messageId;
  }

  /** The batch of messages that an entry belongs to, where messages name one: of a posting its own, of a movement that of its message. */
  batchOf({ first }: Entry): string {
    if (first.role === 'wms') return this.messages.batchOf(first);
    return first.batch !== '' && this.messages.hasBatch(first.batch) ? first.batch : '';
  }

  /** Whether both sides can call one event so; where the habits do not tell, any two types will do. */
  isOneKind(wmsType: string, erpType: string): boolean {
    const { types } = this.traits.habits;
    return erpType === '' || !Object.hasOwn(types, wmsType) || (types[wmsType]?.includes(erpType) ?? true);
  }

  /** Share of the item's movements that are of a quantity, whatever its sign: how easily two unrelated ones are equal. */
  shareOf(quantity: number): number {
    this.sizes ??= countSizes(this.wms);
    return (this.sizes.get(Math.abs(quantity)) ?? 0) / (this.wms.length + SIZES_PRIOR);
  }

  /** Units in words, without sign. */
  units(quantity: number): string {
    return formatScaled(Math.abs(quantity), this.settings.quantityDecimals);
  }

  /** Units in words with their sign, as people write it: "+12", "−12". */
  signed(quantity: number): string {
    const sign = quantity > 0 ? '+' : quantity < 0 ? '−' : '';
    return `${sign}${this.units(quantity)}`;
  }

  /** Moment that parts the latest snapshot of the ERP from what it could not hold. */
  get erpCutOff(): number {
    return this.settings.cutOffs.erp;
  }

  get lagMs(): number {
    return this.settings.cutOffs.lagOf('');
  }

  /** How much later the ERP usually posts. */
  get delays(): DelayScale {
    this.scale ??= new DelayScale(this.traits.habits.delay, this.lagMs);
    return this.scale;
  }

  /** A posting this long after its movement is still nothing special. */
  get usualDelayMs(): number {
    return Math.max(this.lagMs, this.traits.habits.delay?.high ?? 0);
  }

  /** What the parts of an entry do to the key, 0 where they leave it alone. */
  static on(parts: readonly Part[], key: number): number {
    return parts.find((part) => part.key === key)?.quantity ?? 0;
  }
}

/** Of few movements none is a crowd. */
const SIZES_PRIOR = 10;

function countSizes(entries: readonly Entry[]): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const { parts } of entries) {
    const size = Math.abs((parts[0] as Part).quantity);
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
  }
  return sizes;
}

const COMPARED_MAX = 12;

function nameOf(site: string, owner: string, lot: string, category: number): string {
  return `${site}\u0000${owner}\u0000${lot}\u0000${category}`;
}

function statusName(role: Role, system: string, status: string): string {
  return `${role}\u0000${system}\u0000${status}`;
}

/** The movement that a message tells of; of the ERP only what it is said to have applied. */
function postingOf(line: MessageLine, role: Role): Posting[] {
  const { placed } = line;
  if (placed === undefined || line.fromRole !== 'wms') return [];
  if (role === 'erp' && line.state !== 'applied') return [];
  return [
    {
      ...placed,
      role,
      system: '',
      postedAt: role === 'erp' ? (line.appliedAt ?? line.sentAt) : line.sentAt,
      eventAt: undefined,
      messageId: line.messageId,
      reference: line.reference,
      // Lines of one message that leave the total as it is are the legs of a move.
      movementId: line.messageId,
      status: '',
      type: line.type,
      line: line.line,
      reason: '',
      user: '',
      batch: line.batch,
      source: line.source,
    },
  ];
}
