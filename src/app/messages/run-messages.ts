/**
 * Decides which messages belong to a run: those of its logs, and those that were taken in row by row, up to now for the newest
 * run. Never reads a log by itself: the shelf does, in a thread.
 */
import { join } from 'node:path';
import type { LoadedConfiguration } from '../../config/load-configuration.ts';
import type { RunDocument } from '../../contract/run.ts';
import { Failure } from '../../core/model/failure.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { durationMs } from '../../core/normalize/time.ts';
import type { WorkDatabase } from '../../store/database/open-database.ts';
import { newestBatch, readBatches } from '../../store/work/intake.ts';
import { type IntakePart, intakeMarks, readParts } from '../../store/work/intake-parts.ts';
import type { KeptResults } from '../kept-results.ts';
import { CANONICAL_CONFIG, type RunFile, type RunFiles } from '../run-files.ts';
import type { JournalMessage, MessageFile } from './index-messages.ts';
import type { FoundMessage, InterfaceAnswer, MessageSet } from './message-shelf.ts';
import type { MessageFrame, MessageSearch } from './message-statements.ts';

export interface RunMessagesContext {
  readonly results: KeptResults;
  readonly database: WorkDatabase;
  readonly dataDirectory: string;
  readonly files: RunFiles;
  readonly planOf: (loaded: LoadedConfiguration) => Promise<Plan>;
  readonly now: () => number;
}

/** The messages of a run, before they are asked for anything. */
export interface MessagesOfRun {
  /** undefined: no run is complete yet, and only what was taken in counts. */
  readonly run: RunDocument | undefined;
  /** The run's logs that are not in the lake, and whether they are still what the run read. */
  readonly files: readonly RunFile[];
  readonly set: MessageSet;
  readonly plan: Plan;
}

export class RunMessages {
  private readonly context: RunMessagesContext;
  private readonly planMarks = new WeakMap<Plan, string>();
  private planCount = 0;
  private journal: { readonly mark: string; readonly rows: readonly JournalMessage[] } = { mark: '', rows: [] };

  constructor(context: RunMessagesContext) {
    this.context = context;
  }

  /** `runId` may be `latest`. Throws a Failure of kind `absent` where there is no such run. */
  async of(runId: string, loaded: LoadedConfiguration): Promise<MessagesOfRun> {
    const { results, files: runFiles, planOf, now } = this.context;
    const latest = await results.store.findLatestComplete();
    const run = runId === 'latest' ? latest : await results.document(runId);
    const inputs = run?.inputs.filter(({ kind }) => kind === 'messages') ?? [];
    const found = await Promise.all(inputs.map((input) => runFiles.find(input, loaded)));
    // What was taken in is read from the parts of the lake as they are now, whichever of them the run read.
    const files = found.filter(({ state }) => state !== 'taken-in');
    const intake = await this.intake();
    const plan = await planOf(loaded);
    const isNewest = run === undefined || run.run_id === latest?.run_id;
    return {
      ...{ run, files, plan },
      set: {
        files: [...files.flatMap(logOf), ...intake.files],
        journal: intake.journal,
        journalMark: intake.mark,
        planMark: this.markOf(plan),
        frame: frameOf(run, loaded, isNewest ? undefined : run.started_at, now()),
      },
    };
  }

  async interfaces(
    { set, plan }: MessagesOfRun,
    sites: readonly string[] | undefined,
    hours: number,
  ): Promise<InterfaceAnswer> {
    await this.prepare(set, plan);
    return this.context.results.messages.interfaces(set, sites, hours);
  }

  async search({ set, plan }: MessagesOfRun, search: MessageSearch): Promise<FoundMessage[]> {
    await this.prepare(set, plan);
    return this.context.results.messages.search(set, search);
  }

  private async prepare(set: MessageSet, plan: Plan): Promise<void> {
    const { messages } = this.context.results;
    if (!(await messages.isReady(set))) await messages.usePlan(set.planMark, plan.input);
  }

  private markOf(plan: Plan): string {
    const mark = this.planMarks.get(plan) ?? String(++this.planCount);
    this.planMarks.set(plan, mark);
    return mark;
  }

  /** Parts of the lake, and the rows that are in none yet. Rows that move from the one to the other meanwhile count once. */
  private async intake(): Promise<{ files: MessageFile[]; journal: readonly JournalMessage[]; mark: string }> {
    const { db } = this.context.database;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const { written } = await intakeMarks(db);
      const parts = (await readParts(db)).filter(({ kind }) => kind === 'messages');
      const newest = await newestBatch(db);
      const mark = `${written} ${newest}`;
      if (this.journal.mark !== mark) {
        const rows = await readBatches(db, written, newest);
        const messages = rows.filter(({ kind }) => kind === 'messages');
        this.journal = {
          mark,
          rows: messages.map(({ batch, line, received_at, document }) => ({
            ...{ batch, line, receivedAt: received_at, row: JSON.parse(document) },
          })),
        };
      }
      if ((await intakeMarks(db)).written === written)
        return { files: parts.map((part) => this.partFile(part)), journal: this.journal.rows, mark };
    }
    const message = 'rows are being written to the lake just now';
    throw new Failure('unreachable', 'INTAKE_MOVING', message, 'Ask again in a moment.');
  }

  private partFile({ path }: IntakePart): MessageFile {
    const { dataDirectory } = this.context;
    const name = path.split('/').at(-1) ?? path;
    return { path: join(dataDirectory, path), name, source: '', config: CANONICAL_CONFIG, mark: path };
  }
}

const ATTEMPTS_MAX = 5;

function logOf({ input, at }: RunFile): MessageFile[] {
  if (at === undefined) return [];
  return [{ path: at.path, name: input.file, source: input.source, config: at.config, mark: at.mark }];
}

/** Cut-offs as the run knew them, and the lags that the configuration allows now. */
function frameOf(
  run: RunDocument | undefined,
  { configuration }: LoadedConfiguration,
  until: string | undefined,
  now: number,
): MessageFrame {
  const { default: lag = '30m', interfaces = {} } = configuration.lag ?? {};
  const { erp = '', wms = {} } = run?.explanation?.cut_offs ?? {};
  const moments = (run?.inputs ?? []).map(({ as_of }) => Date.parse(as_of)).filter(Number.isFinite);
  const fallback = moments.length > 0 ? Math.max(...moments) : run === undefined ? now : Date.parse(run.finished_at);
  const momentOf = (text: string): number => (Number.isNaN(Date.parse(text)) ? fallback : Date.parse(text));
  const wmsCutOffs = Object.fromEntries(Object.entries(wms).map(([site, moment]) => [site, momentOf(moment)]));
  const takenInUntil = until === undefined ? undefined : Date.parse(until);
  return {
    erpCutOff: momentOf(erp),
    wmsCutOffs,
    wmsCutOff: Math.max(...Object.values(wmsCutOffs), Object.keys(wmsCutOffs).length === 0 ? fallback : 0),
    // To the minute, so that an answer can be given again.
    now: Math.floor((takenInUntil ?? now) / MINUTE_MS) * MINUTE_MS,
    lag: durationMs(lag),
    lags: Object.fromEntries(Object.entries(interfaces).map(([name, text]) => [name, durationMs(text)])),
    takenInUntil,
  };
}

const MINUTE_MS = 60_000;
