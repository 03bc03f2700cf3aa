import { expect, test } from 'vitest';
import { hashBytes, TAIL_BYTES } from '../../ingest/delimited/record-scanner.ts';
import { UNKNOWN } from './byte-dictionary.ts';
import { CodeColumn } from './code-column.ts';
import { ItemCodes } from './item-codes.ts';
import type { ItemTable } from './worker-names.ts';

const NAMES = ['A', '000000000010000001', 'B-2'];
const ITEMS = {
  names: NAMES,
  known: NAMES.length,
  isKnown: (name: string) => NAMES.includes(name),
} as unknown as ItemTable;

function newColumn(): CodeColumn {
  return new CodeColumn(
    0,
    1,
    () => -1,
    (raw) => raw,
  );
}

function valuesOf(column: CodeColumn): number[] {
  const codes = column.copyCodes();
  return NAMES.map((name) => {
    const bytes = new TextEncoder().encode(name + '\0'.repeat(TAIL_BYTES));
    const view = new DataView(bytes.buffer);
    return codes.find(view, 0, name.length, hashBytes(view, 0, name.length));
  });
}

test('every column is taught all codes, but those that are another item’s alias in its system', () => {
  const codes = new ItemCodes(ITEMS);
  const systems = [undefined, new Map([['77', 'A']]), new Map([['A', 'B-2']]), new Map<string, string>()];
  const taught = systems.map((aliases) => {
    const column = newColumn();
    codes.teach(column, aliases);
    return valuesOf(column);
  });
  expect(taught).toEqual([
    [0, 1, 2],
    [0, 1, 2],
    [UNKNOWN, 1, 2],
    [0, 1, 2],
  ]);
});
