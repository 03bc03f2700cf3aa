import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import type { TerminalIo } from '../../src/cli/terminal-io.ts';
import { ROOT, repositoryFiles } from './repository.ts';

interface Package {
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const files = repositoryFiles();
const documents = files.filter(({ path }) => path.endsWith('.md'));
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Package;
const NPM_BUILT_IN = new Set(['ci', 'install', 'test', 'pack', 'exec', 'publish', 'view', 'update']);

/** What stands in a document as code: blocks of sh, and words between backticks. */
function codeOf(text: string): string[] {
  return [...text.matchAll(/```sh\n([\s\S]*?)```|`([^`\n]+)`/g)].map((match) => match[1] ?? (match[2] as string));
}

/** Scripts that a document names in code and package.json lacks. */
function missingScripts(text: string): string[] {
  const named = codeOf(text).flatMap((code) => [...code.matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)]);
  return named
    .map((match) => match[1] as string)
    .filter((name) => !NPM_BUILT_IN.has(name) && !(name in packageJson.scripts));
}

const io = { out: process.stdout, err: process.stderr, env: {} } satisfies TerminalIo;
const program = makeProgram(io, '0', () => undefined);
const commands = new Map(program.commands.map((command) => [command.name(), command]));

/** Commands and options of evenstock that a document names in code and the program lacks. */
function missingCommands(text: string): string[] {
  return codeOf(text).flatMap((lines) =>
    [...lines.matchAll(/^(?:.*&& )?(?:npx )?evenstock ([a-z]+)(.*)$/gm)].flatMap(([, name = '', rest = '']) => {
      const named = commands.get(name);
      if (named === undefined) return [`evenstock ${name}`];
      const [, part] = /^ ([a-z]+)/.exec(rest) ?? [];
      const command = named.commands.find((inner) => inner.name() === part) ?? named;
      const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
      const options = [...(rest.split('&&')[0] ?? '').matchAll(/(?<=\s)--[a-z-]+/g)].map(([option]) => option);
      return options.filter((option) => !known.has(option)).map((option) => `evenstock ${name} ${option}`);
    }),
  );
}

/** Links of a document that lead nowhere in the repository. */
function deadLinks(path: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string);
  return links.filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(ROOT, dirname(path), link)));
}

describe('package.json', () => {
  it('ships files that exist', () => {
    // dist is built.
    expect(packageJson.files.filter((name) => name !== 'dist' && !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it('names every package by one exact version', () => {
    const versions = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});

describe('documents', () => {
  it.each(documents)('$path names scripts and commands that exist', ({ text }) => {
    expect([...missingScripts(text), ...missingCommands(text)]).toEqual([]);
  });

  it.each(documents)('$path links to files that exist', ({ path, text }) => {
    expect(deadLinks(path, text)).toEqual([]);
  });

  it('a wrong script, command, option or link is found', () => {
    expect(missingScripts('Run `npm run chek` or `npm tset`.')).toEqual(['chek', 'tset']);
    expect(missingCommands('`evenstock recon`, `npx evenstock check --fast`')).toEqual([
      'evenstock recon',
      'evenstock check --fast',
    ]);
    expect(missingCommands('```sh\nevenstock init x && cd x && evenstock reconcile --dry-run\n```')).toEqual([]);
    expect(deadLinks('docs/glossary.md', '[a](../package.json) [b](gone.md) [c](https://example.org)')).toEqual([
      'gone.md',
    ]);
  });
});

describe('decisions', () => {
  const decisions = documents.filter(({ path }) => path.startsWith('docs/decisions/'));
  const SECTIONS = ['Context', 'Decision', 'Price paid', 'When to revisit'];

  it('are numbered without a gap', () => {
    const names = decisions.map(({ path }) => path.slice('docs/decisions/'.length)).sort();
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([]);
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
  });

  it.each(decisions)('$path has the four parts', ({ text }) => {
    expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(SECTIONS);
  });
});
