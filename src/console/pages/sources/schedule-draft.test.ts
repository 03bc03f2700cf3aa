import { expect, it } from 'vitest';
import { documentOf, draftOf, type Schedule } from './schedule-draft.ts';

const document = {
  time_zone: 'America/Chicago',
  times: [{ daily: ['06:00', '18:00'] }, { hourly: 15, from: '08:00', to: '16:00' }, { cron: '30 22 * * SUN' }],
  arrival: { sides: 'both', wait: '30m' },
  calendar: { weekdays: ['monday', 'friday'], holidays: ['2026-12-25'], extra_days: [] },
  blackouts: [
    { weekdays: ['sunday'], reason: 'count', from: '01:00', to: '03:00' },
    { from: '2026-12-31T12:00', to: '2027-01-02T06:00' },
  ],
  filters: { site: ['DC1'], item: ['A'] },
  catch_up: 'never',
};

it('what a document says survives the form, also what no field shows', () => {
  const schedule = { name: 'n', is_enabled: false, document } as unknown as Schedule;
  expect(documentOf(draftOf(schedule, 'Etc/UTC'))).toEqual(document);
});

it('a new one is daily in the zone of the reader; what is no number is left to the server', () => {
  const draft = draftOf(undefined, 'Europe/Berlin');
  expect(documentOf(draft)).toEqual({
    time_zone: 'Europe/Berlin',
    times: [{ daily: ['06:00'] }],
    blackouts: [],
    filters: { site: [], item: [] },
    catch_up: 'once',
  });
  const wrong = { id: 0, kind: 'hourly', text: 'half', from: '', to: '' } as const;
  expect(documentOf({ ...draft, times: [wrong] })['times']).toEqual([{ hourly: 'half' }]);
});
