/** Finds and opens the balance sources of a run, and says which moment each stands for. Never reads their rows. */
import { basename } from 'node:path';
import { compileFileNamePattern } from '../config/file-name-pattern.ts';
import type { BalanceSourceConfig, Configuration } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { type Moment, parseTime } from '../core/normalize/time.ts';
import type { BalanceInput } from '../engine/comparison-input.ts';
import type { FoundFile } from '../ingest/files/find-file.ts';
import { numberFormatOf, openSource, timeFormatOf } from '../ingest/open-source.ts';
import { sourceName } from './named-sources.ts';
import type { SourceFiles } from './source-files.ts';

/** A balance source with its file. `asOf` is undefined where it is not known or stands in the rows. */
export interface BalanceSource {
  readonly config: BalanceSourceConfig;
  readonly input: BalanceInput;
  readonly file: FoundFile;
  readonly asOf: Moment | undefined;
  readonly unknownColumns: readonly string[];
  /** Not a file of the configuration: kept balances that a delta does not mention (see carry-forward.ts). */
  readonly isCarriedForward?: boolean;
}

/** Opens every balance source, in the order of the configuration. A source that cannot be read throws a Failure. */
export async function openBalanceSources(
  configuration: Configuration,
  files: SourceFiles,
  temporaryDirectory: string,
): Promise<BalanceSource[]> {
  const sources: BalanceSource[] = [];
  for (const config of configuration.balances)
    sources.push(await openBalanceSource(configuration, config, files, temporaryDirectory));
  return sources;
}

export function balanceSourceName(configuration: Configuration, config: BalanceSourceConfig): string {
  const twins = configuration.balances.filter((other) => other.system === config.system);
  return sourceName('balances', config, twins.indexOf(config), twins.length);
}

/** Opens one source of `configuration.balances`. Throws a Failure where it cannot be found or read as declared. */
export async function openBalanceSource(
  configuration: Configuration,
  configured: BalanceSourceConfig,
  files: SourceFiles,
  temporaryDirectory: string,
): Promise<BalanceSource> {
  const name = balanceSourceName(configuration, configured);
  const { file, config } = await files.find(configured, fileOrder(configured));
  const asOfInName = fileNameReader(config);
  const opened = await openSource('balances', config, file, temporaryDirectory);
  const asOfColumn = columnOfCutOff(config, opened.header, opened.columns, file);
  const role = configuration.systems[config.system]?.role ?? 'wms';
  const total = config.total_row;
  const totalColumn = total === undefined ? -1 : opened.header.indexOf(total.column);
  if (total !== undefined && totalColumn < 0)
    throw new Failure(
      'refused',
      'COLUMN_MISSING',
      `${file.name} has no column ${total.column}, which total_row names`,
      'Correct total_row of this source.',
    );
  const constants = config.constants ?? {};
  const columns = new Map(opened.columns);
  // as_of is the cut-off of the file; it is read only where the configuration says that the rows carry it.
  if (asOfColumn === undefined) columns.delete('as_of');
  else columns.set('as_of', asOfColumn);
  const input: BalanceInput = {
    name,
    rules: { system: config.system, role, numberFormat: numberFormatOf(config), constants },
    completeness: config.completeness,
    unique: config.unique,
    columns,
    header: opened.header,
    asOfColumn,
    timeFormat: timeFormatOf(config),
    totalRow: total === undefined ? undefined : { column: totalColumn, value: total.value },
    file: basename(file.path),
    bytes: file.bytes,
    content: opened.content,
  };
  const asOf = asOfColumn === undefined ? cutOffOf(config, file, asOfInName) : undefined;
  const named = [opened.header[asOfColumn ?? -1], opened.header[totalColumn], ''];
  return {
    config,
    input,
    file,
    asOf,
    unknownColumns: opened.unknownColumns.filter((column) => !named.includes(column)),
  };
}

function columnOfCutOff(
  config: BalanceSourceConfig,
  header: readonly string[],
  columns: ReadonlyMap<string, number>,
  file: FoundFile,
): number | undefined {
  if (config.as_of === undefined) return columns.get('as_of');
  if (typeof config.as_of !== 'object' || !('column' in config.as_of)) return undefined;
  const position = header.indexOf(config.as_of.column);
  if (position < 0)
    throw new Failure(
      'refused',
      'COLUMN_MISSING',
      `${file.name} has no column ${config.as_of.column}, which as_of names`,
      'Correct as_of of this source.',
    );
  return position;
}

/** How files of a source are told to be newer; undefined: by their last change. */
export function fileOrder(config: BalanceSourceConfig): ((file: FoundFile) => number | undefined) | undefined {
  const asOfInName = fileNameReader(config);
  return asOfInName && ((file) => asOfInName(file.name)?.epochMs);
}

function fileNameReader(config: BalanceSourceConfig): ((name: string) => Moment | undefined) | undefined {
  if (typeof config.as_of !== 'object' || !('file_name' in config.as_of)) return undefined;
  const pattern = compileFileNamePattern(config.as_of.file_name);
  if (!pattern.ok)
    throw new Failure('configuration', 'FILE_NAME_PATTERN', pattern.reason, 'Correct as_of of this source.');
  return (name) => {
    const text = pattern.asOfIn(name);
    const time = text === undefined ? undefined : parseTime(text, timeFormatOf(config));
    return time?.ok ? time.value : undefined;
  };
}

function cutOffOf(
  config: BalanceSourceConfig,
  file: FoundFile,
  asOfInName: ((name: string) => Moment | undefined) | undefined,
): Moment | undefined {
  if (config.as_of === undefined) return undefined;
  if (asOfInName) {
    const time = asOfInName(file.name);
    if (time === undefined)
      throw new Failure(
        'refused',
        'CUT_OFF_UNREADABLE',
        `the name ${file.name} carries no cut-off that as_of can read`,
        'Correct as_of of this source, or its time_zone and time_format.',
      );
    return time;
  }
  if (config.as_of === 'file_time')
    return {
      epochMs: file.modifiedMs,
      text: new Date(Math.floor(file.modifiedMs / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    };
  const time = parseTime(config.as_of as string, timeFormatOf(config));
  if (!time.ok)
    throw new Failure(
      'configuration',
      'CUT_OFF_UNREADABLE',
      `as_of ${String(config.as_of)}: ${time.fault.reason}`,
      'Give an ISO 8601 time with offset.',
    );
  return time.value;
}
