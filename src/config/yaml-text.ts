/**
 * Decides whether the bytes of a configuration file are one YAML document with one mapping, and where each of its
 * nodes stands. Never gives a scalar a type: every scalar stays the text that was written.
 */
import { isUtf8 } from 'node:buffer';
import { type Alias, type Document, isMap, LineCounter, type Node, parseDocument, visit, type YAMLMap } from 'yaml';

/** A place in the file; line and column count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** What is wrong at one place. */
export interface Problem extends TextPosition {
  readonly message: string;
}

export interface YamlText {
  readonly root: YAMLMap;
  /** The node that an alias stands for. */
  readonly targetOf: (alias: Alias) => Node | undefined;
  /** The position of an offset into the text. */
  readonly positionOf: (offset: number) => TextPosition;
}

/** 512 KiB: a configuration is some kilobytes, and the parser takes about two seconds for a megabyte. */
const BYTES_MAX = 524_288;

/**
 * Aliases may repeat parts of the file, but not so often that a small file becomes a huge configuration: the parser
 * counts uses × the aliases inside what is used.
 */
const ALIASES_MAX = 10_000;

const START: TextPosition = { line: 1, column: 1 };

function unreadable(bytes: Uint8Array): Problem | undefined {
  if (bytes.length === 0) return { ...START, message: 'the file is empty' };
  if (bytes.length > BYTES_MAX)
    return { ...START, message: `the file has ${bytes.length} bytes; a configuration has at most ${BYTES_MAX}` };
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { ...START, message: 'the file is UTF-16; save it as UTF-8' };
  }
  let start = 0;
  for (let line = 1; start <= bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const content = bytes.subarray(start, end);
    if (!isUtf8(content)) return { line, column: 1, message: 'this line is not UTF-8; save the file as UTF-8' };
    if (content.includes(0))
      return { line, column: content.indexOf(0) + 1, message: 'the line has a NUL byte; a configuration is text' };
    start = end + 1;
  }
  return undefined;
}

type Targets = ReadonlyMap<Alias, Node>;

/** Finds what each alias stands for: the last node before it with that anchor. */
function resolveAliases(
  document: Document,
  at: (offset: number) => TextPosition,
): { targets: Targets; problems: Problem[] } {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const problems: Problem[] = [];
  visit(document, {
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias(_key, alias, path) {
      const target = anchors.get(alias.source);
      const position = at(alias.range?.[0] ?? 0);
      if (target === undefined)
        problems.push({ ...position, message: `no part before this is called &${alias.source}` });
      else if (path.includes(target)) problems.push({ ...position, message: `*${alias.source} would hold itself` });
      else targets.set(alias, target);
    },
  });
  return { targets, problems };
}

function repeatsTooMuch(document: Document): boolean {
  try {
    document.toJS({ maxAliasCount: ALIASES_MAX });
    return false;
  } catch (error) {
    if (error instanceof ReferenceError) return true;
    throw error;
  }
}

export type YamlReading =
  | { readonly ok: true; readonly yaml: YamlText }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const refused = (...problems: Problem[]): YamlReading => ({ ok: false, problems });

/** Reads the bytes, or says everything that keeps them from being read. */
export function readYaml(bytes: Uint8Array): YamlReading {
  const reason = unreadable(bytes);
  if (reason !== undefined) return refused(reason);
  try {
    return readText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // The parser calls itself for each level; a few thousand brackets use up the stack.
    if (error instanceof RangeError) return refused({ ...START, message: 'the file is nested too deeply' });
    throw error;
  }
}

function readText(text: string): YamlReading {
  const lineCounter = new LineCounter();
  const positionOf = (offset: number): TextPosition => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(text, {
    schema: 'failsafe',
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter,
  });
  // An unknown tag is only a warning to the parser, but then `!secret x` would pass as the text x.
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return refused(
      ...faults.map((fault) => ({ ...positionOf(fault.pos[0]), message: `not valid YAML: ${fault.message}` })),
    );
  }
  const root = document.contents;
  if (root === null) return refused({ ...START, message: 'the file holds only comments' });
  if (!isMap(root))
    return refused({ ...positionOf(root.range[0]), message: 'expected keys with values, such as "version: 1"' });
  const { targets, problems } = resolveAliases(document, positionOf);
  if (problems.length > 0) return refused(...problems);
  if (repeatsTooMuch(document))
    return refused({ ...START, message: 'aliases repeat too much of the file; write it out' });
  return { ok: true, yaml: { root, positionOf, targetOf: (alias) => targets.get(alias) } };
}
