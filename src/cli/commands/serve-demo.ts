/** Serves the demonstration to whoever sits at this machine: prints a link that signs them in, until Ctrl-C. Opens no browser. */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startServer } from '../../server/start-server.ts';
import { EXIT_DONE } from '../exit-code.ts';
import { memoryBytes, threadCount } from '../limits.ts';
import { logLine } from '../log-line.ts';
import { hasColor, type TerminalIo } from '../terminal-io.ts';
import { dataDirectoryOf } from './run-context.ts';
import { nextStop } from './serve.ts';

/** The link signs an administrator in without a password: nobody but this machine may come. */
const HOST = '127.0.0.1';
const FIRST_PORT = 8_470;
const PORTS = 50;
const VISITOR = { login: 'demo', name: 'Demo analyst' } as const;

export interface ServeDemoOptions {
  readonly dir: string;
  readonly json?: boolean;
  readonly memory?: string;
  readonly threads?: string;
  /** undefined: 8470, or the next one that is free. */
  readonly port: number | undefined;
}

export async function serveDemo(io: TerminalIo, options: ServeDemoOptions, version: string): Promise<number> {
  const asked = nextStop();
  const config = join(options.dir, 'evenstock.yaml');
  const server = await startServer({
    version,
    configurationPath: config,
    dataDirectory: dataDirectoryOf({ config }),
    storeAddress: undefined,
    host: HOST,
    port: options.port ?? (await firstFreePort()),
    publicUrl: undefined,
    trustedProxies: undefined,
    threads: threadCount(options.threads),
    memoryBytes: memoryBytes(options.memory),
    // What goes well is seen in the console.
    environment: { EVENSTOCK_LOG: 'warn', ...io.env },
    visitor: VISITOR,
    now: Date.now,
    writeLog: (line) => io.err.write(io.err.isTTY ? logLine(line) : line),
  });
  // With --json stdout holds the run's document and nothing else.
  const out = options.json ? io.err : io.out;
  const link = `${server.address}/sign-in#${server.visitorToken}`;
  const [strong, plain] = hasColor(out, io.env) ? ['\u001b[1m', '\u001b[22m'] : ['', ''];
  out.write(`\nOpen the console: ${strong}${link}${plain}\n`);
  if (out.isTTY) out.write('The link signs you in on this machine, for a day. Ctrl-C stops the demo.\n');
  await asked;
  await server.stop();
  return EXIT_DONE;
}

/** Where all of them are taken the first: its failure says what to do. */
async function firstFreePort(): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) if (await isFree(port)) return port;
  return FIRST_PORT;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}
