import { describe, expect, test } from 'vitest';
import { TAIL_BYTES } from '../../ingest/delimited/record-scanner.ts';
import { ByteDictionary, UNKNOWN } from './byte-dictionary.ts';

const encoder = new TextEncoder();

function viewOf(text: string): { view: DataView; end: number } {
  // What stands behind a code must not count.
  const bytes = encoder.encode(text + 'x'.repeat(TAIL_BYTES));
  return { view: new DataView(bytes.buffer), end: bytes.length - TAIL_BYTES };
}

const CODES = [
  '',
  '0',
  '00',
  '1',
  '10',
  '100',
  '1000',
  '10000',
  'EA',
  'EACH',
  'EACHE',
  '000000000010000001',
  '000000000010000002',
  '12345678901234567890',
  '12345678901234567891',
  '123456789012345678901',
  '123456789012345678902',
  'a code of more than twenty bytes',
  'a code of more than twenty bytez',
  'a code of more than twenty',
  'été',
  'ete',
]; // prettier-ignore

describe('codes of one hash', () => {
  test('are told apart by all of their bytes and their length', () => {
    const dictionary = new ByteDictionary();
    for (const [value, code] of CODES.entries()) {
      const { view, end } = viewOf(code);
      expect(dictionary.find(view, 0, end, 7)).toBe(UNKNOWN);
      dictionary.add(view, 0, end, 7, value - 3);
    }
    for (const [value, code] of CODES.entries()) {
      const { view, end } = viewOf(code);
      expect([code, dictionary.find(view, 0, end, 7)]).toEqual([code, value - 3]);
    }
    expect(dictionary.size).toBe(CODES.length);
  });

  test('stay known when the table grows', () => {
    const dictionary = new ByteDictionary(8);
    for (let value = 0; value < 5000; value++) {
      const { view, end } = viewOf(`item ${value} ${'long'.repeat(value % 9)}`);
      dictionary.add(view, 0, end, value % 97, value);
    }
    for (let value = 0; value < 5000; value++) {
      const { view, end } = viewOf(`item ${value} ${'long'.repeat(value % 9)}`);
      expect(dictionary.find(view, 0, end, value % 97)).toBe(value);
    }
  });
});

test('a copy knows the same, and neither learns from the other', () => {
  const dictionary = ByteDictionary.for(CODES.length);
  const hash = (text: string): number => text.length;
  const add = (to: ByteDictionary, text: string, value: number): void => {
    const { view, end } = viewOf(text);
    to.add(view, 0, end, hash(text), value);
  };
  const find = (from: ByteDictionary, text: string): number => {
    const { view, end } = viewOf(text);
    return from.find(view, 0, end, hash(text));
  };
  for (const [value, code] of CODES.entries()) add(dictionary, code, value);
  const copy = dictionary.copy();
  for (const [value, code] of CODES.entries()) expect(find(copy, code)).toBe(value);
  for (let more = 0; more < 500; more++) add(copy, `a code of more than twenty bytes ${more}`, 1000 + more);
  expect(find(copy, 'a code of more than twenty bytes 499')).toBe(1499);
  expect(find(dictionary, 'a code of more than twenty bytes 499')).toBe(UNKNOWN);
  for (const [value, code] of CODES.entries()) expect(find(dictionary, code)).toBe(value);
});
