/**
 * Finds the files that a run read, as far as they are still there, and says plainly where one has changed or is gone. Only files
 * that the run names are ever looked for; what they hold is not read here.
 */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { FileSourceConfig } from '../contract/configuration.ts';
import type { RunInput } from '../contract/run.ts';
import { type FoundFile, listFiles, newestFirst } from '../ingest/files/find-file.ts';
import { hashFile } from '../ingest/files/hash-file.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { findImportByContent } from '../store/work/imports.ts';
import { readParts } from '../store/work/intake-parts.ts';
import { listNamedSources, type NamedSource } from './named-sources.ts';

export interface RunFile {
  readonly input: RunInput;
  /** `taken-in`: a part of the lake, which may have been merged with others since. */
  readonly state: 'as-read' | 'taken-in' | 'changed' | 'gone';
  /** Where it is and how it is read; undefined where it is gone. */
  readonly at: { readonly path: string; readonly config: FileSourceConfig; readonly mark: string } | undefined;
  readonly message: string;
}

/** How the program itself writes the rows that it takes in. */
export const CANONICAL_CONFIG = { format: 'parquet' } as FileSourceConfig;
/** What a part of the lake is called. */
const PART_NAME = /^[0-9A-Z]{26}(\.units)?\.parquet$/;
const HASHES_MAX = 1_000;

export class RunFiles {
  private readonly database: WorkDatabase;
  private readonly dataDirectory: string;
  private readonly signal: AbortSignal;
  /** Of files that have not changed since. */
  private readonly hashes = new Map<string, Promise<string>>();

  constructor(options: { database: WorkDatabase; dataDirectory: string; stopping: AbortSignal }) {
    this.database = options.database;
    this.dataDirectory = options.dataDirectory;
    this.signal = options.stopping;
  }

  async find(
    input: RunInput,
    { configuration, directory }: Pick<LoadedConfiguration, 'configuration' | 'directory'>,
  ): Promise<RunFile> {
    const source = listNamedSources(configuration).find(
      ({ part, name }) => part === input.kind && name === input.source,
    );
    if (source === undefined)
      return gone(input, `the configuration has no source ${input.source} any more that says how it is read`);
    if (input.sha256 === '') return gone(input, 'these balances were carried forward from an earlier run');
    const kept = await this.importOf(input, source);
    if (kept !== undefined) return kept;
    const part = await this.partOf(input);
    if (part !== undefined) return part;
    if (source.config.path === undefined) {
      const merged = `the rows of ${input.file} were merged with others that were taken in: search them by what they say`;
      if (PART_NAME.test(input.file)) return { input, state: 'taken-in', at: undefined, message: merged };
      return gone(
        input,
        `${input.file} is not in the lake any more: it was kept for as long as the configuration says`,
      );
    }
    return this.fileOf(input, source, directory);
  }

  private async importOf(input: RunInput, source: NamedSource): Promise<RunFile | undefined> {
    const { db } = this.database;
    const row = await findImportByContent(db, source.part, source.system, input.sha256);
    if (row === undefined || row.path === null) return undefined;
    const path = join(this.dataDirectory, row.path);
    const mark = await markOf(path);
    if (mark === undefined) return undefined;
    return { input, state: 'as-read', at: { path, config: source.config, mark }, message: 'as the run read it' };
  }

  private async partOf(input: RunInput): Promise<RunFile | undefined> {
    if (input.kind !== 'movements' && input.kind !== 'messages') return undefined;
    const part = (await readParts(this.database.db)).find(
      ({ kind, path }) => kind === input.kind && basename(path) === input.file,
    );
    if (part === undefined) return undefined;
    const at = { path: join(this.dataDirectory, part.path), config: CANONICAL_CONFIG, mark: part.path };
    return { input, state: 'taken-in', at, message: 'rows that were taken in, as they were sent' };
  }

  private async fileOf(input: RunInput, { config }: NamedSource, directory: string): Promise<RunFile> {
    const files = await listFiles(config.path ?? '', directory).catch((): FoundFile[] => []);
    const named = newestFirst(files.filter(({ name }) => name === input.file));
    for (const file of named) {
      const hash = await this.hashOf(file).catch(() => '');
      if (hash !== input.sha256) continue;
      return { input, state: 'as-read', at: { path: file.path, config, mark: hash }, message: 'as the run read it' };
    }
    const [other] = named;
    if (other === undefined) return gone(input, `there is no file ${input.file} any more where the run found it`);
    const since = new Date(other.modifiedMs).toISOString();
    const message = `${input.file} has changed since the run read it (last written ${since}): rows may be other ones`;
    const mark = `${other.bytes} ${other.modifiedMs}`;
    return { input, state: 'changed', at: { path: other.path, config, mark }, message };
  }

  private hashOf({ path, bytes, modifiedMs }: FoundFile): Promise<string> {
    const name = JSON.stringify([path, bytes, modifiedMs]);
    const hash = this.hashes.get(name) ?? hashFile(path, this.signal);
    this.hashes.set(name, hash);
    hash.catch(() => this.hashes.delete(name));
    const [oldest] = this.hashes.keys();
    if (this.hashes.size > HASHES_MAX && oldest !== undefined) this.hashes.delete(oldest);
    return hash;
  }
}

function gone(input: RunInput, message: string): RunFile {
  return { input, state: 'gone', at: undefined, message };
}

async function markOf(path: string): Promise<string | undefined> {
  return stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => undefined,
  );
}
