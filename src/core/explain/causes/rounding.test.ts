import { expect, it } from 'vitest';
import { explainItem } from '../explain-item.ts';
import { readScenario } from '../scenario-fixture.ts';

const SAFE = 0.95;

function confidenceOf(booked: string): number {
  const { items, traits, settings } = readScenario(`
decimals 3
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 0>${booked} wms 0>82.839
weighed
wms 11-21 09:00 receipt +82.839 ref=PO1
erp 11-21 09:05 receipt +${booked} ref=PO1
`);
  const [contribution] = explainItem(items[0] as never, traits, settings).keys[0]?.contributions ?? [];
  expect(contribution?.cause).toBe('rounding');
  return contribution?.confidence ?? 0;
}

it('82.839 kg of 21 November booked as 83 is surely rounding', () => {
  expect(confidenceOf('83')).toBeGreaterThanOrEqual(SAFE);
});

it('82.839 kg booked as 83.939 may be a second weighing or a slip of the hand: never safe', () => {
  expect(confidenceOf('83.939')).toBeLessThan(SAFE);
});
