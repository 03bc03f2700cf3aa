/**
 * What the use cases that read kept runs share: where runs are, and their lines in memory. Decides which run is meant; never
 * makes or changes one.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument } from '../contract/run.ts';
import { Failure } from '../core/model/failure.ts';
import { RunStore } from '../store/run-store.ts';
import type { ShelvedRun } from './lines/line-shelf.ts';
import { type Lines, openLines } from './lines/lines-thread.ts';
import { type MessageThread, openMessages } from './messages/messages-thread.ts';
import { minorDecimalsOf } from './minor-decimals.ts';

/** In the place of an id: the newest complete run. */
const LATEST = 'latest';
const RUN_ID = /^[A-Za-z0-9][\w.-]{0,99}$/;
const DOCUMENTS_MAX = 50;
const READY_LOOK_MS = 3_000;

export interface CompleteRun {
  readonly document: RunDocument;
  readonly folder: string;
  readonly lines: ShelvedRun;
}

export class KeptResults {
  readonly dataDirectory: string;
  readonly store: RunStore;
  private opened: { readonly lines: Lines; readonly folder: string } | undefined;
  private openedMessages: { readonly messages: MessageThread; readonly folder: string } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private readonly documents = new Map<string, RunDocument>();

  constructor(dataDirectory: string) {
    this.dataDirectory = dataDirectory;
    this.store = new RunStore(dataDirectory);
  }

  /** The lines of runs; a thread is started when they are first asked for. */
  get lines(): Lines {
    if (this.opened === undefined) {
      const folder = mkdtempSync(join(tmpdir(), 'evenstock-lines-'));
      this.opened = { lines: openLines(folder), folder };
    }
    return this.opened.lines;
  }

  /** The messages of runs, in the same way. */
  get messages(): MessageThread {
    if (this.openedMessages === undefined) {
      const folder = mkdtempSync(join(tmpdir(), 'evenstock-messages-'));
      this.openedMessages = { messages: openMessages(folder), folder };
    }
    return this.openedMessages.messages;
  }

  /** The document of a kept run, complete or refused. Throws a Failure of kind `absent`. */
  async document(runId: string): Promise<RunDocument> {
    if (runId === LATEST) {
      const latest = await this.store.findLatestComplete();
      if (latest === undefined) throw new Failure('absent', 'NO_RUNS', 'no run is complete yet', 'Start a run first.');
      return latest;
    }
    if (!RUN_ID.test(runId) || !existsSync(join(this.store.folderOf(runId), 'run.json'))) throw unknownRun(runId);
    const known = this.documents.get(runId) ?? (await this.store.read(runId));
    this.documents.set(runId, known);
    const [oldest] = this.documents.keys();
    if (this.documents.size > DOCUMENTS_MAX && oldest !== undefined) this.documents.delete(oldest);
    return known;
  }

  /** Throws a Failure: `absent` where there is no such run, `conflict` where it was refused. */
  async complete(runId: string): Promise<CompleteRun> {
    const document = await this.document(runId);
    if (document.state !== 'complete')
      throw new Failure('conflict', 'RUN_WAS_REFUSED', `run ${document.run_id} was refused: it compared nothing`);
    const folder = this.store.folderOf(document.run_id);
    const lines = {
      path: join(folder, 'discrepancies.parquet'),
      quantityDecimals: document.explanation?.quantity_decimals ?? 6,
      minorDecimals: minorDecimalsOf(document.currency),
    };
    return { document, folder, lines };
  }

  /** The newest complete run before this one that compared the same part of the business. */
  async before({ run_id, filters }: RunDocument): Promise<CompleteRun | undefined> {
    const ids = await this.store.list();
    for (const id of ids.slice(0, ids.indexOf(run_id)).reverse()) {
      const document = await this.document(id).catch(() => undefined);
      if (document?.state === 'complete' && isSamePart(document.filters, filters)) return this.complete(id);
    }
    return undefined;
  }

  /** Reads each new run into memory as soon as it is there, so that its first page need not wait for that. */
  keepReady(): void {
    let seen = '';
    const look = async (): Promise<void> => {
      const id = (await this.store.list()).at(-1) ?? '';
      if (id === seen) return;
      seen = id;
      const { lines } = await this.complete(id);
      if (this.isClosed) return;
      await this.lines.prepare(lines);
    };
    // What cannot be read is told to who asks for it.
    this.timer = setInterval(() => void look().catch(() => undefined), READY_LOOK_MS);
    this.timer.unref();
    void look().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    await this.opened?.lines.close();
    if (this.opened !== undefined) rmSync(this.opened.folder, { recursive: true, force: true });
    this.opened = undefined;
    await this.openedMessages?.messages.close();
    if (this.openedMessages !== undefined) rmSync(this.openedMessages.folder, { recursive: true, force: true });
    this.openedMessages = undefined;
  }
}

export function isSamePart(a: RunDocument['filters'], b: RunDocument['filters']): boolean {
  const same = (left: readonly string[], right: readonly string[]): boolean =>
    JSON.stringify(left.toSorted()) === JSON.stringify(right.toSorted());
  return same(a.site, b.site) && same(a.item, b.item);
}

function unknownRun(runId: string): Failure {
  return new Failure('absent', 'RUN_UNKNOWN', `there is no result of a run ${runId}`, 'GET /api/v1/runs lists all.');
}
