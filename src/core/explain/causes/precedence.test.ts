import { describe, expect, it } from 'vitest';
import { CAUSE_CODES } from '../cause-code.ts';
import { causesOf } from '../scenario-fixture.ts';
import { CAUSES } from './precedence.ts';

it('every cause of the catalogue has its place', () => {
  expect(CAUSES.map(({ code }) => code).sort()).toEqual([...CAUSE_CODES].sort());
});

describe('the worked example of each cause, in order of precedence', () => {
  it.each(CAUSES.map((cause) => [cause.code, cause] as const))('%s', (_code, { example }) => {
    expect(causesOf(example.scenario)).toBe(example.expected.trim());
  });
});
