/**
 * Four items of one company: two faults at once, a status move, one that nothing explains, and one in sync.
 * Never used outside of tests.
 */

import type { MessageLine, Posting } from '../core/explain/evidence.ts';
import type { KeptItem, KeptKey } from './kept-item.ts';
import {
  contribution,
  keptItem,
  keptKey,
  proofOf,
  sampleBalances,
  sampleLedger,
  sampleMessages,
} from './kept-item-fixture.ts';

const at = (time: string): number => Date.parse(`2026-11-${time}:00-06:00`);
const OPENING = {
  erp: '2026-11-13T23:59:59-06:00',
  wms: { DC1: '2026-11-13T23:59:59-06:00', DC2: '2026-11-13T23:59:59-06:00' },
};

/** `count` shipments of 2 units that both sides booked, from 14 November on, one every three hours. */
function quietDays(role: 'erp' | 'wms', item: string, count: number) {
  const rows = Array.from({ length: count }, (_, index) => {
    const hour = 6 + (index % 5) * 3;
    const time = `${14 + Math.floor(index / 5)} Nov ${String(hour).padStart(2, '0')}:${role === 'erp' ? '09' : '05'}`;
    return `${time} | shipment | SO-00318${String(10 + index)} | M-${4600 + index} | ${role === 'erp' ? 'UNRESTRICTED' : 'AVAILABLE'} | -2 | ${role === 'erp' ? 'WMSIF' : 'jdoe'}`;
  });
  return sampleLedger(role, item, rows.join('\n')).map((posting, index) => ({
    ...posting,
    movementId: `${role}-quiet-${index}`,
    source: { ...posting.source, row: 100 + index },
  }));
}

/** A shipment whose message was lost, and a receipt of 10 cases that the ERP took for 10 pieces. */
export function kettle(): KeptItem {
  const item = '00123';
  const erp = sampleLedger('erp', item, '20 Nov 10:45 | receipt | PO-4500017 | M-4690 | UNRESTRICTED | 10 | WMSIF');
  const wms = sampleLedger(
    'wms',
    item,
    `
    20 Nov 10:31 | receipt  | PO-4500017 | M-4690 | AVAILABLE | 120 | rgarcia
    21 Nov 13:52 | shipment | SO-0031882 | M-4711 | AVAILABLE | -12 | jdoe
    22 Nov 23:51 | shipment | SO-0031940 | M-4802 | PICKED    | -3  | jdoe`,
  );
  const messages = sampleMessages(
    item,
    `
    20 Nov 10:32 | 944 | M-4690 | PO-4500017 | applied | 120 |
    21 Nov 13:53 | 945 | M-4711 | SO-0031882 | sent    | -12 |
    22 Nov 23:52 | 945 | M-4802 | SO-0031940 | sent    | -3  |`,
  );
  return keptItem({
    item,
    description: 'Kettle 1.7 l',
    unitCost: '31.50',
    balances: [
      ...sampleBalances(`
        erp | UNRESTRICTED    | 354
        erp | UNAVAILABLE     | 23
        wms | AVAILABLE       | 429
        wms | PICKED          | 20
        wms | QUALITY         | 13
        wms | DAMAGED         | 10`),
      ...sampleBalances('erp | UNRESTRICTED | 60\nwms | AVAILABLE | 60', 'DC2'),
    ],
    keys: [kettleKey(item, erp, wms, messages)],
    postings: [...quietDays('erp', item, 38), ...erp, ...quietDays('wms', item, 38), ...wms],
    messages,
    findings: [
      {
        id: 'F1',
        cause: 'message-lost',
        title: 'interface 945, 13:40 to 14:25 on 21 November',
        action: 'Send the 141 messages of interface 945 from 13:40 to 14:25 again.',
      },
    ],
    openings: {
      at: OPENING,
      balances: [
        ...sampleBalances(`
          erp | UNRESTRICTED | 420
          erp | UNAVAILABLE  | 23
          wms | AVAILABLE    | 420
          wms | QUALITY      | 23`),
        ...sampleBalances('erp | UNRESTRICTED | 60\nwms | AVAILABLE | 60', 'DC2'),
      ],
    },
  });
}

function kettleKey(
  item: string,
  [booked]: readonly Posting[],
  [receipt, shipment, late]: readonly Posting[],
  [, lost, underWay]: readonly MessageLine[],
): KeptKey {
  const parts = { description: 'Kettle 1.7 l', first_seen: '2026-11-20T10:31:00-06:00', days_out_of_sync: '2' };
  return keptKey(
    { item, rank: '1', erp: 354, wms: 449, cents: 3150, finding_id: 'F1', priority: 'high', ...parts },
    [
      contribution('unit-mismatch', 110, 0.97, 'erp', {
        at: at('20T10:45'),
        document: 'PO-4500017',
        proofs: [
          proofOf(receipt, 'the warehouse received 120'),
          proofOf(booked, 'the ERP booked 10: 120 is 10 cases of 12'),
        ],
        action: 'Reverse the receipt in the ERP and post 120 EA; then correct the conversion of CS.',
      }),
      contribution('message-lost', -12, 0.95, 'erp', {
        at: at('21T13:53'),
        document: 'SO-0031882',
        proofs: [
          proofOf(lost, 'sent at 13:53, never acknowledged, 34 hours past the lag of 4 hours'),
          proofOf(shipment, 'the warehouse shipped 12; the ERP has no document for it'),
        ],
        action: 'Send the message again under the same id.',
      }),
      contribution('in-flight', -3, 0.97, 'none', {
        at: at('22T23:52'),
        document: 'SO-0031940',
        proofs: [proofOf(underWay, 'sent 7 minutes before the cut-off'), proofOf(late, 'the warehouse shipped 3')],
        action: 'Nothing; compare again after the lag.',
      }),
    ],
    [
      {
        cause: 'manual-erp-adjustment',
        quantity: 98,
        confidence: 0.04,
        refusal: 'every ERP posting of the item comes from the interface user WMSIF',
      },
    ],
    ['', 'F1', ''],
  );
}

/** Five units that the warehouse moved to DAMAGED, and the ERP did not. */
export function toaster(): KeptItem {
  const item = '00207';
  const wms = sampleLedger(
    'wms',
    item,
    `
    17 Nov 15:20 | MV-771 status-change | ADJ-9913 | | AVAILABLE | -5 | rgarcia
    17 Nov 15:20 | MV-771 status-change | ADJ-9913 | | DAMAGED   | 5  | rgarcia`,
  );
  const [out, into] = wms;
  const moved = (quantity: number) =>
    contribution('status-move-missing', quantity, 0.95, 'erp', {
      at: at('17T15:20'),
      document: 'ADJ-9913',
      proofs: [
        proofOf(out, 'the warehouse took 5 out of AVAILABLE'),
        proofOf(into, 'and put them into DAMAGED; the ERP has no such move'),
      ],
      action: 'Post one reclassification of 5 EA to unavailable in the ERP, never two adjustments.',
    });
  const about = {
    item,
    cents: 2499,
    description: 'Toaster, 2 slots',
    first_seen: '2026-11-17T15:20:00-06:00',
    days_out_of_sync: '5',
  };
  return keptItem({
    item,
    description: 'Toaster, 2 slots',
    unitCost: '24.99',
    balances: sampleBalances(`
      erp | UNRESTRICTED    | 212
      erp | UNAVAILABLE     | 4
      wms | AVAILABLE       | 207
      wms | DAMAGED         | 9`),
    keys: [
      keptKey({ ...about, rank: '3', erp: 212, wms: 207 }, [moved(-5)]),
      keptKey({ ...about, rank: '4', erp: 4, wms: 9, category: 'unavailable' }, [moved(5)]),
    ],
    postings: [...quietDays('erp', item, 12), ...quietDays('wms', item, 12), ...wms],
  });
}

/** Four units are missing, and no document tells where they went. */
export function clock(): KeptItem {
  const item = '00311';
  const wms = sampleLedger('wms', item, '19 Nov 11:40 | shipment | SO-0031871 | M-4683 | AVAILABLE | -4 | jdoe');
  const erp = sampleLedger('erp', item, '19 Nov 11:52 | shipment | SO-0031871 | M-4683 | UNRESTRICTED | -4 | WMSIF');
  return keptItem({
    item,
    description: 'Wall clock, oak',
    unitCost: '89.00',
    balances: sampleBalances(`
      erp | UNRESTRICTED    | 31
      wms | AVAILABLE       | 27`),
    keys: [
      keptKey(
        { item, rank: '2', erp: 31, wms: 27, cents: 8900, description: 'Wall clock, oak' },
        [
          contribution('unexplained', -4, 0, 'count', {
            action: 'Count 00311 at DC1; the count decides which side is right.',
          }),
        ],
        [
          {
            cause: 'posted-twice',
            quantity: -4,
            confidence: 0.31,
            refusal: 'SO-0031871 ships 4 as well, but each side booked it once',
          },
          { cause: 'opening-difference', quantity: -4, confidence: 0.22, refusal: 'no opening snapshot was given' },
          { cause: 'lot-swapped', quantity: -4, confidence: 0.05, refusal: 'the item has no lots' },
        ],
      ),
    ],
    postings: [...erp, ...wms],
    messages: sampleMessages(item, '19 Nov 11:41 | 945 | M-4683 | SO-0031871 | applied | -4 |'),
  });
}

/** Both sides agree everywhere. */
export function hose(): KeptItem {
  return keptItem({
    item: '00402',
    description: 'Garden hose 25 m',
    unitCost: '18.20',
    balances: sampleBalances(`
      erp | UNRESTRICTED    | 140
      wms | AVAILABLE       | 128
      wms | PICKED          | 12`),
  });
}
