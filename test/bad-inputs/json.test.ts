import { describe, expect, it } from 'vitest';
import { type Accepted, expectAccepted, expectRefusal, type Given, useFiles } from './reconciled-files.ts';

const files = useFiles();
const row = (item: string, quantity: string): string =>
  `{"site":"DC1","item":${item},"status":"UNRESTRICTED","quantity":${quantity}}`;
const json = (...rows: string[]): Given => ({
  erp: `[${rows.join(',')}]`,
  erpSource: { format: 'json', path: 'erp.json' },
});
const jsonl = (text: string): Given => ({ erp: text, erpSource: { format: 'jsonl', path: 'erp.jsonl' } });
const A5 = row('"A"', '5');

describe('accepted exactly', () => {
  const cases: readonly [name: string, given: Given, expected: Accepted][] = [
    [
      '65 an item of 20 digits written as a number',
      json(row('12345678901234567890', '5')),
      { erp: { '12345678901234567890': '5' }, rows: 1 },
    ],
    [
      '65 a quantity that no double holds',
      json(row('"A"', '9007199254.740991')),
      { erp: { A: '9007199254.740991' }, rows: 1 },
    ],
    [
      '65 an item that a double would round to another',
      json(row('9007199254740993', '1'), row('9007199254740992', '2')),
      { erp: { '9007199254740993': '1', '9007199254740992': '2' }, rows: 2 },
    ],
    [
      '38 to 41 codes as texts',
      json(row('"00123"', '1'), row('"1E5"', '2'), row('"null"', '3'), row('"true"', '4')),
      { erp: { '00123': '1', '1E5': '2', null: '3', true: '4' }, rows: 4 },
    ],
    [
      'an object with one array',
      { erp: `{"rows":[${A5}],"count":1}`, erpSource: { format: 'json', path: 'erp.json' } },
      { erp: { A: '5' }, rows: 1 },
    ],
    [
      '1 a byte order mark',
      { erp: `\ufeff[${A5}]`, erpSource: { format: 'json', path: 'erp.json' } },
      { erp: { A: '5' }, rows: 1 },
    ],
    ['JSON lines', jsonl(`${A5}\n\n${row('"B"', '2.5')}\n`), { erp: { A: '5', B: '2.5' }, rows: 2 }],
    [
      '14 JSON lines without a last line end',
      jsonl(`${A5}\n${row('"B"', '2.5')}`),
      { erp: { A: '5', B: '2.5' }, rows: 2 },
    ],
    [
      '24 an unknown key',
      json(A5.replace('}', ',"colour":"red"}')),
      { erp: { A: '5' }, rows: 1, warnings: ['UNKNOWN_COLUMNS'] },
    ],
  ];
  it.each(cases)('%s', async (_name, given, expected) => {
    expectAccepted(await files().run(given), expected);
  });
});

describe('the row is rejected', () => {
  const cases: readonly [name: string, bad: string, column: string, value: string, reason: RegExp][] = [
    ['49 an exponent', row('"B"', '1e400'), 'quantity', '1e400', /not a decimal number/],
    [
      '50 more decimals than are kept',
      row('"B"', '0.1000000000000000055511151231257827'),
      'quantity',
      '0.1000000000000000055511151231257827',
      /more than 6 decimals/,
    ],
    ['54 null', row('"B"', 'null'), 'quantity', '', /a blank is not zero/],
    ['54 no such key', '{"site":"DC1","item":"B","status":"UNRESTRICTED"}', 'quantity', '', /a blank is not zero/],
    ['a boolean', row('"B"', 'true'), 'quantity', 'true', /not a decimal number/],
    ['a nested value', row('"B"', '{"value":5}'), 'quantity', '{…}', /nested/],
  ];
  it.each(cases)('%s', async (_name, bad, column, value, reason) => {
    const outcome = await files().run(json(A5, bad));
    expect(outcome.rejections[0]?.reason).toMatch(reason);
    const rejected = [{ row: 2, column, value, reason: String(outcome.rejections[0]?.reason) }];
    expectAccepted(outcome, { erp: { A: '5' }, rows: 2, rejected }, 'erp.json');
  });
});

describe('refused with the place', () => {
  const cases: readonly [name: string, given: Given, code: string, message: RegExp][] = [
    [
      '4 cp1252 bytes',
      { erp: Buffer.from(`[${row('"Käse"', '5')}]`, 'latin1'), erpSource: { format: 'json', path: 'erp.json' } },
      'INVALID_TEXT',
      /^erp\.json: .*byte \d+ \(0xE4\)/,
    ],
    ['6 a NUL', json(row('"A\\u0000"', '5')), 'NUL_CHARACTER', /^erp\.json: /],
    ['25 0 bytes', { erp: '', erpSource: { format: 'json', path: 'erp.json' } }, 'EMPTY', /^erp\.json: /],
    ['25 an empty array', json(), 'EMPTY', /^erp\.json: /],
    [
      '28 cut inside a row',
      { erp: `[${A5},{"site":"DC1","it`, erpSource: { format: 'json', path: 'erp.json' } },
      'JSON_TRUNCATED',
      /^erp\.json: /,
    ],
    [
      '28 cut between rows',
      { erp: `[${A5},`, erpSource: { format: 'json', path: 'erp.json' } },
      'JSON_TRUNCATED',
      /^erp\.json: /,
    ],
    ['49 NaN', json(row('"A"', 'NaN')), 'JSON_SYNTAX', /^erp\.json: byte \d+: found "NaN/],
    [
      '52 a quantity of 20 digits',
      json(row('"A"', '12345678901234567890')),
      'VALUE_REFUSED',
      /^erp\.json, row 1, column quantity: "12345678901234567890": a quantity too large to be exact/,
    ],
    [
      '66 a key twice',
      json('{"site":"DC1","item":"A","item":"B","status":"UNRESTRICTED","quantity":5}'),
      'JSON_DUPLICATE_KEY',
      /^erp\.json: byte 26: the key "item" stands twice/,
    ],
    [
      '67 deeper than 64',
      json(A5.replace('5}', `5,"a":${'['.repeat(70)}${']'.repeat(70)}}`)),
      'JSON_TOO_DEEP',
      /^erp\.json: /,
    ],
    [
      '67 a million brackets',
      { erp: '['.repeat(1_000_000), erpSource: { format: 'json', path: 'erp.json' } },
      'JSON_TOO_DEEP',
      /^erp\.json: /,
    ],
    ['68 a line cut off', jsonl(`${A5}\n{"site":"DC1","item":"B","sta`), 'JSON_TRUNCATED', /^erp\.jsonl: line 2/],
    [
      '68 a line cut off in the middle',
      jsonl(`${A5}\n{"site":"DC1","item":"B",\n${A5}\n`),
      'JSON_TRUNCATED',
      /^erp\.jsonl: line 2/,
    ],
    [
      '64 CSV instead of JSON',
      { erp: 'site,item,status,quantity\n', erpSource: { format: 'json', path: 'erp.json' } },
      'JSON_SYNTAX',
      /^erp\.json: /,
    ],
    [
      '74 a text of more than a million characters',
      json(row(`"${'x'.repeat(1_000_001)}"`, '5')),
      'FIELD_TOO_LONG',
      /^erp\.json: /,
    ],
  ];
  it.each(cases)('%s', async (_name, given, code, message) => {
    expectRefusal(await files().run(given), code, message);
  });
});
