import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type RereadWorld, type Row, reread, thousandths } from '../reread-world-fixture.ts';
import type { WarehouseOptions } from '../world-options.ts';
import { writeWarehouseWorld } from '../write-warehouse-world.ts';

const root = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(root, { recursive: true }));

let written = 0;
function write(options: WarehouseOptions): RereadWorld {
  const directory = join(root, String(written++));
  writeWarehouseWorld(directory, {
    items: 300,
    days: 7,
    ...options,
    // Everything that a row can carry, so that the rows of a document are found.
    habits: {
      erpRows: { messageId: true, eventAt: true, batch: true, line: true, types: 'plain', cases: false },
      wmsRows: { messageId: true, eventAt: true, line: true },
      messageRows: { isSigned: true, namesStock: true, finalState: 'applied' },
      putawayKeepsNumber: false,
      receiptsByOrder: false,
      ...options.habits,
    },
  });
  return reread(directory);
}

/** What the two ledgers and the message log say of a document. */
interface Told {
  readonly erp: readonly Row[];
  readonly wms: readonly Row[];
  readonly messages: readonly Row[];
  readonly packs: readonly number[];
}

const amount = (row: Row): number => thousandths(row['quantity']!);
const sum = (rows: readonly Row[]): number => rows.reduce((total, row) => total + amount(row), 0);

function tellerOf(world: RereadWorld): (reference: string) => Told {
  const [erp, wms, messages, packs] = ['erp_movements', 'wms_movements', 'messages', 'packs'].map((name) =>
    world.rows(name),
  );
  const of = (rows: readonly Row[], reference: string): Row[] => rows.filter((row) => row['reference'] === reference);
  return (reference) => {
    const booked = of(erp!, reference);
    return {
      erp: booked,
      // Moves within sellable goods are nobody's business but the WMS's.
      wms: of(wms!, reference).filter(({ reason }) => reason !== 'PICK'),
      messages: of(messages!, reference),
      packs: packs!
        .filter(({ item }) => booked.some((row) => row['item'] === item))
        .map(({ factor }) => Number(factor)),
    };
  };
}

/** Units of the line that went wrong: the ERP's posting, and what the WMS booked on that line with the same sign of status. */
function wrongLines({ erp, wms }: Told): { erp: number; wms: number; reason: string }[] {
  const lines = [...new Set(wms.map(({ line }) => line))];
  return lines.flatMap((line) => {
    const ofWms = wms.filter((row) => row['line'] === line);
    const ofErp = erp.filter((row) => row['line'] === line);
    const [first] = ofErp;
    if (first === undefined) return [];
    // Of a status move the leg that goes out; both legs are wrong alike.
    const isMove = ofWms[0]!['type'] === 'status-change';
    const pair = isMove ? { erp: amount(first), wms: amount(ofWms[0]!) } : { erp: sum(ofErp), wms: sum(ofWms) };
    return pair.erp === pair.wms ? [] : [{ ...pair, reason: ofWms[0]!['reason']! }];
  });
}

const isUnposted = ({ erp }: Told): void => expect(erp).toEqual([]);
const isUntold = (told: Told): void => {
  isUnposted(told);
  expect(told.messages).toEqual([]);
};
const digits = (value: number): string => [...String(Math.abs(value))].sort().join('');

/** What the rows of a document must show for a cause. */
const SHOWN: readonly (readonly [cause: string, check: (told: Told) => void])[] = [
  [
    'message-lost',
    (told) => {
      isUnposted(told);
      for (const { state } of told.messages) expect(['created', 'sent', 'received']).toContain(state);
      expect(told.messages).not.toEqual([]);
    },
  ],
  [
    'message-rejected',
    (told) => {
      isUnposted(told);
      for (const { state, error } of told.messages) {
        expect(['rejected', 'failed']).toContain(state);
        expect(error).not.toBe('');
      }
      expect(told.messages).not.toEqual([]);
    },
  ],
  [
    'posted-twice',
    ({ erp, wms }) => {
      if (wms[0]!['type'] === 'status-change') return expect(erp.length).toBeGreaterThanOrEqual(2 * 2);
      const times = sum(erp) / sum(wms);
      return expect([2, 3]).toContain(times);
    },
  ],
  [
    'unit-mismatch',
    (told) => {
      const [wrong] = wrongLines(told);
      expect(told.packs.some((pack) => wrong!.erp === wrong!.wms * pack || wrong!.erp * pack === wrong!.wms)).toBe(
        true,
      );
    },
  ],
  [
    'sign-reversed',
    (told) => {
      const [wrong] = wrongLines(told);
      expect(wrong!.erp).toBe(-wrong!.wms);
    },
  ],
  [
    'digits-transposed',
    (told) => {
      const [wrong] = wrongLines(told);
      expect(digits(wrong!.erp)).toBe(digits(wrong!.wms));
      expect(Math.abs(wrong!.erp - wrong!.wms) % 9).toBe(0);
    },
  ],
  [
    'decimal-shifted',
    (told) => {
      const [wrong] = wrongLines(told);
      expect([10, 100, 0.1, 0.01]).toContain(wrong!.erp / wrong!.wms);
    },
  ],
  [
    'status-move-missing',
    (told) => {
      isUnposted(told);
      expect(told.wms).toHaveLength(2);
      expect(sum(told.wms)).toBe(0);
    },
  ],
  [
    'item-cross-posted',
    ({ erp, wms }) => {
      expect(sum(erp)).toBe(sum(wms));
      expect(new Set(erp.map(({ item }) => item))).not.toEqual(new Set(wms.map(({ item }) => item)));
    },
  ],
  [
    'lot-swapped',
    ({ erp, wms }) => {
      expect(sum(erp)).toBe(sum(wms));
      expect(new Set(erp.map(({ lot }) => lot))).not.toEqual(new Set(wms.map(({ lot }) => lot)));
    },
  ],
  [
    'count-not-sent',
    (told) => {
      isUntold(told);
      expect(told.wms[0]!['type']).toBe('count');
    },
  ],
  [
    'pick-short',
    (told) => {
      const [wrong] = wrongLines(told);
      expect(Math.abs(wrong!.erp)).toBeGreaterThan(Math.abs(wrong!.wms));
      expect(wrong!.reason).toBe('SHORT');
    },
  ],
  [
    'return-not-posted',
    (told) => {
      isUntold(told);
      expect(told.wms[0]!['type']).toBe('return');
    },
  ],
];

describe('a fault of one document', () => {
  it.each(SHOWN)('%s shows in the rows of the document', (cause, check) => {
    const world = write({ seed: 5, faults: `${cause}:0.02` });
    const tell = tellerOf(world);
    const faults = world.rows('truth/faults');
    expect(faults.length).toBeGreaterThan(2);
    const told = faults.map(({ documents }) => tell(documents!));
    // Both halves of a transfer go by one number.
    for (const each of told) if (!each.wms[0]!['type']!.startsWith('transfer')) check(each);
  });

  it('unseen: a wrong quantity that no cause of the catalogue gives', () => {
    const world = write({ seed: 6, faults: 'unseen:0.03' });
    const tell = tellerOf(world);
    const documents = world.rows('truth/faults').map((row) => row['documents']!);
    const wrong = documents.flatMap((document) => {
      const told = tell(document);
      return wrongLines(told).map((line) => ({ ...line, packs: told.packs, type: told.wms[0]!['type']! }));
    });
    expect(wrong.length).toBeGreaterThan(3);
    for (const { erp, wms, packs, type } of wrong) {
      const ratio = erp / wms;
      expect(ratio, 'same direction').toBeGreaterThan(0);
      for (const times of [2, 3]) expect(ratio, 'posted several times').not.toBe(times);
      for (const factor of [...packs, 10, 100])
        expect(
          [factor, 1 / factor].some((each) => Math.abs(each - ratio) < 1e-12),
          `${wms} as ${erp}`,
        ).toBe(false);
      expect(digits(erp)).not.toBe(digits(wms));
      if (type === 'receipt') expect(ratio).toBeGreaterThan(1);
      if (type === 'shipment') expect(ratio).toBeLessThan(1);
    }
  });

  it('count-raced-movement: a count takes the same goods as a shipment that is confirmed shortly after', () => {
    const world = write({ seed: 7, faults: 'count-raced-movement:0.01' });
    const rows = world.rows('wms_movements');
    const counts = world
      .rows('truth/faults')
      .map(({ documents }) => rows.find(({ reference }) => reference === documents)!);
    expect(counts.length).toBeGreaterThan(2);
    for (const count of counts) {
      const at = Date.parse(count['posted_at']!);
      const raced = rows.filter((row) => {
        const later = Date.parse(row['posted_at']!) - at;
        const isSame = row['item'] === count['item'] && row['site'] === count['site'] && row['lot'] === count['lot'];
        return (
          isSame &&
          row['type'] === 'shipment' &&
          later > 0 &&
          later < 1_800_000 &&
          row['quantity'] === count['quantity']
        );
      });
      expect(raced, count['reference']).toHaveLength(1);
    }
  });

  it('manual-erp-adjustment: a person, and a reference that the WMS does not know', () => {
    const world = write({ seed: 8, faults: 'manual-erp-adjustment:0.02', habits: { erpUsers: ['RFCWMS'] } });
    const byId = new Map(world.rows('erp_movements').map((row) => [row['movement_id'], row]));
    const known = new Set(world.rows('wms_movements').map(({ reference }) => reference));
    const rows = world.rows('truth/faults').map(({ documents }) => byId.get(documents)!);
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) {
      expect(row['user']).not.toBe('RFCWMS');
      expect(known.has(row['reference'])).toBe(false);
    }
  });

  it('rounding: the ERP has fewer decimals, and the variance stays within half a step for each posting', () => {
    const world = write({ seed: 10, items: 600, faults: 'rounding:0.02' });
    const rows = world.rows('erp_movements');
    const rounded = world.contributions().filter(({ cause }) => cause === 'rounding');
    expect(rounded.length).toBeGreaterThan(2);
    for (const { key, amount: variance } of rounded) {
      const [, item, , lot] = key.split(',');
      const postings = rows.filter((row) => row['item'] === item && row['lot'] === lot).length;
      expect(Math.abs(variance)).toBeLessThanOrEqual(postings * 50);
    }
  });
});

const NAMES_WITHOUT_LOG: Readonly<Record<string, string>> = {
  receipt: 'receipt-not-posted',
  shipment: 'shipment-unconfirmed',
  return: 'return-not-posted',
  count: 'count-not-sent',
  'status-change': 'status-move-missing',
  'kit-consume': 'kit-not-posted',
};

it('without a message log a missing posting goes by the name of its document', () => {
  const world = write({ seed: 12, messages: false, faults: 'message-lost:0.03,message-rejected:0.03' });
  const tell = tellerOf({ ...world, rows: (name) => (name === 'messages' ? [] : world.rows(name)) });
  const faults = world.rows('truth/faults');
  expect(new Set(faults.map(({ cause }) => cause)).size).toBeGreaterThan(2);
  for (const { cause, documents } of faults) {
    const { erp, wms } = tell(documents!);
    expect(erp).toEqual([]);
    expect(NAMES_WITHOUT_LOG[wms[0]!['type']!]).toBe(cause);
  }
});

describe('a systemic fault', () => {
  it.each([
    ['outage', /^interface=/],
    ['file-loaded-twice', /^batch=/],
    ['pack-factor', /^family=/],
    ['type-rejected', /^type=/],
  ] as const)('%s has one factor and at least eight documents, all within its time', (kind, factor) => {
    const world = write({ seed: 20, items: 900, faults: `${kind}:1` });
    const [systemic] = world.rows('truth/systemic');
    expect(systemic?.['factor']).toMatch(factor);
    expect(Number(systemic?.['documents'])).toBeGreaterThanOrEqual(8);
    const faults = world.rows('truth/faults');
    const [from, to] = [Date.parse(systemic!['from']!), Date.parse(systemic!['to']!)];
    for (const { systemic_id, happened_at } of faults) {
      expect(systemic_id).toBe('S1');
      // A message leaves a little after the document is done; a long document is done after it began.
      expect(Date.parse(happened_at!)).toBeGreaterThan(from - 3 * 3_600_000);
      expect(Date.parse(happened_at!)).toBeLessThanOrEqual(to);
    }
  });

  it('status-unmapped: all stock of one native status is variance', () => {
    const world = write({ seed: 21, items: 900, faults: 'status-unmapped:1' });
    const [systemic] = world.rows('truth/systemic');
    const status = systemic!['factor']!.replace('status=', '');
    const held = world.rows('wms_balances').filter((row) => row['status'] === status);
    const told = world.contributions().filter(({ cause }) => cause === 'status-unmapped');
    expect(held.length).toBeGreaterThan(8);
    expect(new Set(told.map(({ key }) => key.split(',').slice(0, 1).join()))).toEqual(
      new Set(held.map(({ site }) => site!)),
    );
    expect(told.length).toBeGreaterThan(8);
  });
});
