/**
 * What is known of items: the run's balances and the rows since, read once and kept as far as memory allows. Never judges them,
 * and never keeps what it has not read to the end.
 */
import type { LiveBase } from '../../app/live-base.ts';
import type { LiveRows } from '../../app/live-rows.ts';
import type { PricedBalance } from '../../core/compare/compare-balances.ts';
import type { Message } from '../../core/compare/ledger-evidence.ts';
import type { LiveItem, LivePosting } from '../../core/live/live-evidence.ts';
import type { WorkDatabase } from '../../store/database/open-database.ts';
import type { IntakeRow } from '../../store/work/intake.ts';
import {
  type EvidenceRange,
  hasItemless,
  itemlessMessages,
  rowsOfItems,
  tiedMovements,
} from '../../store/work/intake-evidence.ts';

/** Rows kept in memory, some 500 bytes each. */
const KEPT_ROWS_MAX = 200_000;

interface KnownItem {
  readonly balances: readonly PricedBalance[];
  readonly postings: LivePosting[];
  readonly messages: Message[];
}

export interface LiveSources {
  readonly database: WorkDatabase;
  readonly base: Pick<LiveBase, 'balancesOf'>;
  readonly rows: LiveRows;
  readonly horizon: number;
}

export class LiveBook {
  private readonly sources: LiveSources;
  /** The longest unused first. */
  private readonly known = new Map<string, KnownItem>();
  private keptRows = 0;

  constructor(sources: LiveSources) {
    this.sources = sources;
  }

  /** Rows that have arrived, batch after batch without a gap: added to what is known of their items. */
  note(rows: readonly IntakeRow[]): void {
    for (const row of rows) {
      const item = this.known.get(row.item);
      if (item !== undefined && row.at >= this.sources.horizon) this.add(item, row);
    }
  }

  /** After a failure nobody knows which rows were noted. */
  forget(): void {
    this.known.clear();
    this.keptRows = 0;
  }

  /** In the order of the items. `upTo`: the last batch that was noted, or is. */
  async items(items: readonly string[], upTo: number): Promise<LiveItem[]> {
    const range = { horizon: this.sources.horizon, upTo };
    await this.read(
      items.filter((item) => !this.known.has(item)),
      range,
    );
    const isMixed = await hasItemless(this.sources.database.db);
    const found: LiveItem[] = [];
    for (const item of items) {
      const known = this.known.get(item) as KnownItem;
      this.known.delete(item);
      this.known.set(item, known);
      const itemless = isMixed ? await this.itemlessOf(known, range) : [];
      found.push({ item, ...known, messages: itemless.length > 0 ? [...known.messages, ...itemless] : known.messages });
    }
    this.trim(items.length);
    return found;
  }

  /** A message that names no item, with its resends, and the movements that share its number or document. */
  async message(messageId: string, upTo: number): Promise<{ messages: Message[]; postings: LivePosting[] }> {
    const { database, rows, horizon } = this.sources;
    const range = { horizon, upTo };
    const sent = await itemlessMessages(database.db, { messageIds: [messageId], references: [] }, range);
    const references = [...new Set(sent.map(({ reference }) => reference))];
    const tied = await tiedMovements(database.db, { messageIds: [messageId], references }, range);
    return {
      messages: sent.flatMap((row) => rows.message(row) ?? []),
      postings: tied.flatMap((row) => rows.posting(row) ?? []),
    };
  }

  private async read(items: readonly string[], range: EvidenceRange): Promise<void> {
    if (items.length === 0) return;
    const balances = await this.sources.base.balancesOf(items);
    for (const item of items) this.known.set(item, { balances: balances.get(item) ?? [], postings: [], messages: [] });
    for (const row of await rowsOfItems(this.sources.database.db, items, range))
      this.add(this.known.get(row.item) as KnownItem, row);
  }

  private add(item: KnownItem, row: IntakeRow): void {
    this.keptRows++;
    if (row.kind === 'messages') {
      const message = this.sources.rows.message(row);
      if (message !== undefined) item.messages.push(message);
    } else {
      const posting = this.sources.rows.posting(row);
      if (posting !== undefined) item.postings.push(posting);
    }
  }

  private async itemlessOf({ postings, messages }: KnownItem, range: EvidenceRange): Promise<Message[]> {
    const { database, rows } = this.sources;
    const messageIds = new Set(postings.map(({ messageId }) => messageId));
    const references = new Set([...postings, ...messages].map(({ reference }) => reference));
    const found = await itemlessMessages(
      database.db,
      { messageIds: [...messageIds], references: [...references] },
      range,
    );
    return found.flatMap((row) => rows.message(row) ?? []);
  }

  /** Forgets the longest unused, but none of the last ones asked for. */
  private trim(lastMin: number): void {
    for (const [item, { postings, messages }] of this.known) {
      if (this.keptRows <= KEPT_ROWS_MAX || this.known.size <= lastMin) return;
      this.known.delete(item);
      this.keptRows -= postings.length + messages.length;
    }
  }
}
