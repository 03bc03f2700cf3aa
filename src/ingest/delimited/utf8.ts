/** Finds bytes that are not UTF-8. Never repairs them. */
import { isUtf8 } from 'node:buffer';

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * Offset of the first byte that is not UTF-8 in bytes[start, end), or −1. Characters that cross `start` belong to the part
 * before it, those that cross `end` to this one: the bytes behind `end` must be there where the text goes on.
 */
export function invalidUtf8Offset(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  if (start > 0) while (from < start + 3 && isContinuation(bytes[from])) from++;
  let to = end;
  while (to < end + 3 && to < bytes.length && isContinuation(bytes[to])) to++;
  if (from >= to || isUtf8(bytes.subarray(from, to))) return -1;
  for (let at = from; at < to; ) {
    const length = sequenceLength(bytes, at, to);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at] as number;
  const length =
    byte < 0x80
      ? 1
      : byte >= 0xc2 && byte < 0xe0
        ? 2
        : byte >= 0xe0 && byte < 0xf0
          ? 3
          : byte >= 0xf0 && byte < 0xf5
            ? 4
            : 0;
  return length > 0 && at + length <= end && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
