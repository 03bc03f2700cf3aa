import { describe, expect, it } from 'vitest';
import { inFlightOf } from './in-flight-fixture.ts';

/** In flight per key; variance = WMS − ERP, so a WMS shipment that the ERP lacks is in flight with its own sign. */
type Case = readonly [name: string, scenario: string, expected: Record<string, number>];
const SAME = 'cut-off erp 12:00 wms 12:00 lag 30 945 240';
const WMS_LATER = 'cut-off erp 12:00 wms 14:00 lag 30 945 240';
const ERP_LATER = 'cut-off erp 14:00 wms 12:00 lag 30 945 240';

describe('the message log', () => {
  const cases: readonly Case[] = [
    ['pending, younger than the lag', `${SAME}\n message M1 11:50 sent qty=-5`, { A: -5 }],
    ['pending, at the lag', `${SAME}\n message M1 11:30 sent qty=-5`, { A: -5 }],
    ['pending, older than the lag: lost', `${SAME}\n message M1 11:29 sent qty=-5`, {}],
    [
      'pending, older than the default, younger than its interface may be',
      `${SAME}\n message M1 9:00 sent qty=-5 interface=945`,
      { A: -5 },
    ],
    ['pending, older than its interface may be', `${SAME}\n message M1 7:59 sent qty=-5 interface=945`, {}],
    ...['created', 'sent', 'received', 'acknowledged'].map(
      (state): Case => [`state ${state} is pending`, `${SAME}\n message M1 11:50 ${state} qty=-5`, { A: -5 }],
    ),
    ...['rejected', 'failed', 'abandoned', 'superseded', 'partial'].map(
      (state): Case => [`state ${state} is not`, `${SAME}\n message M1 11:50 ${state} qty=-5`, {}],
    ),
    ['rejected, whenever it was looked at', `${SAME}\n message M1 11:50 rejected qty=-5 applied=12:10`, {}],
    ['applied in time', `${SAME}\n message M1 11:50 applied qty=-5 applied=11:55`, {}],
    ['applied behind the cut-off', `${SAME}\n message M1 11:50 applied qty=-5 applied=12:05`, { A: -5 }],
    ['applied, nobody knows when, sent before the cut-off', `${SAME}\n message M1 11:50 applied qty=-5`, {}],
    [
      'applied, nobody knows when, sent behind the ERP’s cut-off',
      `${WMS_LATER}\n wms 13:00 -5 msg=M1\n message M1 13:01 applied`,
      { A: -5 },
    ],
    ['sent behind both cut-offs', `${SAME}\n message M1 12:01 sent qty=-5`, {}],
    [
      'sent behind the cut-off for a movement before it',
      `${SAME}\n wms 11:59 -5 msg=M1\n message M1 12:01 sent`,
      { A: -5 },
    ],
    [
      'message and movement are counted once, by number',
      `${SAME}\n wms 11:50 -5 msg=M1\n message M1 11:51 sent qty=-5`,
      { A: -5 },
    ],
    [
      'message and movement are counted once, by document',
      `${SAME}\n wms 11:50 -5 ref=SO1\n message M1 11:51 sent qty=-5 ref=SO1`,
      { A: -5 },
    ],
    [
      'message and movement are counted once, by key and time',
      `${SAME}\n erp ledger\n wms 11:50 -5\n message M1 11:51 sent qty=-5`,
      { A: -5 },
    ],
    [
      'message and movement are counted once behind the ERP’s cut-off',
      `${WMS_LATER}\n wms 13:00 -5 ref=SO1\n message M1 13:01 sent qty=-5 ref=SO1`,
      { A: -5 },
    ],
    [
      'message and ERP movement are counted once',
      `${ERP_LATER}\n erp 13:00 -5 msg=M1\n message M1 13:00 sent qty=-5 from=erp`,
      { A: 5 },
    ],
    [
      'a rejected message of a young movement',
      `${SAME}\n erp ledger\n wms 11:50 -5 msg=M1\n message M1 11:51 rejected`,
      {},
    ],
    [
      'a rejected message of a movement between the cut-offs',
      `${WMS_LATER}\n wms 13:00 -5 msg=M1\n message M1 13:01 rejected`,
      {},
    ],
    [
      'a late message of a movement, with the ledger of the ERP',
      `${SAME}\n erp ledger\n wms 11:00 -5 msg=M1\n message M1 11:01 sent`,
      {},
    ],
    [
      'the ERP posted it although the log says sent',
      `${SAME}\n wms 11:50 -5 msg=M1\n message M1 11:51 sent qty=-5\n erp 11:55 -5 msg=M1`,
      {},
    ],
    [
      'the ERP posted it although the log says sent, no ledger of the WMS',
      `${SAME}\n message M1 11:51 sent qty=-5\n erp 11:55 -5 msg=M1`,
      {},
    ],
    [
      'the ERP posted it by document, no ledger of the WMS',
      `${SAME}\n message M1 11:51 sent qty=-5 ref=SO1\n erp 11:55 -5 ref=SO1`,
      {},
    ],
    [
      'the ERP posted it, by key and time, no ledger of the WMS',
      `${SAME}\n message M1 11:51 sent qty=-5\n erp 11:55 -5`,
      {},
    ],
    [
      'a log that lists every state of a message',
      `${SAME}\n message M1 11:40 sent qty=-5\n message M1 11:40 acknowledged qty=-5\n message M1 11:45 applied qty=-5`,
      {},
    ],
    [
      'a resend of a failed message',
      `${SAME}\n message M1 9:00 failed qty=-5\n message M1 11:55 sent qty=-5`,
      { A: -5 },
    ],
    [
      'a message rejected after it was sent again',
      `${SAME}\n message M1 11:40 sent qty=-5\n message M1 11:55 rejected qty=-5`,
      {},
    ],
    [
      'two lines of one message for one item',
      `${SAME}\n message M1 11:50 sent qty=-5\n message M1 11:50 sent qty=-3`,
      { A: -8 },
    ],
    [
      'two items of one message',
      `${SAME}\n message M1 11:50 sent qty=-5\n message M1 11:50 sent qty=-3 item=B`,
      { A: -5, B: -3 },
    ],
    [
      'a message without quantity carries its movements',
      `${SAME}\n wms 11:50 -5 msg=M1\n wms 11:50 -3 msg=M1 lot=L\n message M1 11:51 sent`,
      { A: -5, 'A lot L': -3 },
    ],
    [
      'a message without an item carries those of every item',
      `${SAME}\n wms 11:50 -5 msg=M1\n wms 11:50 -3 msg=M1 item=B\n message M1 11:51 sent item=`,
      { A: -5, B: -3 },
    ],
    [
      'the movements say the sign and the key',
      `${SAME}\n wms 11:50 -5 msg=M1 lot=L\n message M1 11:51 sent qty=5`,
      { 'A lot L': -5 },
    ],
    [
      'a message that carries less than the movement',
      `${SAME}\n wms 11:50 -10 msg=M1\n message M1 11:51 sent qty=-9`,
      { A: -9 },
    ],
    [
      'a message that carries more than the movement',
      `${SAME}\n wms 11:50 -10 msg=M1\n message M1 11:51 sent qty=-100`,
      {},
    ],
    [
      'legs of another size than the message says',
      `${SAME}\n wms 11:50 -5 msg=M1\n wms 11:50 5 msg=M1 category=1\n message M1 11:51 sent qty=-6\n message M1 11:51 sent qty=6 category=1`,
      {},
    ],
  ];
  it.each(cases)('%s', (_name, scenario, expected) => {
    expect(inFlightOf(scenario)).toEqual(expected);
  });
});

describe('a message of a document carries the movement right before it', () => {
  const cases: readonly Case[] = [
    [
      'the first was applied, the second is on its way',
      `${SAME}\n wms 8:00 -6 ref=SO1\n wms 11:50 -4 ref=SO1\n message M1 8:00 applied ref=SO1\n message M2 11:50 sent ref=SO1`,
      { A: -4 },
    ],
    [
      'the first was lost with its message, the second is on its way',
      `${SAME}\n wms 8:00 -6 ref=SO1\n wms 11:50 -4 ref=SO1\n message M1 8:00 sent ref=SO1\n message M2 11:50 sent ref=SO1`,
      { A: -4 },
    ],
    [
      'the first never had a message',
      `${SAME}\n wms 8:00 -6 ref=SO1\n wms 11:50 -4 ref=SO1\n message M2 11:50 sent ref=SO1`,
      { A: -4 },
    ],
    [
      'the first never had a message, equal quantities',
      `${SAME}\n wms 8:00 -5 ref=SO1\n wms 11:50 -5 ref=SO1\n message M2 11:50 sent qty=-5 ref=SO1`,
      { A: -5 },
    ],
    [
      'the first never had a message, the message of the second says its quantity',
      `${SAME}\n wms 8:00 -6 ref=SO1\n wms 11:50 -4 ref=SO1\n message M2 11:50 sent qty=-4 ref=SO1`,
      { A: -4 },
    ],
    [
      'one message for two movements',
      `${SAME}\n wms 11:45 -6 ref=SO1\n wms 11:50 -4 ref=SO1\n message M2 11:50 sent qty=-10 ref=SO1`,
      { A: -10 },
    ],
    [
      'a movement behind the last message of its document',
      `${WMS_LATER}\n wms 11:00 -6 ref=SO1\n message M1 11:00 applied ref=SO1\n wms 13:30 -4 ref=SO1`,
      { A: -4 },
    ],
    [
      'a message with another movement’s number is not this one’s',
      `${SAME}\n erp ledger\n wms 11:55 -5 ref=SO1 msg=M9\n wms 9:00 -5 ref=SO1 msg=M1\n message M1 9:00 rejected ref=SO1`,
      { A: -5 },
    ],
  ];
  it.each(cases)('%s', (_name, scenario, expected) => {
    expect(inFlightOf(scenario)).toEqual(expected);
  });
});

describe('messages of the ERP', () => {
  const cases: readonly Case[] = [
    ['pending: the ERP holds it, the WMS does not yet', `${SAME}\n message M1 11:50 sent qty=10 from=erp`, { A: -10 }],
    ['pending, older than the lag', `${SAME}\n message M1 11:00 sent qty=10 from=erp`, {}],
    [
      'pending, with the posting in the ERP’s ledger',
      `${SAME}\n erp 11:50 10 msg=M1\n message M1 11:50 sent qty=10 from=erp`,
      { A: -10 },
    ],
    [
      'pending, without a posting in the ERP’s ledger: an order changes no balance',
      `${SAME}\n erp ledger\n message M1 11:50 sent qty=-5 from=erp`,
      {},
    ],
    [
      'the WMS did it although the log says acknowledged',
      `${SAME}\n erp 11:40 10 msg=M1\n message M1 11:41 acknowledged qty=10 from=erp\n wms 11:50 10 msg=M1`,
      {},
    ],
    [
      'the WMS did it although the log says acknowledged, no ledger of the ERP',
      `${SAME}\n message M1 11:41 acknowledged qty=10 from=erp\n wms 11:50 10 msg=M1`,
      {},
    ],
    [
      'an order of the same document does not speak for the shipment',
      `${SAME}\n erp ledger\n message O1 11:40 acknowledged ref=SO1 from=erp\n wms 11:50 -5 ref=SO1`,
      { A: -5 },
    ],
    [
      'an old order of the same document does not either',
      `${SAME}\n erp ledger\n message O1 8:00 applied ref=SO1 from=erp\n wms 11:50 -5 ref=SO1`,
      { A: -5 },
    ],
    ['rejected by the WMS', `${ERP_LATER}\n erp 13:00 10 msg=M1\n message M1 13:00 rejected from=erp`, {}],
  ];
  it.each(cases)('%s', (_name, scenario, expected) => {
    expect(inFlightOf(scenario)).toEqual(expected);
  });
});
