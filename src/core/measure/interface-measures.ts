/**
 * Decides how well interfaces carry messages: rejected, duplicate and unposted per million, and the lag that 95% keep.
 * The counts of parts add up to the counts of the whole, so that threads, files and statements may count on their own.
 */

/** What became of the messages of one interface. A message is one line of a document, however often its state was logged. */
export interface InterfaceCounts {
  messages: number;
  /** Refused by the receiver: state rejected or failed. */
  rejected: number;
  /** Postings beyond the first one of a message. */
  duplicate: number;
  /** Neither applied nor rejected although the lag that the interface is allowed has passed. */
  unposted: number;
  /** Applied messages by lagBucket of the seconds from sending to application. */
  readonly lags: Map<number, number>;
}

/** As in run.json. Per million messages, rounded; null without messages. */
export interface InterfaceMeasures {
  readonly interface: string;
  readonly messages: number;
  readonly rejected_per_million: number | null;
  readonly duplicate_per_million: number | null;
  readonly unposted_per_million: number | null;
  readonly lag_p95_seconds: number | null;
}

export function noInterfaceCounts(): InterfaceCounts {
  return { messages: 0, rejected: 0, duplicate: 0, unposted: 0, lags: new Map() };
}

/** Adds the counts of a part, as often as they come in, to those of the whole. */
export function addCounts(whole: InterfaceCounts, part: InterfaceCounts): void {
  whole.messages += part.messages;
  whole.rejected += part.rejected;
  whole.duplicate += part.duplicate;
  whole.unposted += part.unposted;
  for (const [bucket, count] of part.lags) whole.lags.set(bucket, (whole.lags.get(bucket) ?? 0) + count);
}

/** Adds lags; `seconds` below 0 (clocks that differ) are 0, fractions are cut. */
export function addLag(counts: InterfaceCounts, seconds: number, times = 1): void {
  const bucket = lagBucket(Math.max(0, Math.floor(seconds)));
  counts.lags.set(bucket, (counts.lags.get(bucket) ?? 0) + times);
}

/** 64 buckets to each doubling: exact below 128 s, and at most 1.6% above the true lag beyond. */
const BUCKET_BITS = 6;

/** The largest number of seconds that share a bucket with these. */
function lagBucket(seconds: number): number {
  const width = 2 ** Math.max(0, 31 - Math.clz32(seconds) - BUCKET_BITS);
  return (Math.floor(seconds / width) + 1) * width - 1;
}

/** By name of the interface. */
export function interfaceMeasures(counts: ReadonlyMap<string, InterfaceCounts>): InterfaceMeasures[] {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { messages, rejected, duplicate, unposted, lags }]) => {
      const perMillion = (count: number): number | null =>
        messages === 0 ? null : Math.round((count * 1_000_000) / messages);
      return {
        interface: name,
        messages,
        rejected_per_million: perMillion(rejected),
        duplicate_per_million: perMillion(duplicate),
        unposted_per_million: perMillion(unposted),
        lag_p95_seconds: percentile(lags, 95),
      };
    });
}

/** The smallest lag that at least `percent` of the messages keep. */
function percentile(lags: ReadonlyMap<number, number>, percent: number): number | null {
  const sorted = [...lags].sort(([a], [b]) => a - b);
  const all = sorted.reduce((sum, [, count]) => sum + count, 0);
  let kept = 0;
  for (const [seconds, count] of sorted) {
    kept += count;
    if (kept * 100 >= all * percent) return seconds;
  }
  return null;
}
