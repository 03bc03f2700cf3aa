import { describe, expect, it } from 'vitest';
import { buildItemView } from '../app/item-view.ts';
import type { KeptItem } from '../app/kept-item.ts';
import { contribution, keptItem, keptKey, SAMPLE_RUN, sampleBalances, sampleLedger } from '../app/kept-item-fixture.ts';
import { clock, hose, kettle, toaster } from '../app/sample-items-fixture.ts';
import { renderItemText } from './item-text.ts';
import { widthMax } from './plain-text.ts';

const render = (
  kept: KeptItem,
  options: { width?: number; all?: boolean; color?: boolean; site?: string } = {},
): string =>
  renderItemText(buildItemView(kept, { run: SAMPLE_RUN, site: options.site }), {
    color: false,
    width: 80,
    all: false,
    ...options,
  });
const unindent = (text: string): string => `${text.replace(/^\n/, '').replace(/^ {4}/gm, '').trimEnd()}\n`;

it('two faults and a shipment under way, at 80 columns', () => {
  expect(render(kettle())).toBe(
    unindent(`
    Acme · run 20261123-124511204-7c1f09 · 23 Nov 2026, 06:45 −06:00
    00123  Kettle 1.7 l
    Out of sync at DC1 by $3,087 gross. DC2 agrees.
    First: Send the 141 messages of interface 945 from 13:40 to 14:25 again (F1).

    DC1
    Category     ERP sap            WMS wms1        WMS − ERP  In flight  Net
    available                  354             449        +95         −3  +98
                 UNRESTRICTED  354  AVAILABLE  429
                                    PICKED      20
    unavailable                 23              23          0          0    0
                 UNAVAILABLE    23  QUALITY     13
                                    DAMAGED     10
    ▲ available: ERP shows 98 EA less than the warehouse once 3 EA in flight are
      counted, $3,087.00; out of sync since 20 Nov 2026, 10:31 −06:00, 2 days.

    Why available: +95 = +110 − 12 − 3
    [1] +110  wrong unit or pack · nearly certain, .97 · $3,465.00
        PO-4500017 · 20 Nov 2026, 10:45 −06:00 · to correct in the ERP
        - the warehouse received 120 (WMS movement W-88100, in/wms_movements.csv row
          20,110)
        - the ERP booked 10: 120 is 10 cases of 12 (ERP movement E-88100,
          in/erp_movements.csv row 20,110)
    [2] −12  message lost · nearly certain, .95 · −$378.00
        SO-0031882 · 21 Nov 2026, 13:53 −06:00 · to correct in the ERP
        part of F1: interface 945, 13:40 to 14:25 on 21 November
        - sent at 13:53, never acknowledged, 34 hours past the lag of 4 hours
          (message M-4711, in/messages.csv row 811)
        - the warehouse shipped 12; the ERP has no document for it (WMS movement
          W-88101, in/wms_movements.csv row 20,111)
    [3] −3  still on its way · nearly certain, .97 · −$94.50
        SO-0031940 · 22 Nov 2026, 23:52 −06:00
        - sent 7 minutes before the cut-off (message M-4802, in/messages.csv row
          812)
        - the warehouse shipped 3 (WMS movement W-88102, in/wms_movements.csv row
          20,112)
    Looked at and refused
        adjusted by hand in ERP, +98 (unlikely, .04): every ERP posting of the item
          comes from the interface user WMSIF
    Priority high.

    What to do, first things first
     1. Send the 141 messages of interface 945 from 13:40 to 14:25 again (F1).
     2. Post no correction while a message is open: it would post later and make a
        second error.
     3. Reverse the receipt in the ERP and post 120 EA; then correct the conversion
        of CS (PO-4500017).
     4. Nothing; compare again after the lag (SO-0031940).

    Timeline of DC1, clock UTC−06:00
    When          Document    ERP sap           Message    WMS wms1        WMS − ERP
    13 Nov 23:59  opening     420                          420             0
    14–20 Nov     32 agree    −64                          −64
    20 Nov 10:31  PO-4500017  +10 UNRESTRICTED  ✓ applied  +120 AVAILABLE  +110 [1]
    20–21 Nov     6 agree     −12                          −12
    21 Nov 13:52  SO-0031882  × none            → sent     −12 AVAILABLE   −12 [2]
    22 Nov 23:51  SO-0031940  … to come         → sent     −3 PICKED       −3 [3]
    22 Nov 23:59  cut-off     354                          449             +95
    [1] is the number of the reason above. --all shows every document.

    In sync
    Place  Category   ERP  WMS
    DC2    available   60   60
    --all shows them by native status, with their timelines.
    `),
  );
});

it('a status move: told once, in both categories', () => {
  expect(render(toaster())).toContain(
    unindent(`
    Why available: −5
    [1] −5  status move missing · nearly certain, .95 · −$124.95
        ADJ-9913 · 17 Nov 2026, 15:20 −06:00 · to correct in the ERP
        - the warehouse took 5 out of AVAILABLE (WMS movement MV-771,
          in/wms_movements.csv row 20,110)
        - and put them into DAMAGED; the ERP has no such move (WMS movement MV-771,
          in/wms_movements.csv row 20,111)

    Why unavailable: +5
    [2] +5  status move missing · nearly certain, .95 · $124.95
        ADJ-9913, the other side of [1]
    `),
  );
});

it('what nothing explains: the best hypotheses, and a count', () => {
  expect(render(clock())).toContain(
    unindent(`
    Why −4
    [1] −4  not explained · −$356.00
        a count decides which side is right
    Looked at and refused
        posted twice, −4 (possible, .31): SO-0031871 ships 4 as well, but each side
          booked it once
        off from the start, −4 (possible, .22): no opening snapshot was given
        lots swapped, −4 (unlikely, .05): the item has no lots

    What to do
      Count 00311 at DC1; the count decides which side is right.
    `),
  );
});

it('in sync: said so, with the balances', () => {
  expect(render(hose())).toBe(
    unindent(`
    Acme · run 20261123-124511204-7c1f09 · 23 Nov 2026, 06:45 −06:00
    00402  Garden hose 25 m
    In sync: both systems agree at DC1.

    DC1
    Category   ERP sap            WMS wms1        WMS − ERP
    available                140             140          0
               UNRESTRICTED  140  AVAILABLE  128
                                  PICKED      12
    `),
  );
});

describe('what is folded', () => {
  it('--all shows every document, and the places that agree by native status', () => {
    const text = render(kettle(), { all: true });
    expect(text.match(/SO-00318\d\d/g)?.length).toBeGreaterThan(38);
    expect(text).toContain('DC2\nCategory');
    expect(text).not.toContain('--all');
  });

  it('many contributions are added up by cause, and many things to do are counted', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      contribution(index % 3 === 0 ? 'posted-twice' : 'message-lost', -2, 0.9, 'erp', {
        document: `D${index}`,
        action: 'Do it.',
      }),
    );
    const kept = keptItem({ item: 'A', keys: [keptKey({ item: 'A', rank: '1', erp: 60, wms: 0, cents: 100 }, many)] });
    const text = render(kept);
    expect(text).toContain('Why −60 = −20 posted twice − 40 message lost\n');
    expect(text).toContain('    and 22 more: message lost −30 (15), posted twice −14 (7); --all shows them\n');
    expect(text.match(/^ *\d+\. /gm)).toHaveLength(8);
    expect(render(kept, { all: true }).match(/^\[\d+\] /gm)).toHaveLength(30);
  });

  it('an item of many places in sync is listed by category', () => {
    const balances = Array.from({ length: 20 }, (_, index) =>
      sampleBalances('erp | UNRESTRICTED | 5\nwms | AVAILABLE | 5', `DC${index + 10}`),
    ).flat();
    const text = render(keptItem({ item: 'A', balances }));
    expect(text).toContain('In sync: both systems agree at 20 places.\n');
    expect(text).toContain('DC21   available    5    5\n8 more places. --all');
  });
});

describe('missing evidence', () => {
  const keys = [
    keptKey({ item: 'A', rank: '1', erp: 5, wms: 4, cents: 100 }, [contribution('unexplained', -1, 0, 'count')]),
  ];
  it('no movements at all: what would tell', () => {
    const kept = keptItem({ item: 'A', keys, given: { erpLedger: false, wmsLedger: false, messages: false } });
    expect(render(kept)).toContain(
      'Timeline of DC1: the run read no movements. Name the movement files of both\nsystems under movements in evenstock.yaml.\n',
    );
  });

  it.each([
    [true, true, 'Timeline of DC1: the ledgers hold no movement of it.\n'],
    [false, true, 'Timeline of DC1: the WMS has no movement of it, and no movements of the ERP were given.\n'],
    [true, false, 'Timeline of DC1: the ERP has no movement of it, and no movements of the WMS were given.\n'],
  ])('no movement of the item, ERP ledger %s, WMS ledger %s', (erpLedger, wmsLedger, expected) => {
    const kept = keptItem({ item: 'A', keys, given: { erpLedger, wmsLedger, messages: false } });
    expect(render(kept, { width: 100 })).toContain(expected);
  });

  it('one ledger: nothing is called missing on the other side', () => {
    const postings = sampleLedger('wms', 'A', '20 Nov 11:00 | shipment | SO-1 | | AVAILABLE | -1 |');
    const text = render(
      keptItem({ item: 'A', keys, postings, given: { erpLedger: false, wmsLedger: true, messages: false } }),
    );
    expect(text).toContain('not given');
    expect(text).not.toContain('× none');
    expect(text).toContain('No movements of the ERP were given');
  });

  it('no unit cost', () => {
    const line = keptKey({ item: 'A', rank: '1', erp: 5, wms: 4, cents: 100, unit_cost: '', variance_value: '' }, [
      contribution('unexplained', -1, 0, 'count'),
    ]);
    const text = render(keptItem({ item: 'A', keys: [line] }));
    expect(text).toContain('Out of sync at DC1; no unit cost is known.\n');
    expect(text).toContain('▼ available: ERP shows 1 EA more than the warehouse.\n');
  });
});

describe('hostile data', () => {
  const evil = '\u001b[31mRED\u001b[0m\u0007\u202e日本語の商品名前とても長い'.repeat(8);
  const kept = keptItem({
    item: evil,
    description: evil,
    uom: evil,
    keys: [
      keptKey({ item: evil, site: evil, rank: '1', erp: 5, wms: 4, cents: 100 }, [
        contribution('posted-twice', -1, 0.9, 'erp', {
          document: evil,
          action: evil,
          proofs: [{ kind: 'message', id: evil, reference: evil, source: { file: evil, row: 2 }, says: evil }],
        }),
      ]),
    ],
    postings: sampleLedger('wms', evil, `20 Nov 11:00 | ${evil} | ${evil} | | ${evil} | -1 |`, evil),
    balances: sampleBalances(`erp | UNRESTRICTED | 5\nwms | ${evil} | 4`, evil),
  });

  it.each([48, 60, 80, 120, 200])('no escape gets through and no line is wider than %i columns', (width) => {
    const text = render(kept, { width });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text.split('\n').filter((line) => widthMax(line) > width)).toEqual([]);
    for (const sample of [kettle(), toaster(), clock()])
      expect(
        render(sample, { width })
          .split('\n')
          .filter((line) => widthMax(line) > width),
      ).toEqual([]);
  });
});

it('colours only where asked for', () => {
  expect(render(kettle(), { color: true })).toContain('\u001b[1m');
  expect(render(kettle())).not.toContain('\u001b');
});
