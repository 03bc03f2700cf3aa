/** `evenstock serve`. */
import { Failure } from '../../core/model/failure.ts';
import { startServer } from '../../server/start-server.ts';
import { EXIT_DONE } from '../exit-code.ts';
import { memoryBytes, threadCount, wholeNumber } from '../limits.ts';
import { logLine } from '../log-line.ts';
import type { TerminalIo } from '../terminal-io.ts';
import { dataDirectoryOf, storeAddress } from './run-context.ts';

interface ServeFlags {
  readonly config: string;
  readonly data?: string;
  readonly store?: string;
  readonly port: string;
  readonly host: string;
  readonly publicUrl?: string;
  readonly trustedProxy?: readonly string[];
  readonly memory?: string;
  readonly threads?: string;
}

/** Runs until SIGTERM or SIGINT; a second one ends the process at once. */
export async function runServe(io: TerminalIo, flags: ServeFlags, version: string): Promise<number> {
  const asked = nextStop();
  const log = new ServerLog(io);
  const server = await startServer({
    version,
    configurationPath: flags.config,
    dataDirectory: dataDirectoryOf(flags),
    storeAddress: storeAddress(io, flags),
    host: flags.host,
    port: wholeNumber('--port', flags.port, 0, 65_535),
    publicUrl: publicUrlOf(flags.publicUrl),
    trustedProxies: flags.trustedProxy,
    threads: threadCount(flags.threads),
    memoryBytes: memoryBytes(flags.memory),
    environment: io.env,
    now: Date.now,
    writeLog: (line) => log.write(line),
  }).catch((error: unknown) => {
    log.release();
    throw error;
  });
  const reload = (): void => void server.reload();
  process.on('SIGHUP', reload);
  if (server.setupToken !== undefined) {
    const link = `${publicUrlOf(flags.publicUrl) ?? server.address}/setup#${server.setupToken}`;
    io.err.write(`Nobody can sign in yet. Set up the administrator within a day: ${link}\n`);
  }
  io.out.write(`Evenstock is ready at ${server.address}\n`);
  log.release();
  await asked;
  await server.stop();
  process.off('SIGHUP', reload);
  return EXIT_DONE;
}

/** On a terminal the address comes first, and then sentences; elsewhere JSON as it is logged. */
class ServerLog {
  private readonly io: TerminalIo;
  private held: string[] | undefined;

  constructor(io: TerminalIo) {
    this.io = io;
    if (io.err.isTTY) this.held = [];
  }

  write(line: string): void {
    const text = this.io.err.isTTY ? logLine(line) : line;
    if (this.held === undefined) this.io.err.write(text);
    else this.held.push(text);
  }

  release(): void {
    this.io.err.write((this.held ?? []).join(''));
    this.held = undefined;
  }
}

/** Resolves at the first SIGINT or SIGTERM. */
export function nextStop(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    const stop = (): void => {
      if (isAsked) process.exit(130);
      isAsked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

function publicUrlOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/') return url.origin;
  throw new Failure(
    'usage',
    'PUBLIC_URL_UNREADABLE',
    `--public-url ${given}: an address such as https://stock.example.com was expected`,
    'Correct the option.',
  );
}
