/**
 * Server-sent events as an iterator: decides when a stream that broke off is asked for again, and from where it goes on. Never
 * skips an event without saying so (`reset`), and never reads on while the last one is being worked at.
 */

export interface ServerEvent {
  readonly id: number;
  /** run.progress, discrepancy.opened, …; `reset` where events were missed that the server does not keep any more: read anew. */
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface FollowOptions {
  /** Asks for the stream; `after` is the last event that came. Throws where fetch does. */
  readonly open: (after: number | undefined, signal: AbortSignal) => Promise<Response>;
  /** What the server refused for good; undefined where it may be asked again. */
  readonly refusal: (response: Response) => Promise<Error | undefined>;
  /** The last event that is known already. */
  readonly after: number | undefined;
  /** Ends the iteration. */
  readonly signal: AbortSignal | undefined;
  /** A stream on which nothing came for so long is given up; the server sends something every 15 seconds. */
  readonly silenceMs?: number;
  /** The first pause after a failure, until the server says another one. */
  readonly pauseMs?: number;
}

const SILENCE_MS = 60_000;
const PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 30_000;

/** Goes on until the signal is raised or whoever reads leaves; then the connection is closed. */
export async function* followEvents(options: FollowOptions): AsyncGenerator<ServerEvent, void, undefined> {
  const { signal } = options;
  const place: Place = { after: options.after, pauseMs: options.pauseMs ?? PAUSE_MS };
  for (let failures = 0; !signal?.aborted; ) {
    const connection = new Connection(options.silenceMs ?? SILENCE_MS, signal);
    try {
      const response = await options.open(place.after, connection.signal);
      const refusal = response.ok ? undefined : await options.refusal(response);
      if (refusal !== undefined) throw new Refused(refusal);
      if (response.ok && response.body !== null) {
        for await (const block of blocksOf(response.body, connection)) {
          failures = 0;
          const event = take(block, place);
          connection.pause();
          if (event !== undefined) yield event;
          connection.resume();
        }
      }
    } catch (error) {
      if (error instanceof Refused) throw error.reason;
    } finally {
      connection.close();
    }
    // Many that lost one server must not all come back at the same moment.
    const pauseMs = Math.min(place.pauseMs * 2 ** failures++, PAUSE_MS_MAX);
    await pause(pauseMs * (0.5 + Math.random() / 2), signal);
  }
}

class Refused extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super(reason.message);
    this.reason = reason;
  }
}

/** Where the reader stands, and how long the server wants it to pause. */
interface Place {
  after: number | undefined;
  pauseMs: number;
}

/** One connection: it ends with the reader's signal, and where nothing comes. */
class Connection {
  private readonly controller = new AbortController();
  private readonly silenceMs: number;
  private readonly outer: AbortSignal | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(silenceMs: number, outer: AbortSignal | undefined) {
    this.silenceMs = silenceMs;
    this.outer = outer;
    if (outer?.aborted) this.end();
    outer?.addEventListener('abort', this.end);
    this.resume();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  private readonly end = (): void => this.controller.abort();

  /** Something came, or is waited for from now on. */
  resume(): void {
    clearTimeout(this.timer);
    if (!this.signal.aborted) this.timer = setTimeout(this.end, this.silenceMs);
  }

  /** The reader is at work: the silence is not the server's. */
  pause(): void {
    clearTimeout(this.timer);
  }

  close(): void {
    this.pause();
    this.outer?.removeEventListener('abort', this.end);
    this.end();
  }
}

/** The lines of each block that came whole: what was cut off comes again. */
async function* blocksOf(
  body: ReadableStream<Uint8Array>,
  connection: Connection,
): AsyncGenerator<readonly string[], void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let lines: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      connection.resume();
      const parts = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop() ?? '';
      for (const line of parts) {
        if (line !== '') lines.push(line);
        else if (lines.length > 0) {
          yield lines;
          lines = [];
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Notes what a block says of the place; undefined where it tells of nothing else. */
function take(lines: readonly string[], place: Place): ServerEvent | undefined {
  let kind = 'message';
  const data: string[] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'id' && /^\d+$/.test(value)) place.after = Number(value);
    else if (name === 'retry' && /^\d+$/.test(value)) place.pauseMs = Number(value);
    else if (name === 'event') kind = value;
    else if (name === 'data') data.push(value);
  }
  if (data.length === 0) return undefined;
  return { id: place.after ?? 0, kind, data: JSON.parse(data.join('\n')) };
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end);
  });
}
