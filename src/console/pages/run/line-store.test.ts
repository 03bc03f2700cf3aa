import { expect, test, vi } from 'vitest';
import { type AskLines, type Line, LineStore, PART_LINES } from './line-store.ts';

interface Asked {
  readonly offset: number;
  readonly signal: AbortSignal;
  readonly answer: (lines?: number) => void;
  readonly fail: (error: Error) => void;
}

/** A server that answers when the test says so. */
function openStore(count: number): { store: LineStore; asked: Asked[] } {
  const asked: Asked[] = [];
  const ask: AskLines = (offset, limit, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      asked.push({
        offset,
        signal,
        answer: () => {
          const size = Math.max(0, Math.min(limit, count - offset));
          const items = Array.from({ length: size }, (_, index) => ({ rank: String(offset + index + 1) }) as Line);
          resolve({ items, totals: { discrepancies: count } as never });
        },
        fail: reject,
      });
    });
  return { store: new LineStore(ask), asked };
}

const settle = () => vi.advanceTimersByTimeAsync(1_000);

test('what is seen is asked for once, in parts, and found by its place', async () => {
  vi.useFakeTimers();
  const { store, asked } = openStore(1_000_000);
  let told = 0;
  store.subscribe(() => told++);
  store.show(0, 20);
  store.show(0, 20);
  expect(asked.map(({ offset }) => offset)).toEqual([0]);
  asked[0]?.answer();
  await settle();
  expect(store.totals?.discrepancies).toBe(1_000_000);
  expect(store.lineAt(7)?.rank).toBe('8');
  expect(store.lineAt(PART_LINES)).toBeUndefined();
  expect(told).toBe(1);
  // Near the end of a part, the next one comes along.
  store.show(PART_LINES - 30, PART_LINES - 10);
  await settle();
  expect(asked.map(({ offset }) => offset)).toEqual([0, PART_LINES]);
  vi.useRealTimers();
});

test('what was scrolled past is not waited for, and dragging through asks for what is looked at in the end', async () => {
  vi.useFakeTimers();
  const { store, asked } = openStore(1_000_000);
  store.show(0, 20);
  asked[0]?.answer();
  await settle();
  for (let row = 1_000; row <= 900_000; row += 1_000) store.show(row, row + 20);
  expect(asked.length).toBe(1);
  await settle();
  const far = asked.slice(1);
  expect(far.map(({ offset }) => offset)).toEqual([899_800, 900_000]);
  store.show(500_100, 500_120);
  expect(far.every(({ signal }) => signal.aborted)).toBe(true);
  await settle();
  expect(asked.at(-1)?.offset).toBe(500_000);
  expect(store.error).toBeUndefined();
  vi.useRealTimers();
});

test('a failure is kept until it is tried again', async () => {
  vi.useFakeTimers();
  const { store, asked } = openStore(10);
  store.show(0, 9);
  asked[0]?.fail(new Error('gone'));
  await settle();
  expect(store.error).toEqual(new Error('gone'));
  store.show(0, 9);
  await settle();
  expect(asked.length).toBe(1);
  store.retry();
  asked[1]?.answer();
  await settle();
  expect(store.error).toBeUndefined();
  expect(store.lineAt(9)?.rank).toBe('10');
  vi.useRealTimers();
});

test('lines between two places are those that were asked for, across parts', async () => {
  const { store, asked } = openStore(450);
  const found = store.between(150, 420);
  await vi.waitFor(() => expect(asked.length).toBe(1));
  asked[0]?.answer();
  await vi.waitFor(() => expect(asked.length).toBe(2));
  asked[1]?.answer();
  await vi.waitFor(() => expect(asked.length).toBe(3));
  asked[2]?.answer();
  expect((await found).map(({ rank }) => Number(rank))).toEqual(Array.from({ length: 271 }, (_, index) => 151 + index));
});
