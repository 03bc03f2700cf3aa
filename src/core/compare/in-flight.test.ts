import { describe, expect, it } from 'vitest';
import { findInFlight } from './in-flight.ts';
import { inFlightOf, readScenario } from './in-flight-fixture.ts';

/** In flight per key; variance = WMS − ERP, so a WMS shipment that the ERP lacks is in flight with its own sign. */
type Case = readonly [name: string, scenario: string, expected: Record<string, number>];
const SAME = 'cut-off erp 12:00 wms 12:00 lag 30 945 240';
const WMS_LATER = 'cut-off erp 12:00 wms 14:00 lag 30 945 240';
const ERP_LATER = 'cut-off erp 14:00 wms 12:00 lag 30 945 240';

describe('between the cut-offs', () => {
  const cases: readonly Case[] = [
    ['a WMS movement behind the ERP’s cut-off', `${WMS_LATER}\n wms 13:00 -5`, { A: -5 }],
    ['a WMS movement at the ERP’s cut-off is older', `${WMS_LATER}\n wms 12:00 -5`, {}],
    ['a WMS movement at its own cut-off stands in the snapshot', `${WMS_LATER}\n wms 14:00 -5`, { A: -5 }],
    ['a WMS movement behind both cut-offs', `${WMS_LATER}\n wms 14:01 -5`, {}],
    ['a WMS movement before both, without any other ledger', `${WMS_LATER}\n wms 11:50 -5`, {}],
    ['an ERP posting behind the WMS’s cut-off', `${ERP_LATER}\n erp 13:00 -5`, { A: 5 }],
    ['an ERP posting behind both cut-offs', `${ERP_LATER}\n erp 14:01 -5`, {}],
    ['an ERP posting before both', `${ERP_LATER}\n erp 11:00 -5`, {}],
    [
      'an ERP posting behind the WMS’s cut-off, of goods that moved before it',
      `${ERP_LATER}\n erp 12:10 -5 event=11:55`,
      {},
    ],
    ['an ERP posting of goods that moved behind it', `${ERP_LATER}\n erp 12:40 -5 event=12:30`, { A: 5 }],
    [
      'an ERP posting of an earlier WMS movement of the same document',
      `${ERP_LATER}\n wms 11:55 -5 ref=SO1\n erp 12:10 -5 ref=SO1`,
      {},
    ],
    [
      'an ERP posting of a later WMS movement of the same document',
      `${ERP_LATER}\n wms 12:55 -5 ref=SO1\n erp 13:10 -5 ref=SO1`,
      { A: 5 },
    ],
    [
      'an ERP posting of an earlier message of the WMS',
      `${ERP_LATER}\n message M1 11:55 applied\n erp 12:10 -5 msg=M1`,
      {},
    ],
    [
      'an ERP posting of a later message of the WMS',
      `${ERP_LATER}\n message M1 12:55 applied\n erp 13:10 -5 msg=M1`,
      { A: 5 },
    ],
    [
      'an ERP posting of the later of two messages of its document',
      `${ERP_LATER}\n message M1 11:00 applied ref=SO1\n message M2 12:55 applied ref=SO1\n erp 11:10 -5 ref=SO1\n erp 13:10 -4 ref=SO1`,
      { A: 4 },
    ],
    ['both ledgers, the ERP posted first', `${WMS_LATER}\n erp 11:00 10 ref=PO1\n wms 13:00 10 ref=PO1`, {}],
    [
      'a status move: both legs',
      `${WMS_LATER}\n wms 13:00 -5 ref=T1\n wms 13:00 5 ref=T1 category=1`,
      { A: -5, 'A category 1': 5 },
    ],
    ['a receipt and a shipment of it net out', `${WMS_LATER}\n wms 13:00 5\n wms 13:30 -5`, {}],
  ];
  it.each(cases)('%s', (_name, scenario, expected) => {
    expect(inFlightOf(scenario)).toEqual(expected);
  });
});

describe('both ledgers', () => {
  const cases: readonly Case[] = [
    ['posted by the ERP in time', `${SAME}\n wms 11:00 -5 ref=SO1\n erp 11:10 -5 ref=SO1`, {}],
    ['not posted, within the lag', `${SAME}\n erp ledger\n wms 11:50 -5 ref=SO1`, { A: -5 }],
    ['not posted, at the lag', `${SAME}\n erp ledger\n wms 11:30 -5`, { A: -5 }],
    ['not posted, older than the lag: lost', `${SAME}\n erp ledger\n wms 11:29 -5 ref=SO1`, {}],
    ['not posted, within the lag, but no ledger of the ERP says so', `${SAME}\n wms 11:50 -5 ref=SO1`, {}],
    [
      'posted by the ERP behind its cut-off, by document',
      `${SAME}\n wms 9:00 -5 ref=SO1\n erp 12:20 -5 ref=SO1`,
      { A: -5 },
    ],
    ['posted behind the cut-off, by message', `${SAME}\n wms 9:00 -5 msg=M1\n erp 12:20 -5 msg=M1`, { A: -5 }],
    ['posted behind the cut-off, by quantity and time', `${SAME}\n wms 11:55 -5\n erp 12:05 -5`, { A: -5 }],
    ['a posting with the same quantity hours later is another event', `${SAME}\n wms 9:00 -5\n erp 12:05 -5`, {}],
    ['posted in time without a reference', `${SAME}\n wms 11:50 -5 ref=SO1\n erp 11:55 -5`, {}],
    ['posted in time under the ERP’s own number', `${SAME}\n wms 11:50 -5 ref=SO1\n erp 11:55 -5 ref=4900001`, {}],
    ['posted in time by a clock that is behind', `${SAME}\n wms 11:50 -5\n erp 11:40 -5`, {}],
    [
      'the WMS posts a document of the ERP behind its own cut-off',
      `${SAME}\n erp 11:00 10 ref=PO1\n wms 12:30 10 ref=PO1`,
      { A: -10 },
    ],
    ['a guess never says that the ERP posted first', `${SAME}\n erp 11:30 -5\n wms 12:10 -5\n erp 12:20 -5`, {}],
    [
      'a guess never says that the ERP posted first, with no other posting',
      `${SAME}\n erp 11:30 -5\n wms 12:10 -5`,
      {},
    ],
    [
      'posted behind the cut-off with another quantity: on its way by then',
      `${SAME}\n wms 11:50 -10 ref=SO1\n erp 12:05 -100 ref=SO1`,
      { A: -10 },
    ],
    ['a manual posting of the ERP alone', `${SAME}\n erp 11:50 -5`, {}],
  ];
  it.each(cases)('%s', (_name, scenario, expected) => {
    expect(inFlightOf(scenario)).toEqual(expected);
  });
});

describe('one record stands for one event', () => {
  const cases: readonly Case[] = [
    [
      'a lost movement does not take the posting of a young one',
      `${SAME}\n wms 9:00 -5 ref=SO1\n wms 11:55 -5 ref=SO1\n erp 12:10 -5 ref=SO1`,
      { A: -5 },
    ],
    ['nor one without references', `${SAME}\n wms 11:35 -5\n wms 11:55 -5\n erp 11:58 -5\n erp 12:10 -5`, { A: -5 }],
    ['nor one whose movement stands behind both cut-offs', `${SAME}\n wms 9:00 -5\n wms 12:10 -5\n erp 12:15 -5`, {}],
    [
      'two movements of a document, one posting for the first',
      `${SAME}\n wms 11:00 -6 ref=SO1\n erp 11:10 -6 ref=SO1\n wms 11:50 -4 ref=SO1`,
      { A: -4 },
    ],
    [
      'two movements of a document, the first lost, the second posted later',
      `${SAME}\n wms 9:00 -6 ref=SO1\n wms 11:50 -4 ref=SO1\n erp 12:10 -4 ref=SO1`,
      { A: -4 },
    ],
    [
      'two movements posted as one',
      `${SAME}\n wms 11:00 -6 ref=SO1\n wms 11:05 -4 ref=SO1\n erp 11:10 -10 ref=SO1`,
      {},
    ],
    [
      'two movements posted as one behind the cut-off',
      `${SAME}\n wms 11:50 -6 ref=SO1\n wms 11:55 -4 ref=SO1\n erp 12:10 -10 ref=SO1`,
      { A: -10 },
    ],
    [
      'one movement posted in two halves, one of them behind the cut-off',
      `${SAME}\n wms 11:50 -10 ref=SO1\n erp 11:55 -6 ref=SO1\n erp 12:10 -4 ref=SO1`,
      { A: -4 },
    ],
    ['one movement posted with another quantity', `${SAME}\n wms 11:50 -10 ref=SO1\n erp 11:55 -100 ref=SO1`, {}],
    ['one movement posted with the sign reversed', `${SAME}\n wms 11:50 -10 ref=SO1\n erp 11:55 10 ref=SO1`, {}],
    [
      'one movement posted into another category',
      `${SAME}\n wms 11:50 10 ref=PO1 category=1\n erp 11:55 10 ref=PO1`,
      {},
    ],
    [
      'one movement posted under another lot',
      `${SAME}\n wms 11:50 -10 ref=SO1 lot=L1\n erp 11:55 -10 ref=SO1 lot=L2`,
      {},
    ],
    ['one movement posted for another item', `${SAME}\n wms 11:20 -10 ref=SO1\n erp 11:55 -10 ref=SO1 item=B`, {}],
    [
      'one movement posted twice between the cut-offs',
      `${ERP_LATER}\n wms 12:55 -5 ref=SO1\n erp 13:00 -5 ref=SO1\n erp 13:05 -5 ref=SO1`,
      { A: 5 },
    ],
    [
      'a second shipment of a document that the WMS’s ledger does not reach',
      `${ERP_LATER}\n wms 11:00 -6 ref=SO1\n erp 11:10 -6 ref=SO1\n erp 12:40 -4 ref=SO1 event=12:30`,
      { A: 4 },
    ],
    [
      'two lines of a document that one posting without a number adds up',
      `${SAME}\n wms 11:35 30 ref=RC1\n wms 11:39 40 ref=RC1\n erp 11:45 70`,
      {},
    ],
    [
      'two movements of one hour that one posting adds up',
      `${SAME}\n wms 11:31 -5 ref=SO0\n wms 11:35 -3 ref=SO1\n wms 11:39 -4 ref=SO2\n erp 11:45 -7`,
      { A: -5 },
    ],
    [
      'received and put away under one number, the receipt posted as one',
      `${SAME}\n wms 11:31 30 ref=RC1 category=1\n wms 11:33 50 ref=RC1 category=1\n erp 11:40 80 ref=RC1 category=1
      wms 11:50 -80 ref=RC1 category=1\n wms 11:50 80 ref=RC1`,
      { A: 80, 'A category 1': -80 },
    ],
    [
      'a move within one key is no movement of which one leg could be posted',
      `${SAME}\n wms 11:40 -240 ref=ST1\n wms 11:40 240 ref=ST1\n erp 11:45 -240 category=1\n erp 11:45 240`,
      {},
    ],
    [
      'one movement posted into another category, without a number',
      `${SAME}\n wms 11:40 13 ref=RC1\n erp 11:50 13 category=1`,
      {},
    ],
    [
      'the legs of a status move are not posted by what was received before',
      `${SAME}\n erp ledger\n wms 11:40 -60 ref=ST1 category=1\n wms 11:40 60 ref=ST1\n erp 11:45 60 category=1`,
      { A: 60, 'A category 1': -60 },
    ],
    [
      'a posting by message is not taken by a movement of the same document',
      `${SAME}\n wms 9:00 -5 ref=SO1 msg=M1\n wms 11:55 -5 ref=SO1 msg=M2\n erp 12:10 -5 ref=SO1 msg=M2`,
      { A: -5 },
    ],
  ];
  it.each(cases)('%s', (_name, scenario, expected) => {
    expect(inFlightOf(scenario)).toEqual(expected);
  });
});

describe('what cannot be placed', () => {
  const unplaced = (scenario: string): number => {
    const { evidence, cutOffs } = readScenario(scenario);
    return findInFlight(evidence, cutOffs).unplaced;
  };
  it.each([
    ['a pending message without quantity', `${SAME}\n message M1 11:50 sent`, 1],
    ['one that is not pending', `${SAME}\n message M1 11:50 applied`, 0],
    ['one whose movement is known', `${SAME}\n wms 11:50 -5 msg=M1\n message M1 11:50 sent`, 0],
    ['one with lines that say more', `${SAME}\n message M1 11:50 sent item=\n message M1 11:50 sent qty=-5`, 0],
    ['one that the ERP posted', `${SAME}\n message M1 11:50 sent\n erp 11:55 -5 msg=M1`, 0],
  ])('%s', (_name, scenario, expected) => {
    expect(unplaced(scenario)).toBe(expected);
  });

  it('units of a status without a category are in flight nowhere', () => {
    expect(inFlightOf(`${WMS_LATER}\n wms 13:00 -5 category=-1\n message M1 11:50 sent qty=-3 category=-1`)).toEqual(
      {},
    );
  });
});
