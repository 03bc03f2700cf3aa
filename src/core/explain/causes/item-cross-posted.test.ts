import { expect, it } from 'vitest';
import { causesOf } from '../scenario-fixture.ts';

it('two lines of 21 November that the ERP added up on another item are no two receipts without a posting', () => {
  const scenario = `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 10>10 wms 10>64
balance item=B erp 10>64 wms 10>10
wms 11-21 09:00 receipt +12 ref=PO1
wms 11-21 09:05 receipt +42 ref=PO1
erp 11-21 09:10 receipt +54 item=B
`;
  expect(causesOf(scenario)).toBe('A: item-cross-posted +12\nA: item-cross-posted +42\nB: item-cross-posted -54');
});
