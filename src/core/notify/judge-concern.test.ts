import { describe, expect, test } from 'vitest';
import { type ConcernedLine, concernsAlert, concernsLine, concernsRun } from './judge-concern.ts';
import type { NotifyRule } from './notify-rule.ts';

const RULE: NotifyRule = {
  topics: ['run-digest', 'discrepancy', 'run-failed', 'feed-silent', 'message-late'],
  sites: null,
  causes: [],
  categories: [],
  min_value: null,
  only_new: false,
  grown_by_percent: 20,
  time_zone: 'UTC',
  quiet_hours: [],
  gatherMs: 0,
  lines_max: 10,
};
const LINE: ConcernedLine = { site: 'DC1', category: 'available', cause: undefined, valueSize: 50_000, isNew: false };

describe('a discrepancy', () => {
  test.each<[string, Partial<NotifyRule>, Partial<ConcernedLine>, boolean]>([
    ['concerns a rule without limits', {}, {}, true],
    ['of another topic does not', { topics: ['run-digest'] }, {}, false],
    ['of a site of the rule does', { sites: ['DC1', 'DC2'] }, {}, true],
    ['of another site does not', { sites: ['DC2'] }, {}, false],
    ['of no site does not where sites are named', { sites: ['DC2'] }, { site: '' }, false],
    ['of the limit does', { min_value: '500' }, {}, true],
    ['a cent below does not', { min_value: '500.01' }, {}, false],
    ['without a cost does not where there is a limit', { min_value: '0' }, { valueSize: -1 }, false],
    ['without a cost does where there is none', {}, { valueSize: -1 }, true],
    ['without a cause does not where causes are named', { causes: ['message-lost'] }, {}, false],
    ['of the cause does', { causes: ['message-lost'] }, { cause: 'message-lost' }, true],
    ['of another cause does not', { causes: ['message-lost'] }, { cause: 'rounding' }, false],
    ['of another category does not', { categories: ['blocked'] }, {}, false],
    ['that was there does not where only new ones do', { only_new: true }, {}, false],
    ['that is new does', { only_new: true }, { isNew: true }, true],
  ])('%s', (_name, rule, line, concerns) => {
    expect(concernsLine({ ...RULE, ...rule }, { ...LINE, ...line }, 2)).toBe(concerns);
  });
});

test('a run concerns who sees any of its sites', () => {
  const rule = { ...RULE, sites: ['DC1'] };
  expect(concernsRun(rule, 'run-digest', [])).toBe(true);
  expect(concernsRun(rule, 'run-digest', ['DC2', 'DC1'])).toBe(true);
  expect(concernsRun(rule, 'run-digest', ['DC2'])).toBe(false);
  expect(concernsRun({ ...rule, topics: ['run-failed'] }, 'run-digest', [])).toBe(false);
});

test('an alert of no site concerns everybody, one of a site who sees it', () => {
  const rule = { ...RULE, sites: ['DC1'] };
  expect(['', 'DC1', 'DC2'].map((site) => concernsAlert(rule, 'feed-silent', site))).toEqual([true, true, false]);
});
