import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { NameMap } from './merge-names.ts';
import { PartitionReader, rowWords } from './partition-reader.ts';
import { PartitionStore, ROW_WORDS, type StoredPartitions } from './partition-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenstock-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PARTITIONS = 4;
const ROWS = 400_000;
/** Words of a lot that fill no chunk evenly, and now and then one that is longer than a chunk. */
const lotWords = (row: number): number => (row % 100_000 === 77 ? 9_000 : row % 4);

function filled(memoryBytes: number, name: string): StoredPartitions {
  const store = new PartitionStore(PARTITIONS, memoryBytes, join(folder, name));
  for (let row = 0; row < ROWS; row++) {
    const lot = lotWords(row);
    const at = store.open(row % PARTITIONS, ROW_WORDS + lot);
    store.words.fill(row, at, at + ROW_WORDS + lot);
    store.words[at + 1] = 0;
    store.words[at + 2] = (lot * 4) << 16;
    store.words[at + 3] = 0;
    store.words[at + 7] = 0;
  }
  return store.finish();
}

const SAME: NameMap = {
  sites: new Int32Array(1),
  owners: new Int32Array(1),
  statuses: new Int32Array(1),
  items: new Int32Array(0),
  firstCost: 0,
};

/** Holds every row of every partition against what was written, in order. */
function expectAllRows(stored: StoredPartitions): void {
  const reader = new PartitionReader([stored], [SAME], ROWS + 1);
  let wrong = 0;
  for (let partition = 0; partition < PARTITIONS; partition++) {
    reader.load(partition);
    expect(reader.rows).toBe(ROWS / PARTITIONS);
    let row = partition;
    for (let at = 0; at < reader.end; at += rowWords(reader.words[at + 2] as number)) {
      const last = at + ROW_WORDS + lotWords(row) - 1;
      if (reader.words[at] !== row || reader.words[at + 6] !== row) wrong++;
      if (lotWords(row) > 0 && reader.words[last] !== row) wrong++;
      row += PARTITIONS;
    }
    expect(row).toBe(ROWS + partition);
  }
  reader.close();
  expect(wrong).toBe(0);
}

describe('rows come back as they were written', () => {
  test('from memory', () => {
    const stored = filled(1 << 30, 'memory.spill');
    expect(stored.spillPath).toBe('');
    expect(existsSync(join(folder, 'memory.spill'))).toBe(false);
    expectAllRows(stored);
  });

  test('beyond the budget from the spill file', () => {
    const stored = filled(0, 'disk.spill');
    expect(stored.spillPath).toBe(join(folder, 'disk.spill'));
    // Two slabs of 4 MB stay in memory whatever the budget; long rows have slabs of their own.
    expect(stored.slabs.length).toBeLessThanOrEqual(2 + 4);
    expectAllRows(stored);
  });
});
