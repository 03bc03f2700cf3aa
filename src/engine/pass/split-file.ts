/** Cuts a delimited file into ranges that workers read side by side. Never reads records. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { DelimitedFile } from '../../ingest/delimited/delimited-file.ts';
import type { ScanTask } from '../../ingest/delimited/range-scanner.ts';

/**
 * Ranges of equal size that cover the file's records, none of them known to start at a record but the first. A range that
 * falls into a quoted line break starts wrong; its neighbours' ends show it (see `firstGap`).
 */
export function splitEvenly(file: DelimitedFile, input: number, rangeBytes: number): ScanTask[] {
  const tasks: ScanTask[] = [];
  for (let from = file.dataStart; from < file.bytes; from += rangeBytes) {
    tasks.push({ input, from, to: Math.min(from + rangeBytes, file.bytes), isExact: from === file.dataStart });
  }
  return tasks;
}

/** Ranges that start at records for certain: the whole file is walked once, counting quotes. */
export function splitExactly(file: DelimitedFile, input: number, rangeBytes: number): ScanTask[] {
  const starts = [file.dataStart];
  const descriptor = openSync(file.path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(1 << 20);
    let inQuotes = false;
    let wanted = file.dataStart + rangeBytes;
    for (let base = file.dataStart; base < file.bytes; ) {
      const length = readSync(descriptor, bytes, 0, bytes.length, base);
      if (length === 0) break;
      for (let at = 0; at < length; at++) {
        const byte = bytes[at];
        if (byte === file.dialect.quote) inQuotes = !inQuotes;
        else if (byte === 10 && !inQuotes && base + at + 1 >= wanted) {
          starts.push(base + at + 1);
          wanted = base + at + 1 + rangeBytes;
        }
      }
      base += length;
    }
  } finally {
    closeSync(descriptor);
  }
  return starts
    .filter((from) => from < file.bytes)
    .map((from, index) => ({ input, from, to: starts[index + 1] ?? file.bytes, isExact: true }));
}
