import { describe, expect, it } from 'vitest';
import { amend } from './amendment.ts';
import { explainAcross } from './explain-across.ts';
import { explainItem } from './explain-item.ts';
import type { KeyExplanation } from './explanation.ts';
import { causesOf, explainScenario, keyLabel, readScenario } from './scenario-fixture.ts';

const DAYS = 'opening 11-20 00:00\ncut-off 11-22 00:00 lag 30\n';

/** Documents of as many items, each posted twice. */
function postedTwice(
  items: readonly string[],
  line: (item: string, at: number) => { first: string; again: string },
): string {
  return items
    .map((item, at) => {
      const { first, again } = line(item, at);
      return `balance item=${item} erp 10>6 wms 10>8
        wms 11-21 08:00 shipment -2 ref=S${at} item=${item}
        erp 11-21 ${first} item=${item}
        erp 11-21 ${again} item=${item}`;
    })
    .join('\n');
}

describe('a file loaded twice', () => {
  const ITEMS = ['A', 'B', 'C', 'D', 'E'];
  const callsOf = (scenario: string): string[] => [
    ...new Set(
      explainScenario(`${DAYS}${scenario}`).keys.flatMap(({ contributions }) =>
        contributions.map(({ cause }) => cause),
      ),
    ),
  ];

  it('three documents of one batch', () => {
    const scenario = postedTwice(['A', 'B', 'C'], (_item, at) => ({
      first: `08:10 shipment -2 ref=S${at} batch=F1`,
      again: `12:10 shipment -2 ref=S${at} batch=F1`,
    }));
    expect(callsOf(scenario)).toEqual(['file-loaded-twice']);
  });

  it('three lines of one document are one document, and no file', () => {
    const scenario = postedTwice(['A', 'B', 'C'], () => ({
      first: '08:10 shipment -2 ref=S0 batch=F1',
      again: '12:10 shipment -2 ref=S0 batch=F1',
    })).replace(/ref=S[12]/g, 'ref=S0');
    expect(callsOf(scenario)).toEqual(['posted-twice']);
  });

  it('one document that was posted three times is one document, and no file', () => {
    const scenario = `without references
balance item=A erp 10>2 wms 10>8
wms 11-21 08:00 shipment -2 item=A
erp 11-21 08:05 shipment -2 item=A batch=F1
erp 11-21 12:10 shipment -2 item=A batch=F1
erp 11-21 12:15 shipment -2 item=A batch=F1
erp 11-21 12:20 shipment -2 item=A batch=F1`;
    expect(callsOf(scenario)).toEqual(['posted-twice']);
  });

  it('three of the hundred documents of a batch are no file', () => {
    const scenario = readScenario(
      `${DAYS}${postedTwice(['A', 'B', 'C'], (_item, at) => ({
        first: `08:10 shipment -2 ref=S${at} batch=F1`,
        again: `12:10 shipment -2 ref=S${at} batch=F1`,
      }))}`,
    );
    const { traits, settings } = scenario;
    const all = scenario.items.flatMap((item) => explainItem(item, traits, settings).leftovers);
    expect(explainAcross(all, traits, settings, () => 100)).toEqual([]);
    expect(explainAcross(all, traits, settings, () => 5)).toHaveLength(3);
  });

  it('whose documents were posted an hour and more apart, as they usually are, is one file all the same', () => {
    const { items, traits, settings } = readScenario(
      `${DAYS}${postedTwice(ITEMS, (_item, at) => ({
        first: `${['08:10', '09:35', '08:15', '09:30', '08:20'][at]} shipment -2 ref=S${at}`,
        again: `12:1${at} shipment -2 ref=S${at}`,
      }))}`,
    );
    const delay = { low: 60_000, median: 2_400_000, high: 5_400_000 };
    const slow = { ...traits, habits: { ...traits.habits, delay } };
    const all = items.flatMap((item) => explainItem(item, slow, settings).leftovers);
    expect(explainAcross(all, slow, settings)).toHaveLength(5);
    expect(explainAcross(all, traits, settings)).toEqual([]);
  });

  it('without batches, five that follow each other within minutes', () => {
    const scenario = postedTwice(ITEMS, (_item, at) => ({
      first: `08:1${at} shipment -2 ref=S${at}`,
      again: `12:1${at} shipment -2 ref=S${at}`,
    }));
    expect(callsOf(scenario)).toEqual(['file-loaded-twice']);
  });

  it('without batches, five over the day are five', () => {
    const scenario = postedTwice(ITEMS, (_item, at) => ({
      first: `08:1${at} shipment -2 ref=S${at}`,
      again: `1${at}:10 shipment -2 ref=S${at}`,
    }));
    expect(callsOf(scenario)).toEqual(['posted-twice']);
  });
});

describe('posted on another item', () => {
  const cross = (more = ''): string => `${DAYS}without references
    balance item=A erp 50>50 wms 50>43
    balance item=B erp 50>43 wms 50>50
    wms 11-21 09:00 shipment -7 item=A
    erp 11-21 09:06 shipment -7 item=B
    ${more}`;

  it('without documents: the same place, quantity and time', () => {
    expect(causesOf(cross())).toBe('A: item-cross-posted -7\nB: item-cross-posted +7');
  });

  it('not with two that it could be', () => {
    const third = 'balance item=C erp 50>50 wms 50>43\nwms 11-21 09:01 shipment -7 item=C';
    expect(causesOf(cross(third))).not.toContain('item-cross-posted');
  });

  it('not hours apart', () => {
    expect(causesOf(cross().replace('erp 11-21 09:06', 'erp 11-21 17:06'))).not.toContain('item-cross-posted');
  });
});

describe('two codes of one item', () => {
  const alias = (wms: string, erp: string): string => `${DAYS}
    balance item=${wms} wms 9>9
    balance item=${erp} erp 9>9`;

  it.each([
    ['sku-008', 'SKU8'],
    ['00123', '123'],
    ['AB.12', 'AB12'],
  ])('%s and %s', (wms, erp) => {
    expect(causesOf(alias(wms, erp))).toContain('item-alias-missing');
  });

  it.each([
    ['SKU80', 'SKU8'],
    ['123', '1230'],
  ])('%s and %s are two items', (wms, erp) => {
    expect(causesOf(alias(wms, erp))).not.toContain('item-alias-missing');
  });
});

it('an amendment of what was unexplained leaves the sum as it is', () => {
  const explanation: KeyExplanation = {
    site: 'DC1',
    item: 'A',
    owner: '',
    lot: '',
    category: 0,
    contributions: [
      {
        cause: 'unexplained',
        quantity: 9,
        confidence: 0,
        side: 'count',
        at: undefined,
        document: '',
        factors: { interfaceName: '', batch: '', file: '', user: '', type: '', status: '', error: '' },
        proofs: [],
        action: '',
      },
    ],
    hypotheses: [],
    onset: undefined,
  };
  const [blank] = explanation.contributions;
  const amended = amend(explanation, [
    {
      key: explanation,
      replaces: { document: 'S1', cause: 'unexplained', quantity: 4 },
      contribution: { ...(blank as KeyExplanation['contributions'][0]), cause: 'item-cross-posted', quantity: 4 },
    },
  ]);
  expect(amended.contributions.map(({ cause, quantity }) => `${cause} ${quantity}`)).toEqual([
    'unexplained 5',
    'item-cross-posted 4',
  ]);
  expect(keyLabel(amended)).toBe('A');
});
