import { expect, it } from 'vitest';
import { causesOf } from '../scenario-fixture.ts';

const DAYS = 'opening 11-20 00:00\ncut-off 11-22 00:00 lag 120\n';

it('what came into a wrongly mapped status minutes before the cut-off is in flight, and not also a fault of the map', () => {
  const scenario = `${DAYS}trait unmapped wms QI category=unavailable
balance erp 0>0 wms 0>50 in-flight=50
status wms QI 50
wms 11-21 23:40 receipt +50 ref=RC1 status=QI
`;
  expect(causesOf(scenario)).toBe('A: in-flight +50');
});

it('what stood in it before is, though more is on its way', () => {
  const scenario = `${DAYS}trait unmapped wms QI category=unavailable
balance erp 0>0 wms 0>63 in-flight=50
status wms QI 63
balance category=unavailable erp 0>13 wms 0>0
wms 11-21 12:00 receipt +13 ref=RC0 status=QI
erp 11-21 12:05 receipt +13 ref=RC0 category=unavailable
wms 11-21 23:40 receipt +50 ref=RC1 status=QI
`;
  expect(causesOf(scenario)).toBe('A unavailable: status-unmapped -13\nA: in-flight +50\nA: status-unmapped +13');
});
