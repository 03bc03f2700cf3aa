/**
 * Decides whether a configuration file can be used, and says everything that is wrong with it at once, each with line
 * and column. Never opens the sources it names, and never shows or hashes a secret.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Configuration, configurationSchema } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { configurationHash } from './configuration-hash.ts';
import { checkLimits } from './limit-checks.ts';
import { type Path, type Places, placeKey, readNodes } from './node-reading.ts';
import { checkReferences, type Report } from './reference-checks.ts';
import { problemsOf } from './schema-problems.ts';
import type { Environment } from './secret-text.ts';
import { checkSignIn } from './sign-in-checks.ts';
import { checkSources } from './source-checks.ts';
import { type Problem, readYaml } from './yaml-text.ts';

/** Says where a part of the configuration stands, for what turns out only later, such as a file that is missing. */
export interface ConfigurationPositions {
  /** `evenstock.yaml:14:5`; where the part itself is not written, the nearest part around it that is. */
  locate(path: Path): string;
}

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** Absolute folder of the file; all paths of the configuration are relative to it. */
  readonly directory: string;
  /** The file as the caller named it. */
  readonly path: string;
  /** SHA-256 in hex of the configuration with its defaults, without secrets, comments and layout. */
  readonly hash: string;
  readonly positions: ConfigurationPositions;
}

/** More than this nobody reads at once; the rest is counted. */
const PROBLEMS_SHOWN_MAX = 50;

/**
 * Loads, resolves and checks a configuration file. Throws a Failure of kind `configuration`: CONFIGURATION_NOT_FOUND,
 * CONFIGURATION_UNREADABLE, or CONFIGURATION_INVALID with one line per problem in the order of the file.
 */
export async function loadConfiguration(path: string, env: Environment): Promise<LoadedConfiguration> {
  const bytes = await readBytes(path);
  const read = readYaml(bytes);
  if (!read.ok) throw invalid(path, read.problems);
  const directory = dirname(resolve(path));
  const { value, places, problems: unread } = readNodes(read.yaml, configurationSchema, directory, env);
  const problems = [...unread];

  const result = configurationSchema.safeParse(value);
  let configuration = result.data;
  if (!result.success) {
    problems.push(...result.error.issues.flatMap((issue) => problemsOf(issue, places)));
    // A mistyped key should not hide what else is wrong: without the unknown keys the rest may be checked.
    for (const issue of result.error.issues)
      if (issue.code === 'unrecognized_keys') removeKeys(value, issue.path as Path, issue.keys);
    configuration = configurationSchema.safeParse(value).data;
  }
  if (configuration !== undefined) problems.push(...(await checked(configuration, places)));
  if (problems.length > 0 || configuration === undefined) throw invalid(path, problems);
  return {
    configuration,
    directory,
    path,
    hash: configurationHash(configuration, places),
    positions: { locate: (part) => located(path, part, places) },
  };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new Failure(
        'configuration',
        'CONFIGURATION_NOT_FOUND',
        `there is no configuration at ${path}`,
        'Run `evenstock init` to write a starter, or name the file with --config.',
      );
    }
    const reason = code === 'EISDIR' ? 'it is a folder' : code;
    throw new Failure(
      'configuration',
      'CONFIGURATION_UNREADABLE',
      `${path} cannot be read: ${reason}`,
      'Name a file that may be read with --config.',
    );
  }
}

async function checked(configuration: Configuration, places: Places): Promise<Problem[]> {
  const problems: Problem[] = [];
  const report: Report = (path, message, at = 'value', hint = '') => {
    if (places.get(placeKey(path))?.failed) return;
    const place = nearestPlace(path, places);
    const position = at === 'key' ? place?.keyPosition : place?.position;
    const found = at === 'found' && place !== undefined ? `, found ${place.found}` : '';
    problems.push({ line: position?.line ?? 1, column: position?.column ?? 1, message: `${message}${found}${hint}` });
  };
  checkReferences(configuration, report);
  await checkSources(configuration, report);
  checkLimits(configuration, report);
  checkSignIn(configuration, report);
  return problems;
}

function nearestPlace(path: Path, places: Places) {
  for (let length = path.length; length >= 0; length--) {
    const place = places.get(placeKey(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  return undefined;
}

function located(file: string, path: Path, places: Places): string {
  const { line, column } = nearestPlace(path, places)?.keyPosition ?? { line: 1, column: 1 };
  return `${file}:${line}:${column}`;
}

function removeKeys(value: unknown, path: Path, keys: readonly string[]): void {
  let part = value as Record<string | number, unknown>;
  for (const step of path) part = part[step] as Record<string | number, unknown>;
  for (const key of keys) delete part[key];
}

function invalid(path: string, problems: readonly Problem[]): Failure {
  const inOrder = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = inOrder
    .slice(0, PROBLEMS_SHOWN_MAX)
    .map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
  const more = inOrder.length - lines.length;
  if (more > 0) lines.push(`… and ${more} more`);
  return new Failure(
    'configuration',
    'CONFIGURATION_INVALID',
    lines.join('\n'),
    'Correct these places and run `evenstock check`.',
  );
}
