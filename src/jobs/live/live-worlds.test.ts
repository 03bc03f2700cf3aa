import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findInFlight, type Message, type Movement } from '../../core/compare/in-flight.ts';
import type { Role } from '../../core/model/balance.ts';
import { describeOnBothStores } from '../../store/database/both-stores-fixture.ts';
import { clock, LiveWorld, MIDNIGHT, MINUTE_MS, message, movement } from './live-world-fixture.ts';

/** One thing that happens. Minutes of rows count from midnight; they arrive when the step comes, however old they are. */
type Step =
  | { readonly kind: 'movements'; readonly role: Role; readonly rows: readonly Row[] }
  | { readonly kind: 'messages'; readonly state: string; readonly rows: readonly Row[] }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'tick' | 'restart' | 'run' };

interface Row {
  readonly item: string;
  readonly minutes: number;
  readonly units: number;
  readonly document: string;
}

const ITEMS = ['A', 'B'];
const row: fc.Arbitrary<Row> = fc.record({
  item: fc.constantFrom(...ITEMS),
  minutes: fc.integer({ min: 180, max: 320 }),
  units: fc.constantFrom(-3, -1, 2),
  document: fc.constantFrom('D1', 'D2', 'D3'),
});
const rows = fc.array(row, { minLength: 1, maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('movements' as const), role: fc.constantFrom<Role>('erp', 'wms'), rows }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('messages' as const),
      state: fc.constantFrom('sent', 'applied', 'rejected'),
      rows,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: -20, max: 45 }) }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'tick' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'run' as const }) },
);

/** What truly happened, from which the expected lines are worked out without the program's own live state. */
class Truth {
  private readonly movements: (Movement & { readonly bookedAt: number })[] = [];
  private readonly messages: Message[] = [];
  /** The clock has never been further; the state speaks of this moment. */
  asOf = 0;
  private snapshotAt = 0;
  private snapshot = new Map(ITEMS.map((item) => [item, { erp: 20, wms: 20 }]));

  move(role: Role, { item, minutes, units, document }: Row, now: number): void {
    const bookedAt = MIDNIGHT + minutes * MINUTE_MS;
    const key = { site: 'DC1', item, owner: '', lot: '', category: 0, quantity: units };
    const names = { messageId: '', reference: document, eventAt: undefined };
    const system = role === 'erp' ? 'sap' : 'wms1';
    this.movements.push({ ...key, ...names, role, system, bookedAt, postedAt: Math.min(bookedAt, now) });
  }

  send(state: string, { item, minutes, units, document }: Row, now: number): void {
    const sentAt = Math.min(MIDNIGHT + minutes * MINUTE_MS, now);
    const placed = { site: 'DC1', item, owner: '', lot: '', category: 0, quantity: units };
    const names = { messageId: `M${document}`, reference: document, interfaceName: '', item };
    this.messages.push({ ...names, sentAt, appliedAt: undefined, state: state as 'sent', fromRole: 'wms', placed });
  }

  private moved(item: string, role: Role, until: number): number {
    return this.movements
      .filter((each) => each.item === item && each.role === role)
      .filter(({ bookedAt }) => bookedAt > this.snapshotAt && bookedAt <= until)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  }

  held(item: string, role: Role, until: number): number {
    return (this.snapshot.get(item)?.[role] as number) + this.moved(item, role, until);
  }

  /** New snapshots, of what was posted by now and has arrived. */
  run(now: number): string {
    const next = ITEMS.map(
      (item) => [item, { erp: this.held(item, 'erp', now), wms: this.held(item, 'wms', now) }] as const,
    );
    this.snapshot = new Map(next);
    this.snapshotAt = now;
    return next.map(([item, { erp, wms }]) => `${item} ${erp} ${wms}`).join(', ');
  }

  lines(): string[] {
    const cutOffs = { erp: this.asOf, wmsOf: () => this.asOf, lagOf: () => 30 * MINUTE_MS };
    const evidence = { movements: this.movements, messages: this.messages, hasErpMovements: true };
    const { quantities } = findInFlight(evidence, cutOffs);
    return ITEMS.flatMap((item) => {
      const [wms, erp] = [this.held(item, 'wms', Infinity), this.held(item, 'erp', Infinity)];
      const inFlight = quantities.filter((each) => each.item === item).reduce((sum, each) => sum + each.quantity, 0);
      if (wms === erp && inFlight === 0) return [];
      return [`${wms - erp === inFlight ? 'timing' : 'discrepancy'} ${item} ${wms} ${erp} ${inFlight}`];
    });
  }

  late(): string[] {
    const cutOffs = { erp: this.asOf, wmsOf: () => this.asOf, lagOf: () => 30 * MINUTE_MS };
    const { late } = findInFlight(
      { movements: this.movements, messages: this.messages, hasErpMovements: true },
      cutOffs,
    );
    return late.map(({ item, messageId }) => `late-message ${item} ${messageId}`).sort();
  }
}

async function play(world: LiveWorld, truth: Truth, steps: readonly Step[]): Promise<void> {
  let count = 0;
  let lastRun = 0;
  for (const each of steps) {
    if (each.kind === 'movements') {
      const more = each.role === 'erp' ? { status: 'UNRESTRICTED' } : {};
      for (const row of each.rows) truth.move(each.role, row, world.now);
      await world.take(
        'movements',
        each.role === 'erp' ? 'sap' : 'wms1',
        each.rows.map((row) =>
          movement(`${++count}`, row.minutes, row.units, { ...more, item: row.item, reference: row.document }),
        ),
      );
    } else if (each.kind === 'messages') {
      for (const row of each.rows) truth.send(each.state, row, world.now);
      await world.take(
        'messages',
        '',
        each.rows.map((row) =>
          message(`M${row.document}`, row.minutes, each.state, row.units, {
            item: row.item,
            reference: row.document,
            error: `${++count}`,
          }),
        ),
      );
    } else if (each.kind === 'pass') world.now += each.minutes * MINUTE_MS;
    else if (each.kind === 'tick') {
      world.now += 2_001;
      await world.tick();
    } else if (each.kind === 'restart') world.restart();
    else if (world.now > lastRun + MINUTE_MS) {
      const minutes = Math.floor((world.now - MIDNIGHT) / MINUTE_MS);
      lastRun = world.now;
      await world.run(minutes, truth.run(MIDNIGHT + minutes * MINUTE_MS));
    }
    truth.asOf = Math.max(truth.asOf, world.now);
  }
}

describeOnBothStores('whatever arrives in whatever order', (store) => {
  test('the state is the one that a computation from scratch gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.integer({ min: 0, max: 40 }), async (steps, later) => {
        const world = new LiveWorld(await store.open());
        try {
          const truth = new Truth();
          await world.run(0, 'A 20 20, B 20 20');
          truth.run(MIDNIGHT);
          world.now = MIDNIGHT + 250 * MINUTE_MS;
          truth.asOf = world.now;
          // Both sides send, so that both ledgers are known to come in.
          await world.take('movements', 'sap', [movement('first', 0, 0, { status: 'UNRESTRICTED', item: 'Z' })]);
          await world.take('movements', 'wms1', [movement('first', 0, 0, { item: 'Z' })]);
          await play(world, truth, steps);
          // The clock may have been put back: what was judged by a later moment stands.
          world.now = Math.max(world.now, truth.asOf) + 5_001;
          await world.settle();
          // Then nothing arrives any more, and time alone goes on.
          world.now += later * MINUTE_MS;
          await world.settle();
          truth.asOf = Math.max(truth.asOf, world.now);
          expect(await world.lines(), clock(0)).toEqual(truth.lines());
          expect(await world.alerts()).toEqual(truth.late());
        } finally {
          await world.end();
        }
      }),
      { numRuns: store.kind === 'sqlite' ? 40 : 3, endOnFailure: false },
    );
  }, 300_000);
});
