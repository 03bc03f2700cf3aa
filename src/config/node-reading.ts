/**
 * Decides which value each node of the configuration stands for, guided by the schema of its place: text where text is
 * expected (0001 stays 0001), numbers and booleans only where nothing else can stand. Never judges whether a value is
 * right: the schema does, and the places kept here tell it where the value stands.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { z } from 'zod';
import { type Environment, type Resolved, readSecretFile, resolveText } from './secret-text.ts';
import type { Problem, TextPosition, YamlText } from './yaml-text.ts';

export type Path = readonly (string | number)[];

/** What is known of one place of the configuration. */
export interface Place {
  readonly position: TextPosition;
  /** Where its key stands; for an entry of a list and for the whole file, the same as `position`. */
  readonly keyPosition: TextPosition;
  /** What stands there, as a message may show it: never a secret, at most 60 characters. */
  readonly found: string;
  readonly expected: string;
  /** The keys that may stand here, with what each expects; absent where any key may. */
  readonly known?: ReadonlyMap<string, string>;
  /** Which option of a union the value was read as. */
  readonly option?: number;
  /** The text as written, where a secret was brought in. */
  readonly secret?: string;
  /** The value could not be read, and a problem already says why. */
  readonly failed?: boolean;
}

export type Places = ReadonlyMap<string, Place>;
export const placeKey = (path: Path): string => JSON.stringify(path);

export interface ReadConfiguration {
  readonly value: unknown;
  readonly places: Places;
  readonly problems: readonly Problem[];
}

type Schema = z.core.$ZodType;

interface Reading {
  readonly targetOf: (alias: Alias) => Node | undefined;
  readonly positionOf: (offset: number) => TextPosition;
  readonly directory: string;
  readonly environment: Environment;
  readonly places: Map<string, Place>;
  readonly problems: Problem[];
}

const def = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def;

/** The schema without what only says that a value may be absent or is changed afterwards. */
function bare(schema: Schema): Schema {
  const definition = def(schema);
  switch (definition.type) {
    case 'optional':
    case 'default':
    case 'nullable':
      return bare(definition.innerType);
    case 'pipe':
      return bare(definition.in);
    default:
      return schema;
  }
}

function optionsOf(schema: Schema): readonly Schema[] {
  const definition = def(bare(schema));
  return definition.type === 'union' ? definition.options.map(bare) : [bare(schema)];
}

/** What a place expects, in words: `text`, `a list`, `one of csv, tsv`. */
function expectedOf(schema: Schema): string {
  const words = optionsOf(schema).map((option) => {
    const definition = def(option);
    switch (definition.type) {
      case 'string':
        return 'text';
      case 'number':
        return 'format' in definition ? 'a whole number' : 'a number';
      case 'boolean':
        return 'true or false';
      case 'enum':
        return `one of ${Object.values(definition.entries).join(', ')}`;
      case 'literal':
        return definition.values.join(' or ');
      case 'array':
        return 'a list';
      case 'object':
      case 'record':
        return 'keys with values';
      default:
        return 'a value';
    }
  });
  return [...new Set(words)].join(' or ');
}

/** Reads the whole file. Problems are secrets that are missing and keys that stand twice. */
export function readNodes(
  yaml: YamlText,
  schema: Schema,
  directory: string,
  environment: Environment,
): ReadConfiguration {
  const { targetOf, positionOf } = yaml;
  const reading: Reading = { targetOf, positionOf, directory, environment, places: new Map(), problems: [] };
  const value = readNode(yaml.root, schema, [], undefined, reading);
  return { value, places: reading.places, problems: reading.problems };
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function readNode(
  written: unknown,
  schema: Schema | undefined,
  path: Path,
  key: Node | undefined,
  reading: Reading,
): unknown {
  const node = isAlias(written) ? reading.targetOf(written) : written;
  const keyOffset = offsetOf(key);
  const position = reading.positionOf(offsetOf(written) ?? keyOffset ?? 0);
  const keyPosition = keyOffset === undefined ? position : reading.positionOf(keyOffset);
  const options = schema === undefined ? [] : optionsOf(schema);
  const place = {
    position,
    keyPosition,
    found: foundIn(node),
    expected: schema === undefined ? 'a value' : expectedOf(schema),
  };
  const keep = (more: Partial<Place>) => reading.places.set(placeKey(path), { ...place, ...more });

  const text = textOf(node, options, reading);
  if (text !== undefined) {
    const { resolved, source } = text;
    const at = resolved.ok ? optionForText(options, resolved.text) : -1;
    keep({
      ...(at < 0 ? {} : { option: at }),
      ...(resolved.ok ? (resolved.secret ? { secret: source } : {}) : { failed: true }),
    });
    if (resolved.ok) return converted(resolved.text, options[at]);
    reading.problems.push({ ...position, message: resolved.reason });
    return source;
  }
  if (isSeq(node)) {
    const at = options.findIndex((option) => def(option).type === 'array');
    const definition = at < 0 ? undefined : def(options[at]!);
    keep(at < 0 ? {} : { option: at });
    const element = definition?.type === 'array' ? definition.element : undefined;
    return node.items.map((item, index) => readNode(item, element, [...path, index], undefined, reading));
  }
  if (isMap(node)) {
    const at = optionForMap(options, node);
    const shape = at < 0 ? undefined : shapeOf(options[at]!);
    const known =
      shape === undefined
        ? undefined
        : new Map(Object.entries(shape).map(([name, inner]) => [name, expectedOf(inner)]));
    keep({ ...(at < 0 ? {} : { option: at }), ...(known === undefined ? {} : { known }) });
    return readMap(node, at < 0 ? undefined : options[at], path, reading);
  }
  keep({});
  return null;
}

function shapeOf(option: Schema): Readonly<Record<string, Schema>> | undefined {
  const definition = def(option);
  return definition.type === 'object' ? definition.shape : undefined;
}

function readMap(node: YAMLMap, option: Schema | undefined, path: Path, reading: Reading): Record<string, unknown> {
  const definition = option === undefined ? undefined : def(option);
  const value: Record<string, unknown> = {};
  const lines = new Map<string, number>();
  for (const pair of node.items as Pair<unknown, unknown>[]) {
    const name = keyText(pair);
    const key = pair.key as Node;
    const position = reading.positionOf(offsetOf(key) ?? 0);
    const first = lines.get(name);
    if (first !== undefined) {
      reading.problems.push({ ...position, message: `the key "${name}" stands twice; first in line ${first}` });
      continue;
    }
    lines.set(name, position.line);
    // As a plain object's key it would set the object's prototype, and the schema would not see it.
    if (name === '__proto__') {
      reading.problems.push({ ...position, message: 'the key "__proto__" cannot be used' });
      continue;
    }
    const inner =
      definition?.type === 'object'
        ? own(definition.shape, name)
        : definition?.type === 'record'
          ? definition.valueType
          : undefined;
    value[name] = readNode(pair.value, inner, [...path, name], key, reading);
  }
  return value;
}

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const keyText = (pair: Pair<unknown, unknown>): string =>
  isScalar(pair.key) ? String(pair.key.value) : String(pair.key);

/** The text at a node, or undefined where it holds something else or nothing. */
function textOf(
  node: unknown,
  options: readonly Schema[],
  reading: Reading,
): { readonly resolved: Resolved; readonly source: string } | undefined {
  if (isScalar(node)) {
    if (isNothing(node)) return undefined;
    const source = String(node.value);
    return { resolved: resolveText(source, reading.environment), source };
  }
  const file = isMap(node) && takesSecretFile(options) ? onlyFile(node) : undefined;
  return file === undefined
    ? undefined
    : { resolved: readSecretFile(file, reading.directory), source: `{ file: ${file} }` };
}

/** Nothing after the colon or the dash. Quotes with nothing between them are text. */
const isNothing = (node: Scalar): boolean =>
  node.value === null || (node.type === 'PLAIN' && node.value === '' && node.tag === undefined);

function takesSecretFile(options: readonly Schema[]): boolean {
  const takesText = options.length === 0 || options.some((option) => ['string', 'unknown'].includes(def(option).type));
  return takesText && !options.some((option) => Object.hasOwn(shapeOf(option) ?? {}, 'file'));
}

function onlyFile(node: YAMLMap): string | undefined {
  const [pair, ...others] = node.items as Pair<unknown, unknown>[];
  if (pair === undefined || others.length > 0 || keyText(pair) !== 'file') return undefined;
  return isScalar(pair.value) && !isNothing(pair.value) ? String(pair.value.value) : undefined;
}

/** Text wins over anything else that could be made of a scalar. */
function optionForText(options: readonly Schema[], text: string): number {
  const types = options.map((option) => def(option).type);
  const literal = options.findIndex((option) => converted(text, option) !== text);
  return [types.indexOf('string'), literal, types.indexOf('enum')].find((at) => at >= 0) ?? -1;
}

function converted(text: string, option: Schema | undefined): unknown {
  const definition = option === undefined ? undefined : def(option);
  switch (definition?.type) {
    case 'number':
      return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return /^(true|True|TRUE)$/.test(text) ? true : /^(false|False|FALSE)$/.test(text) ? false : text;
    case 'literal':
      return definition.values.find((value) => String(value) === text) ?? text;
    default:
      return text;
  }
}

/** The option that knows most of the keys; -1 where no option takes keys. */
function optionForMap(options: readonly Schema[], node: YAMLMap): number {
  const names = (node.items as Pair<unknown, unknown>[]).map(keyText);
  let best = -1;
  let hitsMax = -1;
  options.forEach((option, at) => {
    const type = def(option).type;
    if (type !== 'object' && type !== 'record') return;
    const hits = names.filter((name) => Object.hasOwn(shapeOf(option) ?? {}, name)).length;
    if (hits > hitsMax) [best, hitsMax] = [at, hits];
  });
  return best;
}

const SHOWN_LENGTH_MAX = 60;

function foundIn(node: unknown): string {
  if (isSeq(node)) return 'a list';
  if (isMap(node)) return 'keys with values';
  if (!isScalar(node) || isNothing(node)) return 'nothing';
  const text = String(node.value);
  return JSON.stringify(text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX - 1)}…` : text);
}
