import { describe, expect, it } from 'vitest';
import { explainItem } from './explain-item.ts';
import { readScenario } from './scenario-fixture.ts';

/** From this confidence on a correction may be proposed as safe. */
const SAFE = 0.95;
const DAYS = 'opening 11-20 00:00\ncut-off 11-22 00:00 lag 30\n';

/** Causes of item A with their units, and whether each may be called safe. */
function callsOf(scenario: string): string[] {
  const { items, traits, settings } = readScenario(`${DAYS}${scenario}`);
  return explainItem(items[0] as never, traits, settings)
    .keys.flatMap(({ contributions }) => contributions)
    .map(({ cause, quantity, confidence }) => `${cause} ${quantity}${confidence >= SAFE ? ' safe' : ''}`)
    .sort();
}

describe('what can be read in two ways is never safe', () => {
  it('one movement without a posting, and nothing else, can be read in one way', () => {
    expect(
      callsOf(`without references
balance erp 100>100 wms 100>83
wms 11-21 09:00 shipment -17`),
    ).toEqual(['shipment-unconfirmed -17 safe']);
  });

  it('a movement beside a posting that is too small for the movement which it was taken for', () => {
    // Of 245 received in two parts the ERP booked 257: or of 165 it booked 257, and knows nothing of 80.
    const calls = callsOf(`without references
balance erp 0>257 wms 0>245
wms 11-21 09:00 receipt +165
wms 11-21 09:03 receipt +80
erp 11-21 09:08 receipt +257`);
    expect(calls.filter((call) => call.endsWith('safe'))).toEqual([]);
  });

  it('a count of 21 November beside a shipment of as much that time alone ties to the only posting', () => {
    const calls = callsOf(`without references
balance erp 100>84 wms 100>68
wms 11-21 09:00 count -16
wms 11-21 09:10 shipment -16
erp 11-21 09:30 shipment -16`);
    expect(calls.filter((call) => call.endsWith('safe'))).toEqual([]);
  });

  it('the same where the posting adds up one of them with others', () => {
    const calls = callsOf(`without references
habit summaries
balance erp 100>60 wms 100>44
wms 11-21 09:00 count -16
wms 11-21 09:05 shipment -24
wms 11-21 09:10 shipment -16
erp 11-21 10:00 shipment -40`);
    expect(calls.filter((call) => call.endsWith('safe'))).toEqual([]);
  });

  it('cases of an hour that were posted as pieces: 30 as 3, or 27 are missing', () => {
    const calls = callsOf(`without references
habit summaries
packs 10
balance erp 100>97 wms 100>70
wms 11-21 09:00 shipment -27
wms 11-21 09:10 shipment -3
erp 11-21 09:15 shipment -3`);
    expect(calls.filter((call) => call.endsWith('safe'))).toEqual([]);
  });

  it('a posting on another lot may be the sum of two movements', () => {
    const calls = callsOf(`without references
balance lot=L1 erp 100>100 wms 100>91
balance lot=L2 erp 50>41 wms 50>50
wms 11-21 09:00 shipment -7 lot=L1
wms 11-21 09:05 shipment -2 lot=L1
erp 11-21 09:10 shipment -9 lot=L2`);
    expect(calls.filter((call) => call.startsWith('shipment-unconfirmed') && call.endsWith('safe'))).toEqual([]);
  });

  it('numbers that only the ERP knows tie nothing: an hour of 12 that was posted as 1 is no shipment that is missing', () => {
    const calls = callsOf(`balance erp 100>99 wms 100>88
wms 11-21 09:00 shipment -12 ref=SO1
erp 11-21 09:30 shipment -1`);
    expect(calls.filter((call) => call.endsWith('safe'))).toEqual([]);
  });

  it('a document number that both sides know keeps a movement apart from the posting of another one', () => {
    expect(
      callsOf(`balance erp 100>93 wms 100>84
wms 11-21 09:00 shipment -12 ref=SO1
erp 11-21 09:30 adjustment -3 ref=ADJ7 user=JDOE
wms 11-21 08:00 shipment -4 ref=SO2
erp 11-21 08:05 shipment -4 ref=SO2`),
    ).toContain('shipment-unconfirmed -12 safe');
  });
});
