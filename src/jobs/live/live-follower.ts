/**
 * Carries one generation of live discrepancies forward: what arrived, and what time alone has changed. Each step ends in the
 * state that a computation from scratch gives, whatever failed in between. Never writes unless this server keeps the task.
 */

import type { Transaction } from 'kysely';
import { LiveDocuments } from '../../app/live-line.ts';
import { judgeLive, judgeMessage, type LiveFrame } from '../../core/live/judge-live.ts';
import type { WorkState } from '../../store/database/work-state.ts';
import type { IntakeRow } from '../../store/work/intake.ts';
import { movementFeeds, newestBatch, readBatches } from '../../store/work/intake.ts';
import { hasItemless, itemlessMessages, tiedMovements } from '../../store/work/intake-evidence.ts';
import {
  advanceGeneration,
  applyEntries,
  changeFed,
  type LiveEntry,
  type LiveGeneration,
  readDues,
} from '../../store/work/live-state.ts';
import { LiveBook, type LiveSources } from './live-book.ts';

/** Batches of one step, and items of one transaction. */
const BATCHES_MAX = 20;
const DUES_MAX = 2_000;
const ITEMS_PER_WRITE = 1_000;

export interface FollowOptions extends LiveSources {
  readonly frame: LiveFrame;
  readonly currency: string;
  readonly now: () => number;
  readonly newId: () => string;
  /** A transaction that is only there while this server keeps the task. */
  readonly write: <T>(change: (transaction: Transaction<WorkState>) => Promise<T>) => Promise<T>;
  /** Told of everything that was worked out. */
  readonly onEntries?: (entries: readonly LiveEntry[]) => void;
}

/** What must be looked at again. */
interface Touched {
  readonly items: ReadonlySet<string>;
  readonly messageIds: ReadonlySet<string>;
}

export class LiveFollower {
  private readonly options: FollowOptions;
  private frame: LiveFrame;
  private readonly book: LiveBook;
  private readonly documents: LiveDocuments;
  generation: LiveGeneration;

  constructor(generation: LiveGeneration, options: FollowOptions) {
    this.generation = generation;
    this.options = options;
    this.frame = options.frame;
    this.book = new LiveBook(options);
    const { frame, currency } = options;
    this.documents = new LiveDocuments(frame.plan, currency, frame.minorDecimals);
  }

  /** Takes in what has arrived since and what is due. True where more waits already. */
  async step(): Promise<boolean> {
    try {
      return await this.advance();
    } catch (error) {
      this.book.forget();
      throw error;
    }
  }

  private async advance(): Promise<boolean> {
    const { database, write, now } = this.options;
    const { generation, batch } = this.generation;
    const newest = await newestBatch(database.db);
    const to = Math.min(newest, batch + BATCHES_MAX);
    const rows = to > batch ? await readBatches(database.db, batch, to) : [];
    await this.followNewFeeds(rows);
    const asOf = rows.reduce(
      (latest, row) => Math.max(latest, row.received_at),
      Math.max(now(), this.generation.as_of),
    );
    const dues = await readDues(database.db, generation, asOf, DUES_MAX);
    if (rows.length + dues.length === 0 && to === batch) return false;
    // First the moment, so that whatever is written by it is due again should this be cut short.
    await write((transaction) => advanceGeneration(transaction, generation, { batch, asOf }));
    this.book.note(rows);
    const touched = await this.touchedBy(rows, to, dues);
    await this.look(touched, to, asOf);
    await write((transaction) => advanceGeneration(transaction, generation, { batch: to, asOf }));
    this.generation = { ...this.generation, batch: to, as_of: asOf };
    return to < newest || dues.length === DUES_MAX;
  }

  /**
   * A system is known up to now from its first row on. Judged as if it were known up to its snapshot only, that row would be told
   * as a discrepancy, and taken back a moment later.
   */
  private async followNewFeeds(rows: readonly IntakeRow[]): Promise<void> {
    const { database, write } = this.options;
    const { fed } = this.frame;
    if (rows.every(({ kind, system }) => kind !== 'movements' || fed.has(system))) return;
    const feeds = await movementFeeds(database.db);
    const text = JSON.stringify(feeds);
    await write((transaction) => changeFed(transaction, this.generation, text));
    this.generation = { ...this.generation, fed: text };
    this.frame = { ...this.frame, fed: new Set(feeds) };
  }

  /** Works out what is known of these items and messages, and writes it. */
  async look({ items, messageIds }: Touched, upTo: number, asOf: number): Promise<void> {
    const { frame } = this;
    const names = [...items];
    for (let start = 0; start < names.length; start += ITEMS_PER_WRITE) {
      const some = names.slice(start, start + ITEMS_PER_WRITE);
      const verdicts = judgeLive(await this.book.items(some, upTo), frame, asOf);
      await this.apply(
        verdicts.map(({ lines, late, dueAt }, index) => ({
          kind: 'item',
          name: some[index] as string,
          lines: lines.map((line) => {
            const { item, site, owner, lot, categoryName: category, state, valueSize } = line;
            return { item, site, owner, lot, category, state, valueSize, document: this.documents.textOf(line) };
          }),
          late,
          dueAt,
        })),
      );
    }
    for (const messageId of messageIds) {
      const { messages, postings } = await this.book.message(messageId, upTo);
      const verdict = judgeMessage(messages, postings, frame, asOf);
      await this.apply([{ kind: 'message', name: messageId, lines: [], ...verdict }]);
    }
  }

  private async apply(entries: readonly LiveEntry[]): Promise<void> {
    const { write, now, newId, onEntries } = this.options;
    const { generation } = this;
    await write((transaction) => applyEntries(transaction, entries, { generation, now: now(), newId }));
    onEntries?.(entries);
  }

  private async touchedBy(
    rows: readonly IntakeRow[],
    upTo: number,
    dues: readonly { readonly kind: string; readonly name: string }[],
  ): Promise<Touched> {
    const { database, horizon } = this.options;
    const items = new Set<string>();
    const messageIds = new Set<string>();
    for (const { kind, name } of dues) (kind === 'item' ? items : messageIds).add(name);
    const recent = rows.filter(({ at }) => at >= horizon);
    const itemless = recent.filter(({ item }) => item === '');
    for (const { item } of recent) if (item !== '') items.add(item);
    for (const { message_id } of itemless) messageIds.add(message_id);
    const by = {
      messageIds: [...messageIds],
      references: [...new Set(itemless.map(({ reference }) => reference))],
    };
    for (const { item } of await tiedMovements(database.db, by, { horizon, upTo })) items.add(item);
    for (const { message_id } of await this.itemlessTiedTo(recent, upTo)) messageIds.add(message_id);
    return { items, messageIds };
  }

  /** Messages without an item of which movements that arrived tell more. */
  private async itemlessTiedTo(rows: readonly IntakeRow[], upTo: number): Promise<IntakeRow[]> {
    const { database, horizon } = this.options;
    if (!(await hasItemless(database.db))) return [];
    const movements = rows.filter(({ kind }) => kind === 'movements');
    const by = {
      messageIds: [...new Set(movements.map(({ message_id }) => message_id))],
      references: [...new Set(movements.map(({ reference }) => reference))],
    };
    return itemlessMessages(database.db, by, { horizon, upTo });
  }
}
