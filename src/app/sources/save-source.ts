/**
 * Adds a source to the configuration's file, with its comments left as they are: checked as a whole before it counts, written
 * aside, synced and renamed. Never lets a caller reach files outside of the configuration's folder, or the environment.
 */
import { createHash } from 'node:crypto';
import { chmod, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { type Document, isMap, isSeq, type Node, parseDocument, stringify, type YAMLSeq } from 'yaml';
import type { LoadedConfiguration } from '../../config/load-configuration.ts';
import { Failure } from '../../core/model/failure.ts';
import { syncPath } from '../../store/run-store.ts';
import { listNamedSources, type SourcePart } from '../named-sources.ts';

export interface NewSource {
  readonly part: SourcePart;
  /** As they would stand in the file, the system among them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A file that has been checked and is not in its place yet. */
export interface PreparedConfiguration {
  readonly name: string;
  readonly diff: string;
  readonly version: number;
  /** Puts it in force for whoever reads it next. */
  place(): Promise<void>;
  discard(): Promise<void>;
}

const LISTS: readonly SourcePart[] = ['balances', 'movements', 'messages', 'opening'];
const CONTEXT_LINES = 3;
const WRITING = { schema: 'failsafe', lineWidth: 0 } as const;

/** A number for the text of a configuration file, as its ETag. */
export async function configurationVersion(path: string): Promise<number> {
  return versionOf(await readText(path));
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    const message = 'the file of the configuration cannot be read any more';
    throw new Failure(
      'unreachable',
      'CONFIGURATION_UNREADABLE',
      message,
      'Put it back; the last valid one is in force.',
    );
  });
}

function versionOf(text: string): number {
  return Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 12), 16);
}

/** Throws a Failure: `stale` where the file is another one than the caller read, `conflict` and `configuration` where it cannot hold the source. */
export async function prepareSource(
  configurationPath: string,
  source: NewSource,
  expectedVersion: number,
  frame: { readonly newId: string; readonly load: (path: string) => Promise<LoadedConfiguration> },
): Promise<PreparedConfiguration> {
  refuseReach(source.settings);
  // A link stays a link: what it leads to is replaced.
  const path = await realpath(configurationPath).catch(() => configurationPath);
  const before = await readText(path);
  if (versionOf(before) !== expectedVersion)
    throw new Failure(
      'stale',
      'CONFIGURATION_CHANGED',
      'the configuration was changed since it was read',
      'Read the sources again.',
    );
  const after = withSource(before, source);
  const aside = join(dirname(path), `.${basename(path)}.new-${frame.newId}`);
  const discard = (): Promise<void> => rm(aside, { force: true });
  try {
    await writeSynced(aside, after, (await stat(path)).mode);
    const { configuration } = await frame.load(aside).catch((error: unknown) => {
      throw renamed(error, aside, basename(path));
    });
    const name =
      listNamedSources(configuration)
        .filter(({ part }) => part === source.part)
        .at(-1)?.name ?? source.part;
    const twins = listNamedSources(configuration).filter((each) => each.name === name);
    if (twins.length > 1)
      throw new Failure('conflict', 'SOURCE_THERE', `there is a source ${name} already`, 'Give it another name.');
    const place = async (): Promise<void> => {
      await rename(aside, path);
      await syncPath(dirname(path));
    };
    return { name, diff: lineDiff(before, after), version: versionOf(after), place, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

function withSource(text: string, { part, settings }: NewSource): string {
  // Scalars stay the texts that were written, as the loader reads them: 0001 is no number.
  const document = parseDocument(text, { schema: 'failsafe' });
  if (document.errors.length > 0 || !isMap(document.contents))
    throw new Failure(
      'conflict',
      'CONFIGURATION_UNREADABLE',
      'the configuration cannot be read as it stands',
      'Correct the file first.',
    );
  const there = document.get(part, true);
  const isList = LISTS.includes(part);
  if (isList && isSeq(there)) return withItem(text, document, there, settings);
  if (document.has(part))
    throw new Failure(
      'conflict',
      'SOURCE_THERE',
      isList ? `${part} of the configuration is no list` : `the configuration has ${part} already`,
      'Change it in the file.',
    );
  const entry = stringify({ [part]: isList ? [asTexts(settings)] : asTexts(settings) }, WRITING);
  return likeLines(text, `${text}${text.endsWith('\n') ? '' : '\n'}${entry}`);
}

/** Behind the last item, with everything else as it is; a list on one line is written anew. */
function withItem(text: string, document: Document, list: YAMLSeq, settings: NewSource['settings']): string {
  const start = list.range?.[0];
  const end = (list.items.at(-1) as Node | undefined)?.range?.[1];
  if (list.flow === true || start === undefined || end === undefined) {
    list.add(document.createNode(asTexts(settings)));
    return likeLines(text, document.toString({ lineWidth: 0 }));
  }
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const item = stringify([asTexts(settings)], WRITING).replaceAll(/^(?=.)/gm, indent);
  // A node may end at the beginning of the line behind it; a comment on its own line belongs to it.
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1;
  return likeLines(text, lineEnd === 0 ? `${text}\n${item}` : `${text.slice(0, lineEnd)}${item}${text.slice(lineEnd)}`);
}

function likeLines(text: string, written: string): string {
  return text.includes('\r\n') ? written.replaceAll(/\r?\n/g, '\r\n') : written;
}

/** The same with every scalar as text. Null is none. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, each]) => (each === null ? [] : [[name, asTexts(each)]])),
    );
  return String(value);
}

/** Who may change sources may not thereby read any file of the machine, or its environment. */
function refuseReach(settings: Readonly<Record<string, unknown>>): void {
  const { path } = settings;
  const isInside =
    path === undefined ||
    (typeof path === 'string' &&
      !isAbsolute(path) &&
      !/^[a-z]:|\\/i.test(path) &&
      !normalize(path).split('/').includes('..'));
  if (!isInside)
    throw new Failure(
      'usage',
      'PATH_OUTSIDE',
      'the path leads out of the folder of the configuration',
      'Name a file in it or below, or write the path into the file by hand.',
    );
  if (JSON.stringify(settings).includes('${'))
    throw new Failure(
      'usage',
      'REFERENCE_NOT_ALLOWED',
      'a setting refers to the environment',
      'Write such settings into the file by hand.',
    );
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      'unreachable',
      'CONFIGURATION_READ_ONLY',
      `the folder of the configuration cannot be written (${error.code})`,
      'Add the source to the file by hand.',
    );
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(path, mode & 0o777);
}

/** Says what is wrong with the file under the name that people know. */
function renamed(error: unknown, aside: string, name: string): unknown {
  if (!(error instanceof Failure)) return error;
  return new Failure('configuration', error.code, error.message.replaceAll(aside, name), 'Correct the settings.');
}

/** What differs, as one part with the lines around it. */
function lineDiff(before: string, after: string): string {
  const [old, fresh] = [before, after].map((text) => text.split(/\r?\n/)) as [string[], string[]];
  let start = 0;
  while (start < old.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const mark = (sign: string, lines: readonly string[]): string[] => lines.map((line) => `${sign}${line}`);
  return [
    ...mark(' ', old.slice(Math.max(0, start - CONTEXT_LINES), start)),
    ...mark('-', old.slice(start, old.length - end)),
    ...mark('+', fresh.slice(start, fresh.length - end)),
    ...mark(' ', old.slice(old.length - end, old.length - end + CONTEXT_LINES)),
  ].join('\n');
}
