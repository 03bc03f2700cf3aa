import { describe, expect, it } from 'vitest';
import { FILE_RULES, WORD_COUNT, WORD_SAMPLES } from './tidy/file-rules.ts';
import { repositoryFiles } from './tidy/repository.ts';

const files = repositoryFiles();

it('the repository is looked at', () => {
  expect(files.filter((file) => file.path.startsWith('src/')).length).toBeGreaterThan(100);
});

describe.each(FILE_RULES)('$name', (rule) => {
  it('holds for every file', () => {
    const problems = files.flatMap((file) => rule.check(file).map((problem) => `${file.path}: ${problem}`));
    expect(problems).toEqual([]);
  });

  it('finds a file that breaks it, and passes one that does not', () => {
    expect(rule.check(rule.broken)).not.toEqual([]);
    expect(rule.check(rule.fine)).toEqual([]);
  });
});

describe('every banned word', () => {
  const words = FILE_RULES.find((rule) => rule.name.includes('banned word'));

  it('has a sample', () => {
    expect(WORD_SAMPLES).toHaveLength(WORD_COUNT);
  });

  it.each(WORD_SAMPLES)('is found: %s', (sample) => {
    expect(words?.check({ path: 'src/core/rank.ts', text: `/** Ranks. */\n${sample}\n` })).toHaveLength(1);
  });
});
