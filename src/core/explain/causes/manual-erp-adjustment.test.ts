import { describe, expect, it } from 'vitest';
import { explainItem } from '../explain-item.ts';
import { causesOf, readScenario } from '../scenario-fixture.ts';

const SAFE = 0.95;
const DAYS = '\nopening 11-20 00:00\ncut-off 11-22 00:00\n';

describe('a posting by hand that takes back an earlier one', () => {
  it('a document posted twice on 21 November and taken back once leaves the other movement without a posting', () => {
    const scenario = `${DAYS}
balance erp 20>16 wms 20>12
wms 11-21 08:00 shipment -4 ref=SO1
wms 11-21 09:00 shipment -4 ref=SO2
erp 11-21 09:05 shipment -4 ref=SO2
erp 11-21 09:06 shipment -4 ref=SO2
erp 11-21 16:00 shipment +4 ref=SO2 user=JDOE
`;
    expect(causesOf(scenario)).toBe('A: shipment-unconfirmed -4');
  });

  it('where time alone ties what it may take back, the call is never safe', () => {
    const { items, traits, settings } = readScenario(`without references${DAYS}
balance erp 20>20 wms 20>16
wms 11-21 09:00 shipment -4
erp 11-21 09:05 shipment -4
erp 11-21 16:00 adjustment +4 user=JDOE
`);
    const [contribution] = explainItem(items[0] as never, traits, settings).keys[0]?.contributions ?? [];
    expect(contribution?.confidence).toBeLessThan(SAFE);
  });
});
