/**
 * Decides which interface message told the ERP of a WMS movement, and what became of it. Never guesses a state, and never
 * hands one message to two movements that name messages of their own.
 */
import { append, CLOCK_SLACK_MS } from '../compare/ledger-evidence.ts';
import type { ExplainSettings, MessageLine, Posting } from './evidence.ts';
import type { Entry } from './ledger-entry.ts';
import { MOVEMENT_TYPES } from './movement-type.ts';

/** `pending`: young enough to be on its way. `lost`: past the allowed lag. `applied`: the receiver says that it posted it. */
export type Fate = 'pending' | 'lost' | 'rejected' | 'partial' | 'applied';

export interface Verdict {
  readonly fate: Fate;
  /** The line that decides it, and all lines of the message with its resends in the order of time. */
  readonly line: MessageLine;
  readonly lines: readonly MessageLine[];
  /** Whether only item, type and time tie the message to the movement. */
  readonly isLoose: boolean;
}

/** A message may be made this much after its movement where nothing but key and quantity tie them. */
const DELAY_MAX_MS = 6 * 3_600_000;
/** Summaries are made at least this often. */
const SUMMARY_MAX_MS = 2 * 3_600_000;

export class MessageBook {
  private readonly lines: readonly MessageLine[];
  private readonly wms: readonly Entry[];
  private readonly erp: readonly Entry[];
  private readonly settings: ExplainSettings;
  private index: Index | undefined;
  private readonly verdicts = new Map<Entry, Verdict | undefined>();

  constructor(lines: readonly MessageLine[], wms: readonly Entry[], erp: readonly Entry[], settings: ExplainSettings) {
    this.lines = lines;
    this.wms = wms;
    this.erp = erp;
    this.settings = settings;
  }

  /** Message ids that lines give to a document of the WMS. */
  idsOf(reference: string): readonly string[] {
    return reference === ''
      ? []
      : [
          ...new Set(
            this.read()
              .byReference.get(reference)
              ?.map((line) => line.messageId),
          ),
        ];
  }

  /** The batch in which a message of a movement was sent, by its number, else by its document; '' where there is none. */
  batchOf({ messageId, reference }: Pick<Posting, 'messageId' | 'reference'>): string {
    if (this.lines.length === 0) return '';
    return this.linesOfDocument({ messageId, reference }).find(({ batch }) => batch !== '')?.batch ?? '';
  }

  /** Whether a movement in the WMS's ledger names the message or its document. */
  isOfMovement(messageId: string): boolean {
    return this.read().isNumbered(messageId);
  }

  get isGiven(): boolean {
    return this.lines.length > 0;
  }

  get hasBatches(): boolean {
    return this.lines.length > 0 && this.read().batches.size > 0;
  }

  hasBatch(batch: string): boolean {
    return this.lines.length > 0 && this.read().batches.has(batch);
  }

  /** Lines of the message that a record names, else of its document. */
  linesOfDocument({ messageId, reference }: Pick<Posting, 'messageId' | 'reference'>): readonly MessageLine[] {
    if (this.lines.length === 0) return [];
    const { byId, byReference } = this.read();
    return byId.get(messageId) ?? (reference === '' ? [] : (byReference.get(reference) ?? []));
  }

  /** What became of the message of a WMS movement; undefined where none is known. */
  verdictOf(entry: Entry): Verdict | undefined {
    if (this.lines.length === 0) return undefined;
    if (this.verdicts.has(entry)) return this.verdicts.get(entry);
    const lines = this.find(entry);
    const verdict = lines.length === 0 ? undefined : this.judge(lines);
    this.verdicts.set(entry, verdict);
    return verdict;
  }

  private read(): Index {
    this.index ??= new Index(this.lines, this.wms, this.erp);
    return this.index;
  }

  private find(entry: Entry): readonly MessageLine[] {
    const index = this.read();
    const { messageId, reference } = entry.first;
    const own = index.byId.get(messageId);
    const found = messageId !== '' && own !== undefined ? linesFor(own, entry) : this.findFree(entry);
    const [first] = found;
    if (first === undefined || first.reference === '') return found;
    const resends = (index.byReference.get(reference === '' ? first.reference : reference) ?? []).filter(
      (line) =>
        line.messageId !== first.messageId &&
        line.sentAt >= first.sentAt &&
        isOfQuantity(line, entry) &&
        isOfType(line, entry) &&
        !index.isOwned(line, entry),
    );
    return resends.length === 0 ? found : [...found, ...resends].sort((a, b) => a.sentAt - b.sentAt);
  }

  /** A message that no other movement owns: of the document, else of the key and quantity shortly after. */
  private findFree(entry: Entry): readonly MessageLine[] {
    const index = this.read();
    const soonest = entry.at - CLOCK_SLACK_MS;
    const { reference } = entry.first;
    const ofDocument = reference === '' ? [] : (index.byReference.get(reference) ?? []);
    const free = ofDocument.filter(
      (line) => line.sentAt >= soonest && isOfType(line, entry) && !index.isOwned(line, entry),
    );
    const fitting = free.filter((line) => isOfQuantity(line, entry));
    const [nearest] = fitting.length > 0 ? fitting : free;
    if (nearest !== undefined)
      return (fitting.length > 0 ? fitting : free).filter((line) => line.messageId === nearest.messageId);
    if (entry.first.messageId !== '') return [];
    const near = index.loose.filter(
      (line) =>
        line.sentAt >= soonest &&
        line.sentAt <= entry.at + Math.max(DELAY_MAX_MS, this.settings.cutOffs.lagOf(line.interfaceName)) &&
        !index.taken.has(line.messageId),
    );
    const exact = near.find((line) => isOfPlace(line, entry));
    if (exact !== undefined) {
      index.taken.add(exact.messageId);
      return [exact];
    }
    // A summary names the item and the type only; one that was applied may be any other movement's.
    const summary = near.find(
      ({ placed, type, item, state, appliedAt }) =>
        placed === undefined &&
        item !== '' &&
        type !== '' &&
        type === entry.first.type &&
        state !== 'applied' &&
        appliedAt === undefined,
    );
    return summary === undefined || summary.sentAt - entry.at > SUMMARY_MAX_MS ? [] : [summary];
  }

  private judge(lines: readonly MessageLine[]): Verdict {
    const { cutOffs } = this.settings;
    const isLoose = lines.every(({ placed, messageId }) => placed === undefined && !this.read().isNumbered(messageId));
    const applied = lines.find(
      ({ state, appliedAt }) => state === 'applied' || (appliedAt !== undefined && !ENDED.has(state)),
    );
    if (applied !== undefined) {
      const isBehind = (applied.appliedAt ?? applied.sentAt) > cutOffs.erp;
      return { fate: isBehind ? 'pending' : 'applied', line: applied, lines, isLoose };
    }
    const line = lines.at(-1) as MessageLine;
    if (REJECTED.has(line.state)) return { fate: 'rejected', line, lines, isLoose };
    if (line.state === 'partial') return { fate: 'partial', line, lines, isLoose };
    const isYoung = line.state !== 'superseded' && cutOffs.erp - line.sentAt <= cutOffs.lagOf(line.interfaceName);
    return { fate: isYoung ? 'pending' : 'lost', line, lines, isLoose };
  }
}

const REJECTED: ReadonlySet<string> = new Set(['rejected', 'failed', 'abandoned']);
const ENDED: ReadonlySet<string> = new Set([...REJECTED, 'superseded']);

class Index {
  readonly byId = new Map<string, MessageLine[]>();
  readonly byReference = new Map<string, MessageLine[]>();
  /** Lines that share neither a number nor a document with any movement. */
  readonly loose: MessageLine[] = [];
  readonly taken = new Set<string>();
  readonly batches = new Set<string>();
  /** The movement that names a message, or whose posting does. */
  readonly owners = new Map<string, Entry>();
  /** Documents of the WMS's ledger. */
  readonly references = new Set<string>();

  constructor(lines: readonly MessageLine[], wms: readonly Entry[], erp: readonly Entry[]) {
    for (const entry of wms) {
      if (entry.first.messageId !== '') this.owners.set(entry.first.messageId, entry);
      if (entry.first.reference !== '') this.references.add(entry.first.reference);
    }
    for (const { first, match } of erp) {
      const [owner] = match?.wms ?? [];
      if (first.messageId !== '' && owner !== undefined && !this.owners.has(first.messageId))
        this.owners.set(first.messageId, owner);
    }
    for (const line of lines) {
      if (line.fromRole !== 'wms') continue;
      append(this.byId, line.messageId, line);
      if (line.batch !== '') this.batches.add(line.batch);
      if (line.reference !== '') append(this.byReference, line.reference, line);
      if (!this.references.has(line.reference) && !this.owners.has(line.messageId)) this.loose.push(line);
    }
  }

  /** Whether a movement or its posting names a message, or the message its document. */
  isNumbered(messageId: string): boolean {
    const lines = this.byId.get(messageId) ?? [];
    return this.owners.has(messageId) || lines.some(({ reference }) => this.references.has(reference));
  }

  isOwned(line: MessageLine, entry: Entry): boolean {
    const owner = this.owners.get(line.messageId);
    return owner !== undefined && owner !== entry;
  }
}

/** The lines of a message that speak of the movement: of its line, else of its quantity, else all. */
function linesFor(lines: readonly MessageLine[], entry: Entry): readonly MessageLine[] {
  if (lines.length === 1) return lines;
  const { line } = entry.first;
  const ofLine = lines.filter((one) => line !== '' && one.line === line && isOfQuantity(one, entry));
  if (ofLine.length > 0) return ofLine;
  const ofQuantity = lines.filter((one) => one.placed !== undefined && isOfQuantity(one, entry));
  return ofQuantity.length > 0 ? ofQuantity : lines;
}

/** One document may be received, moved and shipped: where both name a type, it is the same. */
function isOfType({ type }: MessageLine, { first }: Entry): boolean {
  if (type === '' || first.type === '' || !MOVEMENT_TYPES.has(type)) return true;
  return type === first.type || (type.startsWith('kit-') && first.type.startsWith('kit-'));
}

function isOfQuantity({ placed }: MessageLine, entry: Entry): boolean {
  return placed === undefined || entry.parts.some(({ quantity }) => Math.abs(quantity) === Math.abs(placed.quantity));
}

function isOfPlace({ placed }: MessageLine, { postings }: Entry): boolean {
  return (
    placed !== undefined &&
    postings.some(
      ({ site, owner, lot, category, quantity }) =>
        site === placed.site &&
        owner === placed.owner &&
        lot === placed.lot &&
        category === placed.category &&
        Math.abs(quantity) === Math.abs(placed.quantity),
    )
  );
}
