import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CauseCode } from '../cause-code.ts';
import { FailingWorld, hour } from './failing-world-fixture.ts';
import { type FindingLine, findFindings } from './find-findings.ts';

const ROUTES = [
  ['shipment', '945'],
  ['receipt', '944'],
  ['count', '947'],
] as const;

/** Two ordinary days at two sites; one document in two hundred of each type fails for itself. */
function ordinary(): FailingWorld {
  const world = new FailingWorld();
  for (const site of ['DC1', 'DC2'])
    for (const [type, interfaceName] of ROUTES) {
      world.add(600, 0, 48, { site, type, interfaceName });
      world.add(3, 5, 47, { site, type, interfaceName }, 'message-lost');
      world.add(3, 1, 40, { site, type, interfaceName }, 'posted-twice');
    }
  return world;
}

const titles = (world: FailingWorld): string[] => world.find().findings.map(({ title }) => title);

describe('an outage of one interface', () => {
  const world = ordinary()
    .add(40, 9.6, 10.9, {}, 'message-lost')
    .add(16, 9.7, 10.8, { site: 'DC2' }, 'message-rejected');

  it('is one finding, though some messages were lost and others rejected', () => {
    expect(titles(world)).toEqual(['Interface 945, 21 November 09:30–11:00: 56 shipments lost or rejected']);
  });

  it('says how strong it is, what it is worth and what to do', () => {
    const [finding] = world.find().findings;
    expect(finding).toMatchObject({
      ...{
        id: 'F1',
        cause: 'message-lost',
        causes: ['message-lost', 'message-rejected'],
        factor: { interface: '945' },
      },
      ...{ support: 56, failing: 56, lines: 56, value: 28_000n, impact: 0n },
    });
    expect(finding?.riskRatio).toBeGreaterThan(10);
    expect(finding?.coverage).toBeCloseTo(56 / 74);
    expect(finding?.action).toMatch(/send/i);
  });

  it('leaves the failures of other days alone', () => {
    const { findingOf } = world.find();
    const covered = world.lines.filter((_, index) => findingOf[index] === 0);
    expect(
      covered.every(({ contribution }) => (contribution.at ?? 0) >= hour(9.5) && (contribution.at ?? 0) < hour(11)),
    ).toBe(true);
    expect(covered).toHaveLength(56);
  });
});

it('an outage at one site is of that site', () => {
  expect(titles(ordinary().add(40, 9.6, 10.9, { site: 'DC2' }, 'message-lost'))).toEqual([
    'Interface 945, Site DC2, 21 November 09:30–11:00: 40 shipments lost',
  ]);
});

it('two outages of one interface are two findings', () => {
  const world = ordinary().add(40, 9, 10, {}, 'message-lost').add(30, 30, 31, {}, 'message-lost');
  expect(titles(world)).toEqual([
    'Interface 945, Site DC1, 21 November 09:00–10:00: 40 shipments lost',
    'Interface 945, Site DC1, 22 November 06:00–07:00: 30 shipments lost',
  ]);
});

it('a range over midnight names both days', () => {
  expect(titles(ordinary().add(40, 23, 25, {}, 'message-lost'))).toEqual([
    'Interface 945, Site DC1, 21 November 23:00–22 November 01:00: 40 shipments lost',
  ]);
});

it('a file loaded twice is called by its batch', () => {
  const world = ordinary()
    .add(24, 8, 9, { batch: 'SHP_0800' }, 'file-loaded-twice')
    .add(2, 8, 9, { batch: 'SHP_0800' });
  expect(titles(world)).toEqual(['Batch SHP_0800: 24 shipments posted twice']);
});

it('a pack factor lost for a family, counted among the documents in packs', () => {
  const world = ordinary().count('packs', 60, { family: 'paint' }).count('packs', 800, {});
  expect(titles(world.add(30, 2, 46, { family: 'paint' }, 'unit-mismatch'))).toEqual([
    'Family paint: 30 shipments in the wrong unit',
  ]);
});

it('a user with the wrong movement type', () => {
  const world = ordinary().add(12, 8, 44, { user: 'MKELLER', type: 'adjustment', interfaceName: '' }, 'sign-reversed');
  expect(titles(world.add(9, 8, 44, { user: 'MKELLER', type: 'adjustment', interfaceName: '' }))).toEqual([
    'User MKELLER: 12 adjustments with the wrong sign',
  ]);
});

it('a type of document that the ERP refuses, with the reason', () => {
  const error = 'not authorised for returns';
  const world = ordinary().add(15, 8, 32, { type: 'return', interfaceName: '944', error }, 'message-rejected');
  expect(titles(world.add(20, 0, 8, { type: 'return', interfaceName: '944' }))).toEqual([
    '21 November 08:30–22 November 07:30: 15 returns rejected (“not authorised for returns”)',
  ]);
});

it('items of one family without an alias', () => {
  const world = ordinary().count('items', 14, { family: 'paint' }).count('items', 400, {});
  expect(titles(world.add(10, 0, 1, { family: 'paint' }, 'item-alias-missing'))).toEqual([
    'Family paint: 10 items without an alias',
  ]);
});

it.each([
  ['status-unmapped', 'HOLD', 'Status HOLD: belongs to another category, 9 keys'],
  ['scope-mismatch', 'PICKED', 'Status PICKED: left out by one extract, 9 keys'],
  ['snapshot-stale', '', 'A snapshot is older than it says, 9 keys'],
  ['cutoff-time-zone', '', 'A cut-off in the wrong time zone, 9 keys'],
] as const)('%s is one finding by nature', (cause, status, title) => {
  expect(titles(ordinary().add(9, 0, 48, { status }, cause))).toEqual([title]);
});

it('messages that were lost, and others that were applied twice when it came back: one outage', () => {
  const world = ordinary().add(40, 9, 10, {}, 'message-lost').add(40, 9, 10, {}, 'posted-twice');
  expect(titles(world)).toEqual(['Interface 945, 21 November 09:00–10:00: 80 shipments lost or posted twice']);
});

it('an interface that no message names shows as several types of documents at one time: one finding', () => {
  const world = new FailingWorld();
  for (const type of ['shipment', 'receipt', 'count', 'adjustment', 'return'])
    for (const site of ['DC1', 'DC2']) world.add(600, 0, 48, { type, site, interfaceName: '' });
  world.add(12, 9, 11, { type: 'count', interfaceName: '' }, 'count-not-sent');
  world.add(10, 9, 11, { type: 'adjustment', interfaceName: '' }, 'message-lost');
  world.add(20, 9, 11, { type: 'count', site: 'DC2', interfaceName: '' }, 'count-not-sent');
  world.add(20, 9, 11, { type: 'adjustment', site: 'DC2', interfaceName: '' }, 'message-lost');
  expect(titles(world)).toEqual(['21 November 09:00–11:00: 62 documents not posted or lost']);
});

it('rows of a ledger without references are no documents each: those of one minute are one', () => {
  const world = ordinary().add(30, 9, 9.01, {}, 'posted-twice');
  const bare = world.lines.map((line) => {
    const proofs = line.contribution.proofs.map((proof) => ({ ...proof, reference: '' }));
    return { ...line, contribution: { ...line.contribution, proofs } };
  });
  expect(titles(world)).toHaveLength(1);
  expect(findFindings(bare, world.counts, 'UTC').findings).toEqual([]);
});

it('documents that one message tells of, or one hourly summary, failed as one', () => {
  const world = ordinary().add(30, 9, 9.9, {}, 'message-lost');
  const withProof = (kind: 'message' | 'wms-movement'): FindingLine[] =>
    world.lines.map((line) => {
      const proofs = line.contribution.proofs.map((proof) => ({ ...proof, kind, reference: 'SUM1' }));
      return { ...line, contribution: { ...line.contribution, proofs } };
    });
  const [told, summarised] = [withProof('message'), withProof('wms-movement')];
  expect(findFindings(told, world.counts, 'UTC').findings).toEqual([]);
  expect(findFindings(summarised, world.counts, 'UTC').findings).toHaveLength(1);
  expect(findFindings(summarised, world.counts, 'UTC', true).findings).toEqual([]);
});

it('seven documents are no finding', () => {
  expect(titles(ordinary().add(7, 9, 10, {}, 'message-lost'))).toEqual([]);
});

it('many lines of one document are no finding', () => {
  const world = ordinary();
  const [line] = new FailingWorld().add(1, 9, 10, {}, 'message-lost').lines;
  for (let index = 0; index < 30; index++) world.lines.push(line as (typeof world.lines)[number]);
  expect(titles(world)).toEqual([]);
});

it('what fails everywhere alike is no finding', () => {
  const world = ordinary();
  for (const site of ['DC1', 'DC2'])
    for (const [type, interfaceName] of ROUTES) world.add(150, 0, 48, { site, type, interfaceName }, 'message-lost');
  expect(titles(world)).toEqual([]);
});

it('the finding with most dollars comes first', () => {
  const world = ordinary()
    .add(12, 30, 31, {}, 'message-lost')
    .add(40, 9, 10, { type: 'receipt', interfaceName: '944' }, 'message-lost');
  const { findings } = world.find();
  expect(findings.map(({ id, value }) => [id, value])).toEqual([
    ['F1', 20_000n],
    ['F2', 6_000n],
  ]);
});

describe('generated worlds', () => {
  const CAUSES: readonly CauseCode[] = [
    'message-lost',
    'message-rejected',
    'posted-twice',
    'unit-mismatch',
    'sign-reversed',
  ];
  const traits = fc.record({
    type: fc.constantFrom('shipment', 'receipt', 'count', 'return'),
    interfaceName: fc.constantFrom('944', '945', '947'),
    site: fc.constantFrom('DC1', 'DC2', 'DC3'),
    user: fc.constantFrom('RFC', 'EDI', 'ANNA'),
    family: fc.constantFrom('tools', 'paint', 'pipes', 'bulk'),
    batch: fc.integer({ min: 0, max: 40 }).map((number) => `B${number}`),
    minute: fc.integer({ min: 0, max: 7 * 24 * 60 }),
    fails: fc.integer({ min: 0, max: 99 }),
    cause: fc.constantFrom(...CAUSES),
  });
  const documents = fc.array(traits, { minLength: 1200, maxLength: 1500 });

  function build(rows: readonly (typeof traits extends fc.Arbitrary<infer T> ? T : never)[]): FailingWorld {
    const world = new FailingWorld();
    for (const { minute, fails, cause, ...rest } of rows)
      world.addOne(hour(minute / 60), rest, fails < 3 ? cause : undefined);
    return world;
  }

  it('failures without a common factor are no finding', () => {
    fc.assert(
      fc.property(documents, (rows) => {
        expect(titles(build(rows))).toEqual([]);
      }),
      { numRuns: 12, seed: 7, endOnFailure: true },
    );
  });

  it('a factor planted among them is the one finding, and no line is covered twice', () => {
    const planted = fc.record({ from: fc.integer({ min: 2, max: 160 }), count: fc.integer({ min: 20, max: 80 }) });
    fc.assert(
      fc.property(documents, planted, (rows, { from, count }) => {
        const world = build(rows).add(
          count,
          from,
          from + 1.4,
          { type: 'shipment', interfaceName: '856' },
          'message-lost',
        );
        const { findings, findingOf } = world.find();
        expect(findings).toHaveLength(1);
        expect(findings[0]).toMatchObject({ support: count, lines: count });
        expect(findingOf.filter((finding) => finding === 0)).toHaveLength(count);
        expect([...findingOf.subarray(findingOf.length - count)]).toEqual(Array(count).fill(0));
      }),
      { numRuns: 12, seed: 8, endOnFailure: true },
    );
  });
});
