/**
 * Keeps what a run hands on of its keys: one file in the run's folder, so that the next run reads this one and no other.
 * Never decides what is remembered (see src/core/measure/key-history.ts).
 *
 * Gzip of JSON lines: first a header with the cut-offs and causes that occur, then arrays of up to CHUNK rows that name them by
 * number: of 100,000 keys that is read in a third of the time. Written and read without the database, whose code takes longer
 * to load than a small run takes.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { HandedOn, HistoryMemory, KeyMemory, OpenEpisode, ResolvedEpisode } from '../core/measure/key-history.ts';
import type { Moment } from '../core/normalize/time.ts';

const FILE = 'key-history.jsonl.gz';
const SCHEMA = 1;
const CHUNK = 1000;

/** A cut-off is its text where a key was first seen at it, and else its epoch milliseconds. */
interface Header {
  readonly schema: typeof SCHEMA;
  readonly cut_offs: readonly (string | number)[];
  readonly causes: readonly string[];
}

/** Key, first seen, last seen, onset in epoch milliseconds, cause; then a cut-off and a variance for each step. */
type OpenRow = [
  name: string,
  firstSeen: number,
  lastSeen: number,
  onset: number | null,
  cause: number,
  ...(number | string)[],
];
/** Key, cut-off, first seen, cause; 1 where it was corrected, 0 where it was not; 1 where it was a recurrence. */
type ResolvedRow = [name: string, at: number, firstSeen: number, cause: number, corrected: Bit | null, recurrence: Bit];
type Bit = 0 | 1;
/** A key that is in both is remembered as both. */
type Chunk = { readonly open: readonly OpenRow[] } | { readonly resolved: readonly ResolvedRow[] };

/** Into a folder that exists and that nobody reads yet. */
export async function writeKeyHistory(folder: string, { memory }: HandedOn): Promise<void> {
  // In one piece: streams take longer to set up than a small run has keys, and the largest memory is 70 MB of text.
  await writeFile(join(folder, FILE), gzipSync([...linesOf(memory)].join(''), { level: 1 }));
}

/** What the run of a folder handed on; undefined where it has no such file, or none that can be read. */
export async function readHandedOn(folder: string): Promise<HistoryMemory | undefined> {
  try {
    return memoryOf(gunzipSync(await readFile(join(folder, FILE))));
  } catch {
    // Absent or damaged: the run's own table of discrepancies says what is needed.
    return undefined;
  }
}

function* linesOf(memory: HistoryMemory): Generator<string> {
  const names = new Names(memory);
  yield `${JSON.stringify(names.header)}\n`;
  yield* chunked(openRows(memory, names), (open) => ({ open }));
  yield* chunked(resolvedRows(memory, names), (resolved) => ({ resolved }));
}

/** Numbers of the cut-offs and causes of a memory. */
class Names {
  private readonly cutOffs = new Map<number, number>();
  private readonly texts: (string | number)[] = [];
  private readonly causes = new Map<string, number>();

  constructor(memory: HistoryMemory) {
    for (const { open, resolved } of memory.values()) {
      if (open !== undefined)
        this.add(open.cause, open.firstSeen.epochMs, open.lastSeen, ...open.steps.map(({ at }) => at));
      if (resolved !== undefined) this.add(resolved.cause, resolved.at, resolved.firstSeen);
      if (open !== undefined) this.texts[this.cutOff(open.firstSeen.epochMs)] = open.firstSeen.text;
    }
  }

  private add(cause: string, ...cutOffs: readonly number[]): void {
    if (!this.causes.has(cause)) this.causes.set(cause, this.causes.size);
    for (const cutOff of cutOffs) {
      if (this.cutOffs.has(cutOff)) continue;
      this.cutOffs.set(cutOff, this.texts.length);
      this.texts.push(cutOff);
    }
  }

  get header(): Header {
    return { schema: SCHEMA, cut_offs: this.texts, causes: [...this.causes.keys()] };
  }

  cutOff(epochMs: number): number {
    return this.cutOffs.get(epochMs) as number;
  }

  cause(cause: string): number {
    return this.causes.get(cause) as number;
  }
}

function* openRows(memory: HistoryMemory, names: Names): Generator<OpenRow> {
  for (const [name, { open }] of memory) {
    if (open === undefined) continue;
    const { firstSeen, lastSeen, onset, cause, steps } = open;
    const row: OpenRow = [
      name,
      names.cutOff(firstSeen.epochMs),
      names.cutOff(lastSeen),
      onset ?? null,
      names.cause(cause),
    ];
    for (const { at, variance } of steps) row.push(names.cutOff(at), variance);
    yield row;
  }
}

function* resolvedRows(memory: HistoryMemory, names: Names): Generator<ResolvedRow> {
  for (const [name, { resolved }] of memory) {
    if (resolved === undefined) continue;
    const { at, firstSeen, cause, isCorrected, isRecurrence } = resolved;
    const corrected = isCorrected === undefined ? null : isCorrected ? 1 : 0;
    const recurrence = isRecurrence ? 1 : 0;
    yield [name, names.cutOff(at), names.cutOff(firstSeen), names.cause(cause), corrected, recurrence];
  }
}

function* chunked<T>(rows: Iterable<T>, chunkOf: (rows: readonly T[]) => Chunk): Generator<string> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < CHUNK) continue;
    yield `${JSON.stringify(chunkOf(chunk))}\n`;
    chunk = [];
  }
  if (chunk.length > 0) yield `${JSON.stringify(chunkOf(chunk))}\n`;
}

const LINE_END = 0x0a;

/** Line by line: as one text the file of a very large run would be longer than a text can be. */
function memoryOf(bytes: Buffer): HistoryMemory {
  const headerEnd = bytes.indexOf(LINE_END);
  const header = JSON.parse(bytes.toString('utf8', 0, headerEnd)) as Header;
  if (header.schema !== SCHEMA) throw new Error(`schema ${header.schema}`);
  const cutOffs = header.cut_offs.map(momentOf);
  const memory = new Map<string, KeyMemory>();
  let start = headerEnd + 1;
  for (let end = bytes.indexOf(LINE_END, start); end >= 0; end = bytes.indexOf(LINE_END, start)) {
    const chunk = JSON.parse(bytes.toString('utf8', start, end)) as Chunk;
    if ('open' in chunk)
      for (const row of chunk.open)
        memory.set(row[0], { open: openOf(row, cutOffs, header.causes), resolved: undefined });
    else
      for (const row of chunk.resolved)
        memory.set(row[0], { open: memory.get(row[0])?.open, resolved: resolvedOf(row, cutOffs, header.causes) });
    start = end + 1;
  }
  return memory;
}

function momentOf(cutOff: string | number): Moment {
  return typeof cutOff === 'number' ? { epochMs: cutOff, text: '' } : { epochMs: Date.parse(cutOff), text: cutOff };
}

function openOf(row: OpenRow, cutOffs: readonly Moment[], causes: readonly string[]): OpenEpisode {
  const [, firstSeen, lastSeen, onset, cause, ...flat] = row;
  const steps = [];
  for (let at = 0; at < flat.length; at += 2)
    steps.push({ at: (cutOffs[flat[at] as number] as Moment).epochMs, variance: flat[at + 1] as string });
  return {
    firstSeen: cutOffs[firstSeen] as Moment,
    lastSeen: (cutOffs[lastSeen] as Moment).epochMs,
    onset: onset ?? undefined,
    cause: causes[cause] as string,
    steps,
  };
}

function resolvedOf(
  [, at, firstSeen, cause, corrected, recurrence]: ResolvedRow,
  cutOffs: readonly Moment[],
  causes: readonly string[],
): ResolvedEpisode {
  return {
    at: (cutOffs[at] as Moment).epochMs,
    firstSeen: (cutOffs[firstSeen] as Moment).epochMs,
    cause: causes[cause] as string,
    isCorrected: corrected === null ? undefined : corrected === 1,
    isRecurrence: recurrence === 1,
  };
}
