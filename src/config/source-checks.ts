/**
 * Decides whether each source says enough to be read, and nothing that this version cannot read yet.
 * Never opens a source. Never shows a path: it may carry a password.
 */
import {
  BUILT_FORMATS,
  CANONICAL_COLUMNS,
  type Configuration,
  type FileSourceConfig,
  type SourceKind,
} from '../contract/configuration.ts';
import { parseTime } from '../core/normalize/time.ts';
import { compileFileNamePattern } from './file-name-pattern.ts';
import { suggestion } from './nearest-name.ts';
import type { Path } from './node-reading.ts';
import type { Report } from './reference-checks.ts';

type BalanceSource = Configuration['balances'][number];

interface PlacedSource {
  readonly path: Path;
  readonly kind: SourceKind;
  readonly source: FileSourceConfig & Partial<Pick<BalanceSource, 'system' | 'as_of'>>;
}

const KNOWN_SCHEMES = ['sftp', 's3', 'http', 'https'];

/** All sources of a configuration, in the order of its parts. */
function sourcesOf(configuration: Configuration): PlacedSource[] {
  const lists = (['balances', 'movements', 'opening', 'messages'] as const).flatMap((part) =>
    (configuration[part] ?? []).map(
      (source, at) => ({ path: [part, at], kind: part === 'opening' ? 'balances' : part, source }) as const,
    ),
  );
  const tables = (['items', 'packs', 'aliases', 'sites', 'demand', 'promotions'] as const).flatMap((part) => {
    const source = configuration[part];
    return source === undefined ? [] : [{ path: [part], kind: part, source } as const];
  });
  return [...lists, ...tables];
}

/** Checks every source; loads the module for encodings only where one is named. */
export async function checkSources(configuration: Configuration, report: Report): Promise<void> {
  const sources = sourcesOf(configuration);
  for (const placed of sources) {
    checkAddress(placed, report);
    checkColumns(placed, report);
    checkNotation(placed, report);
    checkAsOf(placed, report);
    await checkEncoding(placed, report);
  }
  checkRepeats(sources, report);
}

function checkAddress({ path, source }: PlacedSource, report: Report): void {
  if (!BUILT_FORMATS.some((format) => format === source.format)) {
    report([...path, 'format'], `format ${source.format} is not built yet; built are: ${BUILT_FORMATS.join(', ')}`);
    return;
  }
  for (const key of ['connection', 'query'] as const) {
    if (source[key] !== undefined) report([...path, key], `${key} is not built yet; give the path of a file`, 'key');
  }
  if (source.path === undefined) return;
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source.path) ?? [];
  if (scheme === undefined) return;
  const known = KNOWN_SCHEMES.includes(scheme.toLowerCase());
  report(
    [...path, 'path'],
    known
      ? `${scheme}:// is not built yet; give the path of a file`
      : `unknown scheme ${scheme}://; give the path of a file`,
  );
}

function checkColumns({ path, kind, source }: PlacedSource, report: Report): void {
  const known: readonly string[] = CANONICAL_COLUMNS[kind];
  for (const part of ['columns', 'constants'] as const) {
    for (const name of Object.keys(source[part] ?? {})) {
      if (known.includes(name)) continue;
      const otherwise = `; the columns of ${kind} are ${known.join(', ')}`;
      report([...path, part, name], `unknown column "${name}"${suggestion(name, known, otherwise)}`, 'key');
    }
  }
}

function checkNotation({ path, source }: PlacedSource, report: Report): void {
  if (source.decimal !== undefined && source.decimal === source.thousands) {
    report([...path, 'thousands'], `decimal and thousands are both "${source.decimal}"`);
  }
  if (source.delimiter !== undefined && source.delimiter === source.quote) {
    report([...path, 'quote'], 'quote and delimiter are the same character');
  }
  if (source.time_zone !== undefined && !isTimeZone(source.time_zone)) {
    report([...path, 'time_zone'], 'expected an IANA time zone such as America/Chicago', 'found');
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function checkAsOf({ path, source }: PlacedSource, report: Report): void {
  const asOf = source.as_of;
  if (asOf === undefined || asOf === 'file_time') return;
  if (typeof asOf === 'string') {
    const time = parseTime(asOf, {});
    if (!time.ok)
      report(
        [...path, 'as_of'],
        'expected an ISO 8601 time with offset such as 2026-11-22T23:59:59-06:00, file_time, { column: … } or { file_name: … }',
        'found',
      );
  } else if ('file_name' in asOf) {
    const pattern = compileFileNamePattern(asOf.file_name);
    if (!pattern.ok) report([...path, 'as_of', 'file_name'], pattern.reason);
  }
}

async function checkEncoding({ path, source }: PlacedSource, report: Report): Promise<void> {
  if (source.encoding === undefined) return;
  const { default: iconv } = await import('iconv-lite');
  if (!iconv.encodingExists(source.encoding))
    report([...path, 'encoding'], 'expected an encoding such as utf-8, windows-1252 or utf-16le', 'found');
}

/** The same file twice in one part would count its stock twice; a name twice would mix two sources in reports. */
function checkRepeats(sources: readonly PlacedSource[], report: Report): void {
  const files = new Map<string, Path>();
  const names = new Map<string, Path>();
  for (const { path, source } of sources) {
    if (source.path !== undefined) {
      const key = JSON.stringify([path[0], source.system, source.path, source.sheet]);
      if (files.has(key))
        report([...path, 'path'], `the same file stands under ${path[0]}[${files.get(key)?.[1]}] already`);
      else files.set(key, path);
    }
    if (source.name !== undefined) {
      if (names.has(source.name)) report([...path, 'name'], 'another source has this name already');
      else names.set(source.name, path);
    }
  }
}
