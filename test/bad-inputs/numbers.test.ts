import { describe, expect, it } from 'vitest';
import { type Accepted, expectAccepted, expectRefusal, type Given, HEADER, useFiles } from './reconciled-files.ts';

const files = useFiles();
const A5 = 'DC1,A,UNRESTRICTED,5\n';
/** One row of item B with this quantity, between two plain rows; separated by semicolons so that commas may stand in it. */
const between = (quantity: string): string =>
  `${HEADER}${A5}DC1,B,UNRESTRICTED,@\nDC1,C,UNRESTRICTED,7\n`.replaceAll(',', ';').replace('@', quantity);

describe('45 to 47: accepted as declared', () => {
  const cases: readonly [quantity: string, source: Record<string, unknown>, expected: string][] = [
    ['1.234,56', { decimal: ',', thousands: '.' }, '1234.56'],
    ['1.234', { decimal: ',', thousands: '.' }, '1234'],
    ['1.234', { thousands: '.' }, '1234'],
    ['1234,5', { decimal: ',' }, '1234.5'],
    ['12,5', { thousands: '.' }, '12.5'],
    ['1,234.56', { thousands: ',' }, '1234.56'],
    ['1,234', { decimal: '.', thousands: ',' }, '1234'],
    ['12,345,678.9', { decimal: '.', thousands: ',' }, '12345678.9'],
    ['1 234', { thousands: ' ' }, '1234'],
    ['1\u00a0234,5', { decimal: ',', thousands: ' ' }, '1234.5'],
    ['1\u202f234', { thousands: ' ' }, '1234'],
    ["1'234", { thousands: "'" }, '1234'],
    ['1\u2019234.5', { thousands: "'" }, '1234.5'],
    ['1_234', { thousands: '_' }, '1234'],
    ['123-', { negative: ['trailing-minus'] }, '-123'],
    ['123 -', { negative: ['trailing-minus'] }, '-123'],
    ['(123)', { negative: ['parentheses'] }, '-123'],
    ['\u2212123', { negative: ['minus-sign'] }, '-123'],
    ['1.234,5-', { decimal: ',', thousands: '.', negative: ['trailing-minus'] }, '-1234.5'],
    ['(1,234)', { thousands: ',', negative: ['parentheses', 'minus-sign'] }, '-1234'],
    ['-123', {}, '-123'],
    ['+123', {}, '123'],
    ['  123  ', {}, '123'],
    ['000123', {}, '123'],
    ['70.0', {}, '70'],
    ['0.000001', {}, '0.000001'],
    ['9007199254.740991', {}, '9007199254.740991'],
    ['1.5000000000', {}, '1.5'],
  ];
  it.each(cases)('%s with %j is %s', async (quantity, erpSource, expected) => {
    const outcome = await files().run({ erp: between(quantity), erpSource });
    const negative = expected.startsWith('-') ? ['NEGATIVE_BALANCE'] : [];
    expectAccepted(outcome, { erp: { A: '5', B: expected, C: '7' }, rows: 3, warnings: negative });
  });

  it('53 a negative quantity on hand is accepted and warned of', async () => {
    const outcome = await files().run({ erp: between('-4') });
    expectAccepted(outcome, { erp: { A: '5', B: '-4', C: '7' }, rows: 3, warnings: ['NEGATIVE_BALANCE'] });
    expect(outcome.run.quality[0]?.message).toBe('erp.csv: 1 row has a quantity below zero');
  });
});

describe('the row is rejected, the run says incomplete', () => {
  const cases: readonly [name: string, quantity: string, source: Record<string, unknown>, reason: string][] = [
    ['45 1 234, not declared', '1 234', {}, 'digit groups that are not declared; declare thousands'],
    ["45 1'234, not declared", "1'234", {}, 'digit groups that are not declared; declare thousands'],
    [
      '45 groups of another size',
      '12.34',
      { decimal: ',', thousands: '.' },
      "digit groups that are not of three digits between '.'",
    ],
    [
      '45 a first group of 0',
      '0.123',
      { decimal: ',', thousands: '.' },
      "digit groups that are not of three digits between '.'",
    ],
    ['45 1\u00a0234, not declared', '1\u00a0234', {}, 'digit groups that are not declared; declare thousands'],
    [
      '45 a group cut short',
      '1.23,5',
      { decimal: ',', thousands: '.' },
      "digit groups that are not of three digits between '.'",
    ],
    ['45 two decimal marks', '1,2,3', { decimal: ',' }, "not a decimal number with ',' as the decimal mark"],
    [
      '45 another decimal mark than declared',
      '1.5',
      { decimal: ',' },
      "not a decimal number with ',' as the decimal mark",
    ],
    [
      '47 123-, not declared',
      '123-',
      {},
      'a minus behind the number that is not declared; declare negative: [trailing-minus]',
    ],
    [
      '47 (123), not declared',
      '(123)',
      {},
      'a number in parentheses that is not declared; declare negative: [parentheses]',
    ],
    [
      '47 U+2212, not declared',
      '\u2212123',
      {},
      'a minus sign (U+2212) that is not declared; declare negative: [minus-sign]',
    ],
    ['47 two signs', '--5', {}, 'not a decimal number'],
    ['47 a minus on both ends', '-5-', { negative: ['trailing-minus'] }, 'not a decimal number'],
    ['47 a minus in parentheses', '(-5)', { negative: ['parentheses'] }, 'not a decimal number'],
    ['48 0x1F', '0x1F', {}, 'not a decimal number'],
    ['48 1_000', '1_000', {}, 'not a decimal number'],
    ['48 0b11', '0b11', {}, 'not a decimal number'],
    ['49 NaN', 'NaN', {}, 'not a decimal number'],
    ['49 Infinity', '-Infinity', {}, 'not a decimal number'],
    ['49 1e400', '1e400', {}, 'not a decimal number'],
    ['49 1E2', '1E2', {}, 'not a decimal number'],
    ['49 .5', '.5', {}, 'not a decimal number'],
    ['49 5.', '5.', {}, 'not a decimal number'],
    ['49 full-width digits', '\uff11\uff12', {}, 'not a decimal number'],
    ['49 Arabic digits', '\u0661\u0662', {}, 'not a decimal number'],
    ['49 a currency sign', '$5', {}, 'not a decimal number'],
    ['49 a spreadsheet text', '="5"', { quote: 'none' }, 'not a decimal number'],
    ['50 more decimals than quantity_decimals', '1.0000001', {}, 'more than 6 decimals; not rounded'],
    ['54 blank', '', {}, 'blank; a blank is not zero'],
    ['54 spaces', '   ', {}, 'blank; a blank is not zero'],
  ];
  it.each(cases)('%s', async (_name, quantity, erpSource, reason) => {
    const outcome = await files().run({ erp: between(quantity), erpSource });
    const rejected = [{ row: 3, column: 'quantity', value: quantity, reason }];
    expectAccepted(outcome, { erp: { A: '5', C: '7' }, rows: 3, rejected });
  });

  it('50 quantity_decimals sets the limit', async () => {
    const outcome = await files().run({ erp: between('1.25'), configuration: { quantity_decimals: 1 } });
    const rejected = [{ row: 3, column: 'quantity', value: '1.25', reason: 'more than 1 decimals; not rounded' }];
    expectAccepted(outcome, { erp: { A: '5', C: '7' }, rows: 3, rejected });
  });
});

describe('units', () => {
  const ITEMS = 'item,base_uom\nA,EA\nB,EA\nC,KG\n';
  const PACKS = 'item,uom,factor\nB,CS,12\nB,EA,1\nB,HALF,0.5\n';
  const master: Partial<Given> = {
    files: { 'items.csv': ITEMS, 'packs.csv': PACKS },
    configuration: { items: { format: 'csv', path: 'items.csv' }, packs: { format: 'csv', path: 'packs.csv' } },
  };
  const rows = (uom: string, quantity: string, item = 'B'): string =>
    `site,item,status,quantity,uom\nDC1,A,UNRESTRICTED,5,EA\nDC1,${item},UNRESTRICTED,${quantity},${uom}\n`;
  const rejected: readonly [name: string, erp: string, column: string, value: string, reason: string][] = [
    [
      '51 12.5 pieces',
      rows('EA', '12.5'),
      'quantity',
      '12.5',
      'not a whole number of EA; a part of a base unit is not rounded',
    ],
    [
      '51 12.5 pieces, the unit written another way',
      rows('PCE', '12.5'),
      'quantity',
      '12.5',
      'not a whole number of EA; a part of a base unit is not rounded',
    ],
    [
      '51 a third of a half',
      rows('HALF', '3'),
      'quantity',
      '3',
      'not a whole number of EA; a part of a base unit is not rounded',
    ],
    [
      '55 a unit without a pack factor',
      rows('PAL', '1'),
      'uom',
      'PAL',
      'unit PAL of item B has no pack factor (base unit EA)',
    ],
    [
      '55 a unit of an item that has no packs',
      rows('CS', '1', 'C'),
      'uom',
      'CS',
      'unit CS of item C has no pack factor (base unit KG)',
    ],
    [
      '55 a unit of an unknown item',
      rows('CS', '1', 'Z'),
      'uom',
      'CS',
      'unit CS of item Z has no pack factor (base unit EA, assumed: no master data of the item)',
    ],
    ['55 a blank unit', rows('', '1'), 'uom', '', 'unit of measure missing'],
  ];
  it.each(rejected)('%s', async (_name, erp, column, value, reason) => {
    expectAccepted(await files().run({ erp, ...master }), {
      erp: { A: '5' },
      rows: 2,
      rejected: [{ row: 3, column, value, reason }],
    });
  });

  const accepted: readonly [name: string, erp: string, expected: Accepted['erp']][] = [
    ['cases', rows('CS', '2.5'), { A: '5', B: '30' }],
    ['the unit in lower case', rows('cs', '1'), { A: '5', B: '12' }],
    ['a fraction of a weight', rows('KG', '2.125', 'C'), { A: '5', C: '2.125' }],
    ['no unit column: base units', `${HEADER}DC1,B,UNRESTRICTED,7\n`, { B: '7' }],
  ];
  it.each(accepted)('51 accepts %s exactly', async (_name, erp, expected) => {
    expectAccepted(await files().run({ erp, ...master }), { erp: expected, rows: erp.split('\n').length - 2 });
  });
});

describe('the file is refused', () => {
  const cases: readonly [name: string, quantity: string, source: Record<string, unknown>, message: RegExp][] = [
    [
      '46 1,234 can be read in two ways',
      '1,234',
      {},
      /^erp\.csv, row 3, column quantity: "1,234": 1,234 can be read in more than one way; declare decimal and thousands for this source$/,
    ],
    ['46 1.234,56, not declared', '1.234,56', {}, /"1\.234,56": .*more than one way/],
    ['46 1,5', '1,5', {}, /"1,5": .*more than one way/],
    [
      '52 38 digits',
      '1'.repeat(38),
      {},
      /^erp\.csv, row 3, column quantity: "1{38}": 38 digits do not fit; at most 37 do$/,
    ],
    [
      '52 more than can be exact',
      '9007199254.740992',
      {},
      /^erp\.csv, row 3, column quantity: "9007199254\.740992": a quantity too large to be exact; lower quantity_decimals if it is right$/,
    ],
    ['52 37 digits', '9'.repeat(37), {}, /too large to be exact/],
    ['52 far below zero', '-9007199254.740992', {}, /too large to be exact/],
  ];
  it.each(cases)('%s', async (_name, quantity, erpSource, message) => {
    expectRefusal(await files().run({ erp: between(quantity), erpSource }), 'VALUE_REFUSED', message);
  });

  it('52 quantities that are exact one by one but not together', async () => {
    const erp = `${HEADER}${'DC1,A,UNRESTRICTED,9007199254\n'.repeat(2)}`;
    const outcome = await files().run({ erp });
    expectRefusal(outcome, 'QUANTITY_OVERFLOW', /^The quantities of .*A.* add up to more than can be exact/);
  });
});
