import { expect, it } from 'vitest';
import { nodeFinding } from './doctor.ts';

it.each([
  ['18.20.4', 'problem'],
  ['20.18.3', 'problem'],
  ['20.19.0', 'ok'],
  ['21.0.0', 'ok'],
  ['22.4.1', 'ok'],
])('Node %s is %s', (version, state) => {
  expect(nodeFinding(version).state).toBe(state);
});
