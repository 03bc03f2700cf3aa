import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SYSTEMIC_TRAITS } from '../traits.ts';
import { at, repeat, traitsOf } from './sample-fixture.ts';

/** One item of which `moved` units went after a moment, and a variance as given. */
function moved(item: string, clock: string, units: number, variance: number, role: 'erp' | 'wms' = 'wms'): string {
  return `
    item ${item}
    key DC1 available wms AVAILABLE ${1000 + variance} erp UNRESTRICTED 1000
    wms 08:00 DC1 available 9 AVAILABLE
    erp 08:05 DC1 available 9 UNRESTRICTED
    ${role} ${clock} DC1 available ${units} ${role === 'wms' ? 'AVAILABLE' : 'UNRESTRICTED'}`;
}

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('\n');

describe('a snapshot of another moment than it says', () => {
  it('stale: the WMS lacks what it shipped since twenty past four', () => {
    const { traits, shifts } = traitsOf(
      many(12, (index) => moved(`I${index}`, `16:${20 + index}`, -3 - index, 3 + index)),
    );
    expect(traits).toEqual({
      ...NO_SYSTEMIC_TRAITS,
      staleSnapshots: [{ role: 'wms', sites: undefined, at: at('8:00') }],
    });
    expect(shifts[0]).toMatchObject({ moved: 12, fitting: 12, missingFrom: at('16:20'), confidence: 0.98 });
  });

  it('says between which postings the moment lies', () => {
    const sound = many(20, (index) => moved(`S${index}`, `16:0${index % 10}`, -2 - index, 0));
    const { shifts } = traitsOf(sound + many(9, (index) => moved(`I${index}`, `16:1${index}`, -3 - index, 3 + index)));
    expect(shifts).toMatchObject([{ role: 'wms', heldUntil: at('16:09'), missingFrom: at('16:10') }]);
  });

  it('stale: the ERP lacks what it posted', () => {
    const { traits } = traitsOf(many(9, (index) => moved(`I${index}`, `16:3${index}`, 5 + index, 5 + index, 'erp')));
    expect(traits.staleSnapshots).toMatchObject([{ role: 'erp' }]);
  });

  it('one key in ten with a fault of its own does not hide it, one in three does', () => {
    const world = (every: number): string =>
      many(30, (index) => moved(`I${index}`, `16:${10 + index}`, -3 - index, index % every === 1 ? 1 : 3 + index));
    expect(traitsOf(world(10)).traits.staleSnapshots).toHaveLength(1);
    expect(traitsOf(world(3)).traits).toEqual(NO_SYSTEMIC_TRAITS);
  });

  it('a key further back that fits by chance does not move the moment', () => {
    const stale = many(20, (index) => moved(`I${index}`, `16:${20 + index}`, -3 - index, 3 + index));
    const chance = moved('C', '15:00', -4, 4);
    const sound = moved('S', '15:30', -4, 0) + moved('T', '15:40', -4, 0);
    expect(traitsOf(stale + sound + chance).shifts[0]).toMatchObject({ moved: 20, missingFrom: at('16:20') });
  });

  it('seven keys are no proof', () => {
    const text = many(7, (index) => moved(`I${index}`, `16:2${index}`, -3 - index, 3 + index));
    expect(traitsOf(text).traits).toEqual(NO_SYSTEMIC_TRAITS);
  });

  it('one of two sites', () => {
    const stale = many(9, (index) => moved(`I${index}`, `16:2${index}`, -3 - index, 3 + index));
    const sound = many(9, (index) => moved(`J${index}`, `16:2${index}`, -3 - index, 0)).replaceAll('DC1', 'DC2');
    expect(traitsOf(stale + sound).traits.staleSnapshots).toMatchObject([{ role: 'wms', sites: ['DC1'] }]);
  });

  const fiveHours =
    many(9, (index) => moved(`I${index}`, `13:0${index + 1}`, -3 - index, 3 + index)) +
    many(9, (index) => moved(`S${index}`, `12:5${index}`, -3 - index, 0));

  it('whole hours off: the time zone', () => {
    const { traits, shifts } = traitsOf(fiveHours);
    expect(traits.timeZoneShifts).toEqual([{ role: 'wms', sites: undefined, hours: 5 }]);
    // Two minutes lie between what is held and what is missing.
    expect(shifts[0]?.confidence).toBeCloseTo(1 / (1 + 3 / 60));
  });

  it('the same hours as in an earlier run: surely the time zone', () => {
    const { shifts } = traitsOf(fiveHours, { earlierShifts: [{ role: 'wms', sites: undefined, hours: 5 }] });
    expect(shifts).toMatchObject([{ hours: 5, confidence: 0.97 }]);
  });

  it('a time zone to the other side: the snapshot holds what came after its cut-off', () => {
    const text =
      many(9, (index) => moved(`I${index}`, `18:5${index}`, -3 - index, -3 - index)) +
      many(9, (index) => moved(`S${index}`, `19:0${index + 1}`, -3 - index, 0));
    expect(traitsOf(text).traits.timeZoneShifts).toEqual([{ role: 'wms', sites: undefined, hours: -1 }]);
  });

  it('a ledger that was extracted with such a snapshot: the next whole hour', () => {
    const text = many(9, (index) => moved(`I${index}`, `18:5${index}`, -3 - index, -3 - index));
    expect(traitsOf(text).shifts).toMatchObject([{ role: 'wms', hours: -1, heldUntil: at('18:58') }]);
  });

  /** Nothing of the WMS is in the ERP since 14:00, and the ERP's ledger ends there. */
  const silent = (state: string): string =>
    many(
      12,
      (index) => `${moved(`I${index}`, `14:${10 + index}`, -5 - index, -5 - index)}
      message 14:${10 + index} ${state}`,
    );

  it('the ledger was written with the stale snapshot: the other ledger shows it, and that the messages came through', () => {
    const { shifts } = traitsOf(silent('applied'));
    expect(shifts).toMatchObject([{ role: 'erp', ledger: 'wms', missingFrom: at('14:10') }]);
    expect(shifts[0]?.confidence).toBeLessThan(0.98);
  });

  it('all interfaces down is no stale snapshot', () => {
    expect(traitsOf(silent('sent')).shifts).toEqual([]);
  });
});

describe('a native status', () => {
  const sound = repeat(
    40,
    `item S#
     key DC1 available wms AVAILABLE 10% erp UNRESTRICTED 10%
     key DC1 unavailable wms QUALITY 1% erp BLOCKED 1%`,
  );

  it('belongs to no category: the ERP holds its units as unavailable', () => {
    const text = repeat(
      9,
      `item A#
       key DC1 available wms AVAILABLE 50 erp UNRESTRICTED 50
       key DC1 unavailable wms QUALITY 4 erp BLOCKED 4%
       key DC1 none wms HOLD %`,
    ).replaceAll(/QUALITY 4 erp BLOCKED 4(\d+)/g, (_, units) => `QUALITY 4 erp BLOCKED ${4 + Number(units)}`);
    const { traits, gaps } = traitsOf(`${sound}\n${text}`);
    expect(traits.unmappedStatuses).toEqual([{ role: 'wms', system: 'wms1', status: 'HOLD', category: 1 }]);
    expect(gaps).toMatchObject([{ cause: 'status-unmapped', holding: 9, fitting: 9, confidence: 0.99 }]);
  });

  it('belongs to the wrong category: what one has too many, the other lacks', () => {
    const text = repeat(
      9,
      `item A#
       key DC1 available wms AVAILABLE 50 HOLD % erp UNRESTRICTED 50
       key DC1 unavailable erp BLOCKED %`,
    );
    const { traits } = traitsOf(`${sound}\n${text}`);
    expect(traits.unmappedStatuses).toEqual([{ role: 'wms', system: 'wms1', status: 'HOLD', category: 1 }]);
    expect(traits.scopeGaps).toEqual([]);
  });

  it('is missing in the extract of the other side', () => {
    const text = repeat(9, 'item A#\n key DC1 available wms AVAILABLE 50 STAGED % erp UNRESTRICTED 50');
    expect(traitsOf(`${sound}\n${text}`).traits.scopeGaps).toEqual([
      { role: 'erp', heldBy: 'wms', status: 'STAGED', category: 0 },
    ]);
  });

  it('and another one are missing together', () => {
    const staged = repeat(9, 'item A#\n key DC1 available wms AVAILABLE 50 STAGED % erp UNRESTRICTED 50');
    const both = repeat(9, 'item B#\n key DC1 available wms AVAILABLE 50 STAGED % PACKED 2# erp UNRESTRICTED 50', 20);
    expect(
      traitsOf([sound, staged, both].join('\n'))
        .traits.scopeGaps.map(({ status }) => status)
        .sort(),
    ).toEqual(['PACKED', 'STAGED']);
  });

  it('is missing in the extract of its own side: only its ledger knows it', () => {
    const text = repeat(
      9,
      `item A#
       key DC1 available wms AVAILABLE 50 erp UNRESTRICTED 50
       wms 15:00 DC1 available -% AVAILABLE move=T#
       wms 15:00 DC1 available % PICKED move=T#`,
    ).replaceAll(
      /AVAILABLE 50 erp([\s\S]*?)available (\d+) PICKED/g,
      (_, rest, units) => `AVAILABLE ${50 - Number(units)} erp${rest}available ${units} PICKED`,
    );
    expect(traitsOf(`${sound}\n${text}`).traits.scopeGaps).toEqual([
      { role: 'wms', heldBy: 'wms', status: 'PICKED', category: 0 },
    ]);
  });

  it('whose stock is new and not posted yet is no gap: an interface is down', () => {
    const text = repeat(
      9,
      `item A#
       key DC1 unavailable wms RECEIVING %
       wms 15:00 DC1 unavailable % RECEIVING move=T# ref=PO#`,
    );
    expect(traitsOf(`${sound}\n${text}`).traits).toEqual(NO_SYSTEMIC_TRAITS);
  });

  it('that the stock had at the opening is in the wrong category, though two keys lack a posting of their own', () => {
    const text = repeat(
      9,
      `item A#
       key DC1 available wms AVAILABLE 50 HOLD % erp UNRESTRICTED 50
       key DC1 unavailable erp BLOCKED %`,
    );
    const arrived = `item A1\n wms 15:00 DC1 available 2 HOLD move=T1 ref=RMA1\nitem A2\n wms 15:00 DC1 available 3 HOLD move=T2 ref=RMA2`;
    expect(traitsOf(`${sound}\n${text}\n${arrived}`).traits.unmappedStatuses).toHaveLength(1);
  });

  it('of which every key holds one unit tells nothing where most keys are out by one', () => {
    const holding = repeat(12, 'item A#\n key DC1 available wms AVAILABLE 50 STAGED 1 erp UNRESTRICTED 50');
    const others = repeat(30, 'item B#\n key DC1 available wms AVAILABLE 51 erp UNRESTRICTED 50');
    expect(traitsOf(`${holding}\n${others}`).traits).toEqual(NO_SYSTEMIC_TRAITS);
    expect(traitsOf(`${holding}\n${sound}`).traits.scopeGaps).toHaveLength(1);
  });

  it('whose arrivals the ERP summed up under a number of its own is in the wrong category all the same', () => {
    const text = repeat(
      9,
      `item A#
       key DC1 available wms AVAILABLE 50 HOLD % erp UNRESTRICTED 50
       key DC1 unavailable erp BLOCKED %
       wms 10:20 DC1 available % HOLD move=T# ref=RMA#
       erp 11:00 DC1 unavailable 1% BLOCKED ref=SUM1`,
    );
    expect(traitsOf(`${sound}\n${text}`).traits.unmappedStatuses).toHaveLength(1);
  });

  it('that is out of sync on less than most keys is no gap', () => {
    const out = repeat(9, 'item A#\n key DC1 available wms AVAILABLE 50 STAGED % erp UNRESTRICTED 50');
    const fine = repeat(9, 'item B#\n key DC1 available wms AVAILABLE 50 STAGED 7 erp UNRESTRICTED 57');
    expect(traitsOf([sound, out, fine].join('\n')).traits).toEqual(NO_SYSTEMIC_TRAITS);
  });
});

it('faults of single keys have nothing in common', () => {
  const statuses = fc.constantFrom('AVAILABLE', 'PICKED', 'STAGED');
  const row = fc.record({
    status: statuses,
    units: fc.integer({ min: 1, max: 60 }),
    variance: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -20, max: 20 }) },
    ),
    minute: fc.integer({ min: 10, max: 59 }),
    hour: fc.integer({ min: 10, max: 17 }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 60, maxLength: 90 }), (rows) => {
      const text = many(rows.length, (index) => {
        const { status, units, variance, minute, hour } = rows[index] as (typeof rows)[number];
        return `item I${index}
          key DC1 available wms AVAILABLE ${100 + variance} ${status}X ${units} erp UNRESTRICTED ${100 + units}
          wms ${hour}:${minute} DC1 available -${units} ${status} ref=R${index}
          erp ${hour}:${minute} DC1 available -${units} UNRESTRICTED ref=R${index}`;
      });
      expect(traitsOf(text).traits).toEqual(NO_SYSTEMIC_TRAITS);
    }),
    { numRuns: 40, seed: 20_261_121 },
  );
});
