/**
 * Decides what one file of the repository may look like: its name, its header, its words. Each rule comes with a sample
 * that breaks it, so that a rule that finds nothing is seen. Lengths and formatting are biome's (biome.json), imports
 * dependency-cruiser's (.dependency-cruiser.mjs).
 */
import ts from 'typescript';
import type { RepositoryFile } from './repository.ts';

export interface FileRule {
  readonly name: string;
  /** What is wrong with the file, one sentence each; none where it is fine. */
  readonly check: (file: RepositoryFile) => string[];
  readonly broken: RepositoryFile;
  readonly fine: RepositoryFile;
}

const CODE = /^(src|simulator|bench|scripts|test)\/.*\.(tsx?|mjs|js)$/;
/** Tests, and what only they import: not shipped (see tsconfig.build.json). */
const isTest = (path: string): boolean => /(\.test|-fixture)\.ts$/.test(path);
const segmentsOf = (path: string): string[] => path.split('/').map((part) => part.replace(/\..*$/, ''));

const kebabCase: FileRule = {
  name: 'code files and folders are named in kebab-case',
  check: ({ path }) => {
    if (!CODE.test(path)) return [];
    return segmentsOf(path)
      .filter((segment) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(segment))
      .map((segment) => `${segment} is not in kebab-case`);
  },
  broken: { path: 'src/core/compareBalances.ts', text: '' },
  fine: { path: 'src/core/compare/compare-balances.test.ts', text: '' },
};

const BANNED_NAMES = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'misc']);
const tellingNames: FileRule = {
  name: 'no file or folder is called utils, helpers, common or manager',
  check: ({ path }) =>
    segmentsOf(path)
      .filter((segment) => segment.split('-').some((word) => BANNED_NAMES.has(word)))
      .map((segment) => `${segment} does not say its job`),
  broken: { path: 'src/core/date-utils.ts', text: '' },
  fine: { path: 'src/core/time.ts', text: '' },
};

const header: FileRule = {
  name: 'every file of code says first what it decides',
  check: ({ path, text }) =>
    CODE.test(path) && !isTest(path) && !/^(#!.*\n)?\/[/*]/.test(text) ? ['no header comment'] : [],
  broken: { path: 'src/core/rank.ts', text: 'export const rank = 1;\n/** Too late. */\n' },
  fine: { path: 'scripts/build.mjs', text: '#!/usr/bin/env node\n// Builds.\n' },
};

/** Words that may not stand in code, and what stands there instead. `within`: only in these files. */
const WORDS: readonly { readonly word: RegExp; readonly instead: string; readonly within?: RegExp }[] = [
  { word: /source_?of_?truth/i, instead: 'name the side that is right, per finding' },
  { word: /\b(left|right|source|target)(Side|Quantity|System|Balance)\b/, instead: 'sides are erp and wms' },
  { word: /\bdrift\b|\bdiscrepency\b/i, instead: 'variance, with its sign' },
  { word: /\berp\s*-\s*wms\b/, instead: 'variance = WMS − ERP' },
  { word: /\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\))/, instead: 'an issue, named as in TODO(#12)' },
  { word: /\b(describe|it|test)\.only\(/, instead: 'run one test by its name on the command line' },
  { word: /expect\((true|false)\)\.toBe\(/, instead: 'a test that can fail' },
  { word: /catch\s*(\([^)]*\)\s*)?\{\s*\}/, instead: 'handle the error, or say in a comment why it does not matter' },
  { word: /@ts-(ignore|nocheck)/, instead: 'a type that fits, or @ts-expect-error with a reason' },
  {
    word: /\bparseFloat\(/,
    instead: 'parseDecimal: quantities and money are exact',
    within: /^src\/(core|config|app|engine|ingest|store)\//,
  },
  {
    word: /(?<!\* 100\))\.toFixed\(/,
    instead: 'formatFixed: quantities and money are exact',
    within: /^src\/(core|engine)\//,
  },
  {
    word: /\bDate\.now\(|new Date\(\)|\bMath\.random\(/,
    instead: 'take the time or the random source as an argument',
    within: /^src\/(core|config|contract|report|engine)\//,
  },
  { word: /\bconsole\.\w+\(/, instead: 'TerminalIo: data on stdout, diagnostics on stderr', within: /^src\// },
  {
    word: /\bprocess\.(env|argv|stdout|stderr|exit)\b/,
    instead: 'take it as an argument; the doors in src/cli have it',
    within: /^src\/(core|config|contract|engine|ingest|report|store|app)\//,
  },
];

const words: FileRule = {
  name: 'no banned word stands in code',
  check: ({ path, text }) => {
    if (!CODE.test(path) || path.startsWith('test/tidy')) return [];
    return WORDS.filter(({ within }) => !isTest(path) || within === undefined).flatMap(({ word, instead, within }) => {
      const found = (within?.test(path) ?? true) && word.exec(text);
      return found ? [`line ${lineOf(text, found.index)}: ${found[0]}; instead: ${instead}`] : [];
    });
  },
  broken: { path: 'src/core/rank.ts', text: '/** Ranks. */\nconst value = parseFloat(text);\n' },
  fine: {
    path: 'src/core/rank.ts',
    text: '/** Ranks. */\n// TODO(#12): by impact\nconst value = parseDecimal(text);\n',
  },
};

/** One sample for each banned word, so that none of them is a pattern that never fits. */
export const WORD_SAMPLES: readonly string[] = [
  'const sourceOfTruth = 1;',
  'const leftQuantity = 1;',
  'const drift = 1;',
  'const variance = erp - wms;',
  '// TODO later',
  "it.only('x', () => {});",
  'expect(true).toBe(true);',
  'try { go(); } catch {}',
  '// @ts-ignore',
  "const value = parseFloat('1.5');",
  'const value = amount.toFixed(2);',
  'const at = new Date();',
  "console.log('x');",
  'const home = process.env.HOME;',
];
export const WORD_COUNT = WORDS.length;

const machinePaths: FileRule = {
  name: 'no path of one machine stands anywhere',
  check: ({ path, text }) => {
    // The rule's own sample is the only one.
    if (path === 'test/tidy/file-rules.ts') return [];
    const found = /(?<![\w.$}/-])\/(work|home|root|Users)\/[\w.-]/.exec(text);
    return found ? [`line ${lineOf(text, found.index)}: ${found[0]}`] : [];
  },
  broken: { path: 'docs/guide.md', text: 'Look into /home/anna/in.' },
  fine: { path: 'docs/guide.md', text: 'Look into acme/home/in, or https://example.org/work/list.' },
};

const registries: FileRule = {
  name: 'no package registry is named',
  check: ({ path, text }) => {
    if (path === 'test/tidy/file-rules.ts') return [];
    const found = /registry\.(npmjs|yarnpkg)|"resolved":\s*"http|files\.pythonhosted|deb\.debian|crates\.io\/api/.exec(
      text,
    );
    return found ? [`line ${lineOf(text, found.index)}: ${found[0]}`] : [];
  },
  broken: { path: 'package-lock.json', text: '"resolved": "https://registry.example.org/zod"' },
  fine: { path: 'package-lock.json', text: '"integrity": "sha512-abc", "url": "https://opencollective.com/zod"' },
};

/** From this length on the name of an exported function of the core does not say enough: units, signs, errors. */
const DOCSTRING_LINES = 12;
const docstrings: FileRule = {
  name: `every exported function of ${DOCSTRING_LINES} lines or more in the core and the use cases has a docstring`,
  check: ({ path, text }) => {
    if (!/^src\/(core|app|ingest|engine|store|config|report)\/.*\.ts$/.test(path) || isTest(path)) return [];
    const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return parsed.statements.filter(ts.isFunctionDeclaration).flatMap((node) => {
      const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
      const lines = node.getText().split('\n').length;
      const hasDocstring = ts.getJSDocCommentsAndTags(node).length > 0;
      return isExported && lines >= DOCSTRING_LINES && !hasDocstring
        ? [`${node.name?.text} (${lines} lines) has no docstring`]
        : [];
    });
  },
  broken: {
    path: 'src/core/rank.ts',
    text: `/** Ranks. */\nimport 'x';\n\nexport function rank() {\n${'  go();\n'.repeat(12)}}\n`,
  },
  fine: {
    path: 'src/core/rank.ts',
    text: `/** Ranks. */\nimport 'x';\n\n/** By value. */\nexport function rank() {\n${'  go();\n'.repeat(12)}}\n`,
  },
};

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

export const FILE_RULES: readonly FileRule[] = [
  kebabCase,
  tellingNames,
  header,
  words,
  machinePaths,
  registries,
  docstrings,
];
