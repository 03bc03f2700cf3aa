import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFlatObject } from './flat-object.ts';

test('numbers keep every digit that was written', () => {
  const text = '{"a": 12345678901234567890.1234567890, "b":-0.50,"c":1e400 , "d":null,"e":true,"f":"\\u00e9\\"}"}';
  expect(parseFlatObject(text)).toEqual({
    ok: true,
    values: { a: '12345678901234567890.1234567890', b: '-0.50', c: '1e400', d: '', e: 'true', f: 'é"}' },
  });
});

test.each<[string, string, string]>([
  ['', '', 'no JSON object'],
  ['[]', '', 'no JSON object'],
  ['{"a":1', 'a', 'no JSON object'],
  ['{"a":1,}', '', 'no JSON object'],
  ['{"a":1} x', '', 'no JSON object'],
  ['{"a":01}', 'a', 'no JSON object'],
  ['{"a":1x}', 'a', 'no JSON object'],
  ['{"a":NaN}', 'a', 'no JSON object'],
  ['{"a":"x\ny"}', 'a', 'no JSON object'],
  ['{"a":1,"a":2}', 'a', 'a key that comes twice'],
  ['{"a":{"b":1}}', 'a', 'a nested value'],
  ['{"a":[1]}', 'a', 'a nested value'],
  ['{"a":"\\ud800"}', 'a', 'a text that is no JSON string'],
  ['{"a":"\\x"}', 'a', 'a text that is no JSON string'],
  ['{"a":"\\u0000"}', 'a', 'a text that is no JSON string'],
])('%s is a fault', (text, column, reason) => {
  expect(parseFlatObject(text)).toMatchObject({ ok: false, column, reason: expect.stringContaining(reason) });
});

test('whatever JSON writes is read as it was', () => {
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), fc.nat(3), (object, indent) => {
      const expected = Object.fromEntries(
        Object.entries(object).map(([key, each]) => [key, each === null ? '' : String(each)]),
      );
      fc.pre(!JSON.stringify(object).includes('\\u0000'));
      expect(parseFlatObject(JSON.stringify(object, undefined, indent))).toEqual({ ok: true, values: expected });
    }),
  );
});

test('whatever JSON refuses is a fault', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (noise, place) => {
      const sound = '{"movement_id":"M1","quantity":-5.25,"lot":null}';
      const at = place % (sound.length + 1);
      const text = sound.slice(0, at) + noise + sound.slice(at);
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      if (!isJson) expect(parseFlatObject(text).ok).toBe(false);
    }),
  );
});
