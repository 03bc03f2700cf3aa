/**
 * Brings files into the lake: written aside, judged, put into their place, then named by a row. The same content of the same
 * kind and system is one import, however many send it at once. Never answers before what it says would survive a power cut.
 */
import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { Configuration } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { type ReceivedFile, receiveFile, removeLakeFile } from '../store/lake-files.ts';
import { storageFailure } from '../store/storage-failure.ts';
import {
  type Addition,
  acceptedImports,
  addImport,
  findImportByContent,
  type NewImport,
} from '../store/work/imports.ts';
import { type FileJudge, type ImportVerdict, judgeImport } from './judge-import.ts';
import { listNamedSources, type NamedSource } from './named-sources.ts';
import { inSpan, type Tracing } from './tracing.ts';

export interface ImporterContext {
  readonly database: WorkDatabase;
  readonly dataDirectory: string;
  readonly loaded: Pick<LoadedConfiguration, 'configuration' | 'directory'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly signal: AbortSignal;
  readonly tracing?: Tracing | undefined;
  /** Here where not given, which suits a command that does nothing else. */
  readonly judge?: FileJudge;
}

export interface ImportRequest {
  readonly source: NamedSource;
  readonly fileName: string;
  readonly content: Readable;
  /** When the sender wrote it last, in milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly receivedBy: string;
  /** What the content must be, where the sender says it. */
  readonly sha256?: string | undefined;
}

export class FileImporter {
  private readonly context: ImporterContext;
  private readonly underWay = new Map<string, Promise<Addition>>();

  constructor(context: ImporterContext) {
    this.context = context;
    // Each file that is being received listens to it.
    setMaxListeners(0, context.signal);
  }

  /** Throws a Failure where the file could not be received. One that cannot be used is a row that says why. */
  importFile(request: ImportRequest): Promise<Addition> {
    const { part, system } = request.source;
    const start = { name: 'import', facts: { 'evenstock.import.kind': part, 'evenstock.system': system } };
    return inSpan(this.context.tracing, start, async (span) => {
      const addition = await this.bringIn(request);
      const { state, bytes, rows } = addition.row;
      span?.note({
        'evenstock.import.state': state,
        'evenstock.import.is_new': addition.isNew,
        'evenstock.bytes': bytes,
        'evenstock.rows': rows ?? 0,
      });
      return addition;
    });
  }

  private async bringIn(request: ImportRequest): Promise<Addition> {
    const { dataDirectory, newId, signal } = this.context;
    const { fileName, content, modifiedMs, sha256, source } = request;
    const id = newId();
    let received: ReceivedFile | undefined;
    try {
      received = await receiveFile(content, { dataDirectory, id, fileName, modifiedMs, signal });
      const file = received;
      if (sha256 !== undefined && sha256 !== file.sha256) throw otherContent(fileName);
      const key = JSON.stringify([source.part, source.system, file.sha256]);
      return await this.once(key, () => this.settle(id, file, request));
    } catch (error) {
      throw storageFailure(error);
    } finally {
      // What is left of it is swept later; it must not hide why the import failed.
      await received?.discard().catch(() => undefined);
    }
  }

  /** Of several that bring the same content at once, one does the work. */
  private async once(key: string, work: () => Promise<Addition>): Promise<Addition> {
    for (let other = this.underWay.get(key); other !== undefined; other = this.underWay.get(key)) {
      const done = await other.catch(() => undefined);
      if (done !== undefined) return { row: done.row, isNew: false };
    }
    const mine = work();
    this.underWay.set(key, mine);
    try {
      return await mine;
    } finally {
      this.underWay.delete(key);
    }
  }

  private async settle(id: string, received: ReceivedFile, request: ImportRequest): Promise<Addition> {
    const { database, dataDirectory, loaded, signal, now, judge = judgeImport } = this.context;
    const { fileName, receivedBy } = request;
    const source = current(request.source, loaded.configuration);
    const { sha256, bytes } = received;
    const there = await findImportByContent(database.db, source.part, source.system, sha256);
    if (there !== undefined && there.state !== 'refused') return { row: there, isNew: false };
    const [before] = await acceptedImports(database.db, source.name, 1);
    const judged = { path: received.path, rowsBefore: before?.rows ?? undefined };
    const verdict = await judge(loaded, source, judged, signal);
    const path = verdict.state === 'refused' ? null : await received.keep();
    const content = { id, kind: source.part, system: source.system, source: source.name, file_name: fileName, sha256 };
    const receipt = { bytes, path, received_by: receivedBy, received_at: now() };
    const addition = await this.record({ ...content, ...columnsOf(verdict), ...receipt });
    if (!addition.isNew && path !== null) await removeLakeFile(dataDirectory, path);
    return addition;
  }

  private async record(row: NewImport): Promise<Addition> {
    const { database, dataDirectory, now } = this.context;
    try {
      return await database.db.transaction().execute((transaction) => addImport(transaction, row, now()));
    } catch (error) {
      // A failure after the commit is none: whoever repeats the import must not be told that it failed.
      const found = await findImportByContent(database.db, row.kind, row.system, row.sha256).catch(() => undefined);
      if (found !== undefined && found.path === row.path) return { row: found, isNew: true };
      // A server may still commit what broke off here; then the file must be there. The sweep takes it otherwise.
      if (row.path !== null && database.kind === 'sqlite') await removeLakeFile(dataDirectory, row.path);
      throw error;
    }
  }
}

/** The configuration may be another one since the source was found. */
function current({ part, name }: NamedSource, configuration: Configuration): NamedSource {
  const source = listNamedSources(configuration).find((other) => other.part === part && other.name === name);
  if (source !== undefined) return source;
  const message = `the configuration has no source ${name} any more`;
  throw new Failure('usage', 'SOURCE_UNKNOWN', message, 'Send the file for a source that there is.');
}

function columnsOf({ state, failure, rows, rejected, asOf }: ImportVerdict) {
  return { state, failure, rows, rejected, as_of: asOf };
}

function otherContent(fileName: string): Failure {
  return new Failure(
    'refused',
    'CONTENT_DIFFERS',
    `${fileName} arrived with another content than was announced`,
    'Send the file again.',
  );
}
