import { expect, it } from 'vitest';
import { documentOf, ruleWordsOf } from './rule-words.ts';

const DOCUMENT = {
  topics: ['discrepancy'],
  channels: ['c1'],
  sites: ['DC1'],
  causes: ['message-lost'],
  categories: ['available'],
  min_value: '500',
  only_new: true,
  grown_by_percent: 30,
  time_zone: 'America/Chicago',
  quiet_hours: [
    { days: ['sat'], from: '22:00', to: '05:30' },
    { from: '12:00', to: '13:00' },
  ],
  gather: '10m',
  lines_max: 5,
};

it('keeps what the form does not show', () => {
  expect(documentOf(ruleWordsOf(DOCUMENT), DOCUMENT)).toEqual(DOCUMENT);
});

it('says for all sites, any value and no quiet hours what the server wants to hear', () => {
  const words = { ...ruleWordsOf(DOCUMENT), sites: [], minValue: '', quietFrom: '' };
  expect(documentOf(words, DOCUMENT)).toMatchObject({
    sites: null,
    min_value: null,
    quiet_hours: [{ from: '12:00', to: '13:00' }],
  });
});
