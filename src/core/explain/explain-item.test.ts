import { describe, expect, it } from 'vitest';
import { explainItem } from './explain-item.ts';
import { causesOf, readScenario } from './scenario-fixture.ts';

/** Scenarios of one item between 20 and 22 November; what is expected is one line for each contribution. */
type Case = readonly [name: string, scenario: string, expected: string];
const DAYS = 'opening 11-20 00:00\ncut-off 11-22 00:00 lag 30 945 240\n';

function check(cases: readonly Case[]): void {
  it.each(cases)('%s', (_name, scenario, expected) => {
    expect(causesOf(`${DAYS}${scenario}`)).toBe(expected);
  });
}

describe('documents of both ledgers', () => {
  check([
    [
      'nothing is wrong',
      'balance erp 10>5 wms 10>5\nwms 11-21 09:00 shipment -5 ref=S1\nerp 11-21 09:05 shipment -5 ref=S1',
      '',
    ],
    [
      'one movement, posted in two parts',
      `balance erp 10>5 wms 10>4
      wms 11-21 09:00 shipment -5 ref=S1
      erp 11-21 09:05 shipment -3 ref=S1
      erp 11-21 09:06 shipment -2 ref=S1
      wms 11-21 12:00 count -1 id=C1`,
      'A: count-not-sent -1',
    ],
    [
      'two movements, posted as one, and a third one that is missing',
      `balance erp 20>13 wms 20>9
      wms 11-21 09:00 shipment -3 ref=S1
      wms 11-21 09:10 shipment -4 ref=S1
      wms 11-21 09:20 shipment -4 ref=S1
      erp 11-21 09:30 shipment -7 ref=S1`,
      'A: shipment-unconfirmed -4',
    ],
    [
      'a document of which one posting lost its number',
      `balance erp 20>15 wms 20>14
      wms 11-21 09:00 shipment -3 ref=S1
      wms 11-21 09:00 shipment -2 ref=S1
      erp 11-21 09:05 shipment -3 ref=S1
      erp 11-21 09:06 shipment -2
      wms 11-21 12:00 count -1 id=C1`,
      'A: count-not-sent -1',
    ],
    [
      'the numbers of two documents keep apart what quantity and time would join',
      `balance erp 20>15 wms 20>15
      balance category=unavailable erp 0>0 wms 0>1
      wms 11-21 09:00 shipment -5 ref=SO1
      erp 11-21 09:05 shipment -5 ref=SO2
      wms 11-21 12:00 return +1 ref=R1 category=unavailable`,
      // What cancels out in one key is named all the same: a count would find neither.
      'A unavailable: return-not-posted +1\nA: shipment-unconfirmed +5\nA: shipment-unconfirmed -5',
    ],
    [
      'a second posting of one document is not the posting of another one',
      `balance erp 20>10 wms 20>10
      wms 11-21 09:00 shipment -5 ref=S1
      erp 11-21 09:05 shipment -5 ref=S1
      wms 11-21 09:30 shipment -5 ref=PHONE
      erp 11-21 09:36 shipment -5 ref=S1`,
      'A: posted-twice +5\nA: shipment-unconfirmed -5',
    ],
    [
      'pieces taken for cases',
      `packs 12
      balance erp 0>2 wms 0>24
      wms 11-21 09:00 receipt +24 ref=P1
      erp 11-21 09:05 receipt +2 ref=P1`,
      'A: unit-mismatch +22',
    ],
    [
      'wrong, and posted twice besides',
      `packs 12
      balance erp 400>112 wms 400>388
      wms 11-21 09:00 shipment -12 ref=S1
      erp 11-21 09:05 shipment -144 ref=S1
      erp 11-21 10:05 shipment -144 ref=S1`,
      'A: posted-twice +144\nA: unit-mismatch +132',
    ],
    [
      'posted twice and taken back by hand',
      `balance erp 20>15 wms 20>14
      wms 11-21 09:00 shipment -5 ref=S1
      erp 11-21 09:05 shipment -5 ref=S1
      erp 11-21 10:05 shipment -5 ref=S1
      erp 11-21 15:00 shipment +5 ref=S1 user=JDOE
      wms 11-21 16:00 count -1 id=C1`,
      'A: count-not-sent -1',
    ],
    [
      'received and taken back before anybody told the ERP',
      `balance erp 0>0 wms 0>1
      wms 11-21 09:00 receipt +8 ref=P1
      wms 11-21 09:20 reversal -8 ref=P1
      wms 11-21 16:00 count +1 id=C1`,
      'A: count-not-sent +1',
    ],
    [
      'half of a status move',
      `balance erp 10>6 wms 10>6
      balance category=unavailable erp 0>0 wms 0>4
      wms 11-21 09:00 status-change -4 id=M1 ref=T1
      wms 11-21 09:00 status-change +4 id=M1 ref=T1 category=unavailable
      erp 11-21 09:05 status-change -4 id=E1 ref=T1`,
      'A unavailable: status-move-missing +4',
    ],
    [
      'a status move with legs of their own in the ERP is no fault',
      `balance erp 10>6 wms 10>7
      wms 11-21 09:00 status-change -4 id=M1 ref=T1
      wms 11-21 09:00 status-change +4 id=M1 ref=T1 category=unavailable
      erp 11-21 09:05 status-change -4 id=E1 ref=T1
      erp 11-21 09:05 status-change +4 id=E1 ref=T1 category=unavailable
      wms 11-21 12:00 count +1 id=C1`,
      'A: count-not-sent +1',
    ],
    [
      'a fault that a person made good the next day explains nothing any more',
      `balance erp 20>20 wms 20>21
      wms 11-20 09:00 shipment -5 ref=S1
      erp 11-20 09:05 shipment -8 ref=S1
      wms 11-20 10:00 receipt +5 ref=P1
      erp 11-20 10:05 receipt +5 ref=P1
      erp 11-20 20:00 adjustment +3 user=JDOE
      wms 11-21 12:00 count +1 id=C1`,
      'A: count-not-sent +1',
    ],
    [
      'a count that was posted after newer movements',
      `balance erp 100>98 wms 100>78
      wms 11-21 08:00 count -2 id=C1 ref=C1
      wms 11-21 09:00 shipment -8 ref=S1
      erp 11-21 09:05 shipment -8 ref=S1
      wms 11-21 10:00 shipment -12 ref=S2
      erp 11-21 10:05 shipment -12 ref=S2
      erp 11-21 18:00 count +18 ref=C1`,
      'A: out-of-order -20',
    ],
    [
      'a shipment that the WMS cancelled after picking it',
      `balance erp 10>6 wms 10>10
      wms 11-21 09:00 status-change -4 id=M1 ref=S1 status=AVL reason=PICK
      wms 11-21 09:00 status-change +4 id=M1 ref=S1 status=PICKED reason=PICK
      wms 11-21 10:00 status-change -4 id=M2 ref=S1 status=PICKED reason=CANCEL
      wms 11-21 10:00 status-change +4 id=M2 ref=S1 status=AVL reason=CANCEL
      erp 11-21 09:30 shipment -4 ref=S1`,
      'A: shipment-unconfirmed +4',
    ],
    [
      'rounding of both legs of a move',
      `decimals 3
      balance erp 10>9.9 wms 10>9.895
      balance category=unavailable erp 0>0.11 wms 0>0.105
      wms 11-21 09:00 status-change -0.105 id=M1 ref=T1
      wms 11-21 09:00 status-change +0.105 id=M1 ref=T1 category=unavailable
      erp 11-21 09:05 status-change -0.1 id=E1 ref=T1
      erp 11-21 09:05 status-change +0.11 id=E1 ref=T1 category=unavailable`,
      'A unavailable: rounding -0.005\nA: rounding -0.005',
    ],
  ]);
});

describe('messages', () => {
  check([
    [
      'rejected, sent again under another number, and posted',
      `balance erp 10>5 wms 10>6
      wms 11-21 09:00 shipment -5 ref=S1 msg=M1
      message M1 11-21 09:01 rejected -5 ref=S1 error=locked
      message M2 11-21 11:00 applied -5 ref=S1
      erp 11-21 11:01 shipment -5 ref=S1 msg=M2
      wms 11-21 12:00 count +1 id=C1`,
      'A: count-not-sent +1',
    ],
    [
      'two movements of one document, one message each',
      `balance erp 10>5 wms 10>1
      wms 11-21 09:00 shipment -5 ref=S1
      wms 11-21 10:00 shipment -4 ref=S1
      message M1 11-21 09:01 applied -5 ref=S1
      message M2 11-21 10:01 rejected -4 ref=S1 error=period_closed
      erp 11-21 09:05 shipment -5 ref=S1 msg=M1`,
      'A: message-rejected -4',
    ],
    [
      'a message of the receipt says nothing of the move that shares its document',
      `balance erp 0>0 wms 0>2
      balance category=unavailable erp 0>9 wms 0>7
      wms 11-21 09:00 receipt +9 ref=P1 category=unavailable
      message M1 11-21 09:30 applied +9 ref=P1 type=receipt category=unavailable
      erp 11-21 09:35 receipt +9 ref=P1 category=unavailable
      wms 11-21 09:20 status-change -2 id=T1 ref=P1 category=unavailable
      wms 11-21 09:20 status-change +2 id=T1 ref=P1`,
      'A unavailable: status-move-missing -2\nA: status-move-missing +2',
    ],
    [
      'the kits were posted, their components were not',
      `balance erp 10>10 wms 10>4
      wms 11-21 09:00 kit-consume -6 ref=K1 msg=M1
      message M1 11-21 09:01 applied -6 ref=K1`,
      'A: kit-not-posted -6',
    ],
    [
      'applied, the ERP says, and its ledger holds nothing: two statements of one side that no cause joins',
      `balance erp 10>10 wms 10>4
      wms 11-21 09:00 shipment -6 ref=S1 msg=M1
      message M1 11-21 09:01 applied -6 ref=S1`,
      'A: unexplained -6',
    ],
    [
      'only the WMS’s ledger and the messages',
      `without erp-ledger
      balance erp 10>5 wms 10>1
      wms 11-21 09:00 shipment -5 ref=S1 msg=M1
      wms 11-21 10:00 shipment -4 ref=S2 msg=M2
      message M1 11-21 09:01 applied -5 ref=S1
      message M2 11-21 10:01 rejected -4 ref=S2`,
      'A: message-rejected -4',
    ],
    [
      'only the ERP’s ledger and the messages',
      `without wms-ledger
      packs 12
      balance erp 400>340 wms 400>395
      message M1 11-21 09:01 applied -5 ref=S1
      erp 11-21 09:05 shipment -60 ref=S1 msg=M1`,
      'A: unit-mismatch +55',
    ],
  ]);
});

describe('in flight', () => {
  check([
    [
      'the figure that was settled before is met by the documents that make it',
      `balance erp 20>20 wms 20>8 in-flight=-5
      wms 11-21 09:00 shipment -7 ref=S1 msg=M1
      message M1 11-21 09:01 rejected -7 ref=S1
      wms 11-21 23:50 shipment -5 ref=S2 msg=M2
      message M2 11-21 23:51 sent -5 ref=S2`,
      'A: in-flight -5\nA: message-rejected -7',
    ],
    [
      'and by itself where no document shows it',
      'balance erp 20>20 wms 20>15 in-flight=-7',
      'A: in-flight -7\nA: unexplained +7\nA: wms-ledger-break -5',
    ],
    [
      'posted behind the cut-off',
      `balance erp 20>20 wms 20>15 in-flight=-5
      wms 11-21 23:50 shipment -5 ref=S1
      erp 11-22 00:05 shipment -5 ref=S1`,
      'A: in-flight -5',
    ],
  ]);
});

describe('the beginning', () => {
  check([
    [
      'shipped before the opening and posted after it: no fault of either side',
      `balance erp 25>18 wms 20>19
      erp 11-20 00:10 shipment -5 ref=S0
      wms 11-21 09:00 shipment -2 ref=S1
      erp 11-21 09:05 shipment -2 ref=S1
      wms 11-21 12:00 count +1 id=C1`,
      'A: count-not-sent +1',
    ],
    [
      'the same with the movement in the ledger',
      `balance erp 25>20 wms 20>21
      wms 11-19 23:50 shipment -5 ref=S0
      erp 11-20 00:10 shipment -5 ref=S0
      wms 11-21 12:00 count +1 id=C1`,
      'A: count-not-sent +1',
    ],
    [
      'what was booked at the moment of the opening stands in it',
      `balance erp 20>20 wms 20>21
      wms 11-20 00:00 shipment -5 ref=S0
      erp 11-20 00:00 shipment -5 ref=S0
      wms 11-21 12:00 count +1 id=C1`,
      'A: count-not-sent +1',
    ],
    [
      'without openings the rest may be older than the ledgers, and nothing says so',
      `balance erp 30 wms 20
      wms 11-21 09:00 shipment -2 ref=S1
      erp 11-21 09:05 shipment -2 ref=S1`,
      'A: unexplained -10',
    ],
    [
      'ledgers that begin later are no break; a message that was refused before explains its part',
      `habit ledgers-from 11-21 06:00
      balance erp 100>98 wms 100>86
      message M1 11-20 10:00 rejected -9 ref=S0 error=period_closed
      wms 11-21 09:00 shipment -2 ref=S1
      erp 11-21 09:05 shipment -2 ref=S1
      wms 11-21 12:00 count -3 id=C1`,
      'A: count-not-sent -3\nA: message-rejected -9',
    ],
  ]);
});

describe('without documents', () => {
  check([
    [
      'the movement of the right time is taken for the posting, the other one is lost',
      `without references
      balance erp 20>15 wms 20>10
      wms 11-21 09:00 shipment -5
      wms 11-21 15:00 shipment -5
      erp 11-21 15:06 shipment -5`,
      'A: shipment-unconfirmed -5',
    ],
    [
      'what was held back for a day crosses what was not',
      `without references
      balance erp 20>10 wms 20>11
      wms 11-20 09:00 shipment -5
      wms 11-20 12:00 shipment -5
      erp 11-20 12:05 shipment -5
      erp 11-20 20:00 shipment -5
      wms 11-21 12:00 count +1 id=C1`,
      'A: count-not-sent +1',
    ],
    [
      'hourly summaries',
      `without references
      without messages
      habit summaries
      balance erp 90>69 wms 90>65
      wms 11-21 09:05 shipment -3
      wms 11-21 09:25 shipment -4
      wms 11-21 09:50 shipment -5
      erp 11-21 10:05 shipment -12
      wms 11-21 10:10 shipment -3
      wms 11-21 10:30 shipment -6
      wms 11-21 10:40 shipment -4
      erp 11-21 11:05 shipment -9`,
      'A: shipment-unconfirmed -4',
    ],
    [
      'summaries of many movements each',
      `without references
      without messages
      habit summaries
      balance erp 90>56 wms 90>55
      ${Array.from({ length: 14 }, (_, at) => `wms 11-21 09:${10 + at} shipment -2`).join('\n')}
      erp 11-21 10:05 shipment -28
      wms 11-21 10:10 shipment -6
      erp 11-21 11:05 shipment -6
      wms 11-21 12:00 count -1`,
      'A: count-not-sent -1',
    ],
    [
      'a posting that repeats an earlier one is not a movement’s that is like it',
      `without references
      balance erp 90>82 wms 90>83
      wms 11-21 09:00 shipment -4
      erp 11-21 09:06 shipment -4
      wms 11-21 15:00 shipment -3
      erp 11-21 15:06 shipment -4`,
      'A: posted-twice +4\nA: shipment-unconfirmed -3',
    ],
    [
      'another lot, at the usual time',
      `without references
      balance lot=L1 erp 20>20 wms 20>13
      balance lot=L2 erp 20>13 wms 20>20
      wms 11-21 09:00 shipment -7 lot=L1
      erp 11-21 09:06 shipment -7 lot=L2`,
      'A lot L1: lot-swapped -7\nA lot L2: lot-swapped +7',
    ],
  ]);
});

describe('figures alone', () => {
  check([
    [
      'opposite rests of two categories, large enough not to be chance',
      `without erp-ledger
      without wms-ledger
      without messages
      balance erp 120 wms 80
      balance category=unavailable erp 0 wms 40`,
      'A unavailable: status-move-missing +40\nA: status-move-missing -40',
    ],
    [
      'opposite rests of one unit prove nothing',
      `without erp-ledger
      without wms-ledger
      without messages
      balance erp 120 wms 119
      balance category=unavailable erp 0 wms 1`,
      'A unavailable: unexplained +1\nA: unexplained -1',
    ],
    [
      'the variance of the opening, and no ledgers',
      `without erp-ledger
      without wms-ledger
      without messages
      balance erp 50>40 wms 44>34`,
      'A: opening-difference -6',
    ],
  ]);
});

describe('what is shown besides', () => {
  const explained = (scenario: string) => {
    const { items, traits, settings } = readScenario(`${DAYS}${scenario}`);
    return explainItem(items[0] as (typeof items)[0], traits, settings);
  };

  it('proofs name movements and messages with file and row', () => {
    const [key] = explained(`balance erp 10>10 wms 10>4
      wms 11-21 09:00 shipment -6 ref=S1 msg=M1 id=W9
      message M1 11-21 09:01 rejected -6 ref=S1 error=period_closed`).keys;
    expect(key?.contributions[0]).toMatchObject({
      document: 'S1',
      side: 'erp',
      proofs: [
        { kind: 'wms-movement', id: 'W9', source: { file: 'wms_movements.csv', row: 2 } },
        { kind: 'message', id: 'M1', source: { file: 'messages.csv', row: 3 } },
      ],
      factors: { interfaceName: '945', error: 'period closed', type: 'shipment' },
      action: 'Give it a posting date of the open period and reprocess message M1; the ERP refused it: period closed.',
    });
  });

  it('what abstains shows its hypotheses', () => {
    const [key] = explained(`without references
      balance erp 20>21 wms 20>20
      erp 11-21 09:06 adjustment +1 user=`).keys;
    expect(key?.hypotheses.every(({ confidence }) => confidence < 0.9)).toBe(true);
  });

  it('the onset is the first moment of the current run, not of one that ended', () => {
    const [key] = explained(`balance erp 20>20 wms 20>21
      wms 11-20 09:00 shipment -5 ref=S1
      erp 11-20 15:00 shipment -5 ref=S1
      wms 11-21 12:00 count +1 id=C1`).keys;
    expect(key?.onset).toBe(Date.parse('2026-11-21T12:00:00Z'));
  });

  it('a run that began with a document which came late goes on', () => {
    const [key] = explained(`balance erp 20>15 wms 20>16
      wms 11-20 09:00 shipment -5 ref=S1
      wms 11-20 12:00 count +1 id=C1
      erp 11-20 15:00 shipment -5 ref=S1`).keys;
    expect(key?.onset).toBe(Date.parse('2026-11-20T09:00:00Z'));
  });

  it('an explanation is plain data', () => {
    const explanation = explained('balance erp 10>10 wms 10>4\nwms 11-21 09:00 shipment -6 ref=S1');
    expect(structuredClone(explanation)).toEqual(explanation);
  });
});
