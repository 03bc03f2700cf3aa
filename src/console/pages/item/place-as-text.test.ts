import { expect, it } from 'vitest';
import { contributionOf, keyOf, placeOf } from './item-place-fixture.ts';
import { placeAsText } from './place-as-text.ts';

const view = { item: '00123', description: 'Kettle', uom: 'EA', currency: 'USD', run_id: 'run-7' };

it('a place as text says how it stands, why, and what to do', () => {
  const key = keyOf({
    in_flight_quantity: '3',
    net_variance_quantity: '-12',
    contributions: [
      contributionOf(1, '-12', { document: 'SO-1', value: '-120' }),
      contributionOf(2, '3', { cause_words: 'not explained', confidence: '' }),
    ],
  });
  const place = placeOf({
    lot: 'L1',
    keys: [key, keyOf({ category: 'x', state: 'in-sync' })],
    actions: ['Resend.', 'Count.'],
  });
  expect(placeAsText(view, place)).toBe(
    [
      '00123 Kettle',
      'DC1 / L1, run run-7',
      '',
      'available: ERP 100, WMS 91, WMS - ERP -9 EA',
      '  in flight 3, net -12',
      '  -12  message lost, SO-1, confidence 0.95, -120 USD',
      '  3  not explained',
      '',
      '1. Resend.',
      '2. Count.',
    ].join('\n'),
  );
});
