import { expect, it } from 'vitest';
import { causesOf } from '../scenario-fixture.ts';

it('two lines of 21 November that the ERP added up at another site are no two receipts without a posting', () => {
  const scenario = `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 10>10 wms 10>90
balance site=DC2 erp 10>90 wms 10>10
wms 11-21 09:00 receipt +47 ref=PO1
wms 11-21 09:06 receipt +33 ref=PO1
erp 11-21 09:11 receipt +80 site=DC2
`;
  expect(causesOf(scenario)).toBe('A DC2: site-cross-posted -80\nA: site-cross-posted +80');
});
