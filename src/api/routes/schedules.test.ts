import { expect, it } from 'vitest';
import { describeApi } from '../api-fixture.ts';

const document = {
  time_zone: 'America/Chicago',
  times: [{ daily: ['06:00', '18:00'] }],
  blackouts: [{ from: '17:00', to: '19:00', weekdays: ['sunday'] }],
};

describeApi('the preview of a schedule', (open) => {
  it('says the next times on the clock of its time zone, without those in a blackout', async () => {
    const api = await open();
    const answer = await api.request('POST', '/schedules/preview', { as: 'viewer', body: { document, count: 28 } });
    expect(answer.statusCode, answer.body).toBe(200);
    const { items, time_zone } = answer.json() as { items: string[]; time_zone: string };
    expect([time_zone, items.length]).toEqual(['America/Chicago', 28]);
    const isSunday = (text: string) => new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDay() === 0;
    for (const text of items) expect(text).toMatch(/^\d{4}-\d\d-\d\dT(06|18):00:00-0[56]:00$/);
    expect(items.filter((text) => isSunday(text) && text.includes('T18'))).toEqual([]);
    expect([...items].sort()).toEqual(items);
    expect(Date.parse(items[0] as string)).toBeGreaterThan(api.context.now());
  });

  it('never leaves the offset out, and says what is wrong with a document', async () => {
    const api = await open();
    const ask = async (changed: object) =>
      api.request('POST', '/schedules/preview', { as: 'viewer', body: { document: { ...document, ...changed } } });
    expect((await ask({ time_zone: 'Etc/UTC' })).json().items[0]).toMatch(/\+00:00$/);
    expect((await ask({ times: [{ cron: '0 0 30 2 *' }] })).json().items).toEqual([]);
    const wrong = await ask({ time_zone: 'Mars/Olympus' });
    expect([wrong.statusCode, wrong.json().errors[0].path]).toEqual([422, 'body.document.time_zone']);
    expect((await ask({ times: [] })).statusCode).toBe(422);
  });
});
