import { describe, expect, it } from 'vitest';
import { estimateHabits } from './estimate-habits.ts';
import { readScenario } from './scenario-fixture.ts';

const DAYS = 'opening 11-19 00:00\ncut-off 11-22 00:00 lag 30\n';
const HOURS = Array.from({ length: 24 }, (_, hour) => `11-20 ${String(hour).padStart(2, '0')}`);

/** One movement an hour and its posting, as `line` writes them. */
function habitsOf(line: (hour: string, at: number) => string, head = ''): ReturnType<typeof estimateHabits> {
  const { items, settings } = readScenario(
    `${DAYS}${head}\nbalance erp 500>212 wms 500>212\n${HOURS.map(line).join('\n')}`,
  );
  return estimateHabits(items, settings);
}

describe('delay of the ERP', () => {
  it('is the median of linked pairs, with nine in ten between low and high', () => {
    const { delay } = habitsOf(
      (hour, at) => `wms ${hour}:00 shipment -12 ref=S${at}\nerp ${hour}:0${at % 9} shipment -12 ref=S${at}`,
    );
    expect(delay?.median).toBe(3 * 60_000);
    expect(delay?.high).toBe(7 * 60_000);
  });

  it('shows a clock that is behind', () => {
    const { delay } = habitsOf(
      (hour, at) => `wms ${hour}:50 shipment -12 ref=S${at}\nerp ${hour}:05 shipment -12 ref=S${at}`,
    );
    expect(delay?.median).toBe(-45 * 60_000);
  });

  it('without numbers comes from quantities that occur once', () => {
    const { delay } = habitsOf(
      (hour, at) => `wms ${hour}:00 shipment -${at + 1}\nerp ${hour}:06 shipment -${at + 1}`,
      'without references',
    );
    expect(delay?.median).toBe(6 * 60_000);
  });

  it('of few pairs that a number ties does not speak for the summaries beside them', () => {
    const { delay } = habitsOf((hour, at) =>
      at % 4 === 0
        ? `wms ${hour}:00 transfer-out -1 ref=TO${100 + at}\nerp ${hour}:05 transfer-out -1 ref=TO${100 + at}`
        : `wms ${hour}:00 shipment -${at + 1} ref=SO${at}\nerp ${hour}:55 shipment -${at + 1} ref=49000${at}`,
    );
    expect(delay?.high).toBe(55 * 60_000);
  });
});

describe('numbers', () => {
  it('of which the other side knows one in ten are shared, equal ones of the ERP’s own series are not', () => {
    const habits = habitsOf((hour, at) =>
      at % 2 === 0
        ? `wms ${hour}:00 shipment -12 ref=SO${100 + at}\nerp ${hour}:05 shipment -12 ref=SO${100 + at}`
        : `wms ${hour}:00 shipment -12 ref=SO${100 + at}\nerp ${hour}:05 shipment -12 ref=49000${100 + at}`,
    );
    expect(habits.linksByReference).toBe(true);
    expect(habits.foreignShapes).toEqual(['99999999']);
  });

  it('that never meet are no link', () => {
    const habits = habitsOf(
      (hour, at) => `wms ${hour}:00 shipment -12 ref=SO${at}\nerp ${hour}:05 shipment -12 ref=E${at}`,
    );
    expect(habits.linksByReference).toBe(false);
  });
});

describe('users and types', () => {
  const habits = habitsOf(
    (hour, at) => `wms ${hour}:00 shipment -12 ref=S${at}
    erp ${hour}:05 601 -12 ref=S${at} user=RFC
    ${at % 4 === 0 ? `erp ${hour}:30 711 +1 user=JDOE` : ''}`,
  );

  it('a user whose postings have no movements is a person', () => {
    expect(habits.interfaceUsers).toEqual(['RFC']);
  });

  it('types of both sides are translated', () => {
    expect(habits.types).toEqual({ shipment: ['601'] });
  });
});

describe('ledgers', () => {
  it('that lead from the openings to the balances replay', () => {
    const habits = habitsOf(
      (hour, at) => `wms ${hour}:00 shipment -12 ref=S${at}\nerp ${hour}:05 shipment -12 ref=S${at}`,
    );
    expect(habits.replays).toEqual({ erp: true, wms: true });
  });

  it('that begin later do not', () => {
    const habits = habitsOf((hour, at) =>
      at < 12 ? '' : `wms ${hour}:00 shipment -12 ref=S${at}\nerp ${hour}:05 shipment -12 ref=S${at}`,
    );
    expect(habits.replays).toEqual({ erp: false, wms: false });
    expect(habits.ledgersFrom.wms).toBe(Date.parse('2026-11-20T12:00:00Z'));
  });

  it('of an ERP that adds movements up', () => {
    const habits = habitsOf(
      (hour, at) => `wms ${hour}:10 shipment -${5 + (at % 3)}
      wms ${hour}:30 shipment -${7 - (at % 3)}
      erp ${hour}:55 shipment -12`,
      'without references',
    );
    expect(habits.postsSummaries).toBe(true);
  });
});
