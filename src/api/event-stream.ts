/**
 * Decides how events become a stream of server-sent events: each once, in order, from where the reader stopped. Never holds
 * more than one page for a reader: who does not read is cut off.
 */
import { Readable } from 'node:stream';
import type { Kysely } from 'kysely';
import type { WorkState } from '../store/database/work-state.ts';
import type { EventWatch } from '../store/work/event-watch.ts';
import { type NumberedEvent, readEvents } from '../store/work/events.ts';
import { canSee, type Principal } from '../store/work/principal.ts';

export interface EventStreamOptions {
  readonly db: Kysely<WorkState>;
  readonly watch: EventWatch;
  readonly principal: Principal;
  /** The last event that the reader has; undefined: only what happens from now on. */
  readonly after: number | undefined;
  /** Kinds, or their beginnings up to a dot; all where empty. */
  readonly kinds: readonly string[];
  readonly sites: readonly string[];
  readonly signal: AbortSignal;
  /** Ends the connection of a reader that does not read. */
  readonly cutOff: () => void;
  readonly limits?: Partial<StreamLimits>;
}

interface StreamLimits {
  /** A reader that took nothing for so long is cut off. */
  readonly slowMs: number;
  /** Something is sent at least so often, so that proxies keep the connection. */
  readonly beatMs: number;
  /** Then the reader comes again, and is asked again who it is. */
  readonly wholeMs: number;
}

const LIMITS: StreamLimits = { slowMs: 30_000, beatMs: 15_000, wholeMs: 15 * 60_000 };
const PAGE = 200;

export function streamEvents(options: EventStreamOptions): Readable {
  const limits = { ...LIMITS, ...options.limits };
  return Readable.from(watched(texts(options, limits), limits.slowMs, options.cutOff), { objectMode: false });
}

/** Passes texts on; where the reader takes none for too long, its connection is cut. */
async function* watched(texts: AsyncGenerator<string>, slowMs: number, cutOff: () => void): AsyncGenerator<string> {
  for await (const text of texts) {
    const timer = setTimeout(cutOff, slowMs);
    try {
      yield text;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function* texts(options: EventStreamOptions, limits: StreamLimits): AsyncGenerator<string> {
  const { db, watch, signal } = options;
  const newest = await watch.newest();
  let last = options.after ?? newest;
  const oldest = await watch.oldest();
  const isGap = last > newest || (last < newest && (oldest === undefined || oldest > last + 1));
  if (isGap) last = newest;
  // An event without data only tells the reader where it stands.
  yield `retry: 2000\nid: ${last}\n\n`;
  if (isGap) yield `id: ${last}\nevent: reset\ndata: {}\n\n`;
  const end = AbortSignal.any([signal, AbortSignal.timeout(limits.wholeMs)]);
  while (!end.aborted) {
    const events = await readEvents(db, last, PAGE);
    last = events.at(-1)?.number ?? last;
    const shown = events.flatMap((event) => textOf(event, options)).join('');
    if (shown !== '') yield shown;
    if (events.length === PAGE) continue;
    const waitedFrom = last;
    await watch.after(last, limits.beatMs, end);
    if (waitedFrom === last && !end.aborted && (await watch.newest()) === last) yield `id: ${last}\n\n`;
  }
}

function textOf(event: NumberedEvent, { principal, kinds, sites }: EventStreamOptions): string[] {
  const { number, at, kind, site, document } = event;
  if (site !== undefined && !canSee(principal, site)) return [];
  if (kinds.length > 0 && !kinds.some((name) => kind === name || kind.startsWith(`${name}.`))) return [];
  if (sites.length > 0 && site !== undefined && !sites.includes(site)) return [];
  const data = { at: new Date(at).toISOString(), ...(site !== undefined && { site }), ...shownOf(document, principal) };
  return [`id: ${number}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`];
}

/** Sums over all sites are for those who see all. */
function shownOf(document: unknown, { sites }: Principal): object {
  const { totals, ...others } = document as { totals?: unknown };
  return sites === null && totals !== undefined ? { ...others, totals } : others;
}
