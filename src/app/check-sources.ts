/** Opens the sources of a configuration one by one and describes each as detected. A source that fails does not hide the others. */
import { open } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { BalanceSourceConfig, FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { FoundFile } from '../ingest/files/find-file.ts';
import { type OpenedSource, openRows, openSource } from '../ingest/open-source.ts';
import { type BalanceSource, balanceSourceName, openBalanceSource } from './balance-sources.ts';
import { type CheckedFailure, type CheckedRow, type CheckedSource, FIRST_ROWS } from './check-result.ts';
import { sourceName } from './named-sources.ts';
import type { SourceFiles } from './source-files.ts';

type Described = Pick<CheckedSource, 'encoding' | 'delimiter' | 'columns' | 'columns_without_meaning'>;

/** One source on its way through the check. `balances` is undefined for other kinds, and where it cannot be opened. */
export interface SourceUnderCheck {
  readonly kind: SourceKind;
  readonly name: string;
  readonly config: FileSourceConfig & { readonly system?: string };
  readonly at: string;
  file: FoundFile | undefined;
  described: Described;
  balances: BalanceSource | undefined;
  firstRows: readonly CheckedRow[];
  failure: CheckedFailure | undefined;
}

/** Kinds with one file each, in the order of the report. Openings are a list, and only opened: see check.ts. */
const SINGLE_KINDS = ['items', 'packs', 'aliases', 'sites', 'demand', 'promotions'] as const;

/** Every source that a run reads, not yet opened. */
export function listSources(loaded: LoadedConfiguration): SourceUnderCheck[] {
  const { configuration, positions } = loaded;
  const make = (
    kind: SourceKind,
    name: string,
    config: SourceUnderCheck['config'],
    path: (string | number)[],
  ): SourceUnderCheck => ({
    kind,
    name,
    config,
    at: positions.locate(path),
    file: undefined,
    described: { encoding: '', delimiter: '', columns: {}, columns_without_meaning: [] },
    balances: undefined,
    firstRows: [],
    failure: undefined,
  });
  const movements = configuration.movements ?? [];
  const messages = configuration.messages ?? [];
  return [
    ...configuration.balances.map((config, index) =>
      make('balances', balanceSourceName(configuration, config), config, ['balances', index]),
    ),
    ...movements.map((config, index) => {
      const twins = movements.filter((other) => other.system === config.system);
      return make('movements', sourceName('movements', config, twins.indexOf(config), twins.length), config, [
        'movements',
        index,
      ]);
    }),
    ...messages.map((config, index) =>
      make('messages', sourceName('messages', config, index, messages.length), config, ['messages', index]),
    ),
    ...SINGLE_KINDS.flatMap((kind) => {
      const config = configuration[kind];
      return config === undefined ? [] : [make(kind, config.name ?? kind, config, [kind])];
    }),
  ];
}

/** Finds and opens a source; what stops it becomes its failure. */
export async function openForCheck(
  source: SourceUnderCheck,
  { configuration }: LoadedConfiguration,
  files: SourceFiles,
  temporaryDirectory: string,
): Promise<void> {
  try {
    if (source.kind === 'balances') {
      const opened = await openBalanceSource(
        configuration,
        source.config as BalanceSourceConfig,
        files,
        temporaryDirectory,
      );
      source.file = opened.file;
      source.balances = opened;
      source.described = await describe(source.config, {
        ...opened.input,
        file: opened.file,
        unknownColumns: opened.unknownColumns,
      });
    } else {
      const { file, config } = await files.find(source.config);
      source.file = file;
      const opened = await openSource(source.kind, config, file, temporaryDirectory);
      source.described = await describe(source.config, opened);
      source.firstRows = await firstRows(source, opened, temporaryDirectory);
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    fail(source, error);
  }
}

/** Keeps the first failure of a source. */
export function fail(source: SourceUnderCheck, failure: Failure): void {
  source.failure ??= failureOf(failure, source.name, source.at);
}

export function failureOf({ kind, code, message, action }: Failure, source: string, at: string): CheckedFailure {
  return { kind, code, source, at, message, action };
}

async function describe(config: FileSourceConfig, opened: OpenedSource): Promise<Described> {
  const columns = Object.fromEntries(
    [...opened.columns].map(([name, position]) => [name, opened.header[position] ?? '']),
  );
  const { content } = opened;
  const base = { columns, columns_without_meaning: opened.unknownColumns.filter((column) => column !== '') };
  if (content.kind !== 'delimited') return { ...base, encoding: '', delimiter: '' };
  return {
    ...base,
    encoding: await encodingOf(config, opened.file.path),
    delimiter: String.fromCharCode(content.delimited.dialect.delimiter),
  };
}

async function encodingOf(config: FileSourceConfig, path: string): Promise<string> {
  if (config.encoding !== undefined) return config.encoding;
  const file = await open(path, 'r');
  try {
    const mark = Buffer.alloc(3);
    await file.read(mark, 0, 3, 0);
    if (mark[0] === 0xff && mark[1] === 0xfe) return 'UTF-16LE';
    if (mark[0] === 0xfe && mark[1] === 0xff) return 'UTF-16BE';
    return mark.toString('hex') === 'efbbbf' ? 'UTF-8 with byte order mark' : 'UTF-8';
  } finally {
    await file.close();
  }
}

async function firstRows(
  source: SourceUnderCheck,
  opened: OpenedSource,
  temporaryDirectory: string,
): Promise<CheckedRow[]> {
  const rows: CheckedRow[] = [];
  for await (const batch of (await openRows(opened, temporaryDirectory)).batches) {
    for (const raw of batch) {
      if (rows.length >= FIRST_ROWS) return rows;
      const values: Record<string, string> = { ...source.config.constants };
      for (const [column, position] of opened.columns) values[column] = (raw.values[position] ?? '').trim();
      rows.push({ row: raw.row, values, note: raw.fault === undefined ? '' : `rejected: ${raw.fault.reason}` });
    }
    if (rows.length >= FIRST_ROWS) break;
  }
  return rows;
}

/** Whether a source reads a file, given as an absolute path. Also true of a file that is not there yet. */
export function reads(source: SourceUnderCheck, path: string, directory: string): boolean {
  return source.file?.path === path || resolve(directory, source.config.path ?? '') === path;
}

/** A file's path as people write it: relative to the configuration where it lies below it. */
export function shownPath(source: SourceUnderCheck, directory: string): string {
  if (source.file === undefined) return source.config.path ?? '';
  const path = relative(directory, source.file.path);
  return path.startsWith('..') ? source.file.path : path;
}
