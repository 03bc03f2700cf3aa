/**
 * Decides which files a run reads for a source: those that were brought in for it, else what its path names. Never opens
 * them.
 */
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { FileSourceConfig } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { type FoundFile, findFile } from '../ingest/files/find-file.ts';
import { listNamedSources, type NamedSource } from './named-sources.ts';

/** A file that was brought in. */
export interface PinnedFile {
  readonly path: string;
  /** Its columns have the canonical names and its values are canonical, whatever the configuration says of the source. */
  readonly isCanonical?: boolean;
}

/** The files that a run reads, by the name of the source; plain data, to be handed to another process. */
export type PinnedFiles = Readonly<Record<string, readonly PinnedFile[]>>;

/** A file, and how it is read. */
export interface SourceFile<Config extends FileSourceConfig> {
  readonly file: FoundFile;
  readonly config: Config;
  /** Whether its rows were taken in one by one. */
  readonly isTakenIn?: boolean;
}

type FileOrder = (file: FoundFile) => number | undefined;

export class SourceFiles {
  private readonly directory: string;
  private readonly pinned: ReadonlyMap<FileSourceConfig, { source: NamedSource; files: readonly PinnedFile[] }>;

  /** Sources that `pinned` does not name are read from their path. */
  constructor(
    { configuration, directory }: Pick<LoadedConfiguration, 'configuration' | 'directory'>,
    pinned: PinnedFiles = {},
  ) {
    this.directory = directory;
    this.pinned = new Map(
      listNamedSources(configuration).map((source) => [source.config, { source, files: pinned[source.name] ?? [] }]),
    );
  }

  /** The one file of a source. Throws a Failure of kind `unreachable` where there is none. */
  async find<Config extends FileSourceConfig>(config: Config, orderOf?: FileOrder): Promise<SourceFile<Config>> {
    const [first] = await this.findAll(config, orderOf);
    return first as SourceFile<Config>;
  }

  /** All files of a source, at least one: several only where several were brought in. */
  async findAll<Config extends FileSourceConfig>(config: Config, orderOf?: FileOrder): Promise<SourceFile<Config>[]> {
    const { source, files = [] } = this.pinned.get(config) ?? {};
    if (files.length > 0) {
      return Promise.all(
        files.map(async ({ path, isCanonical }) => ({
          file: await findFile(path, this.directory),
          config: isCanonical ? canonical(config) : config,
          isTakenIn: isCanonical === true,
        })),
      );
    }
    if (config.path !== undefined) return [{ file: await findFile(config.path, this.directory, orderOf), config }];
    const name = source?.name ?? 'a source';
    const system = source?.system ? ` --system ${source.system}` : '';
    throw new Failure(
      'unreachable',
      'NOTHING_IMPORTED',
      `${name} has no path, and nothing was brought in for it`,
      `Bring a file in with: evenstock import ${source?.part ?? 'KIND'} FILE${system}`,
    );
  }
}

/** How the program itself writes rows: nothing of the system's notation holds. */
function canonical<Config extends FileSourceConfig>(config: Config): Config {
  const { columns, constants, encoding, delimiter, quote, header, skip_rows, sheet, ...rest } = config;
  const { decimal, thousands, negative, time_zone, time_format, total_row, ...plain } = rest;
  return { ...plain, format: 'parquet' } as unknown as Config;
}
