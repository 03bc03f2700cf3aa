/** The built server on a store of either kind, and systems that send to it; tests kill it and start it again. Never looks inside. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from '../e2e/run-cli.ts';
import { newFolder, type Served, serve } from '../e2e/run-server.ts';

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** A snapshot of wms1 that differs from others by its number. */
export function snapshotOf(number: number, rows: number): string {
  const lines = Array.from({ length: rows }, (_, at) => `DC1,I${at},AVAILABLE,${number}\n`);
  return `site,item,status,quantity\n${lines.join('')}`;
}

export function movementsOf(first: number, count: number): string {
  const same = { posted_at: '2026-11-23T08:00:00Z', site: 'DC1', status: 'AVAILABLE', quantity: '1' };
  const rowOf = (number: number): object => ({ movement_id: `M${number}`, item: `I${number % 50}`, ...same });
  return Array.from({ length: count }, (_, at) => `${JSON.stringify(rowOf(first + at))}\n`).join('');
}

export interface ServedPlace {
  readonly dataDirectory: string;
  readonly address: string | undefined;
}

export class ServedWorld {
  readonly place: ServedPlace;
  private readonly folder: string;
  private readonly args: string[];
  private readonly key: string;

  private constructor(place: ServedPlace, folder: string, args: string[], key: string) {
    this.place = place;
    this.folder = folder;
    this.args = args;
    this.key = key;
  }

  static async open(name: string, place: ServedPlace): Promise<ServedWorld> {
    const folder = await newFolder(name);
    const { dataDirectory, address } = place;
    const args = ['--data', dataDirectory, ...(address === undefined ? [] : ['--store', address])];
    const made = await runCli(folder, 'key', 'create', '--name', name, '--role', 'administrator', ...args);
    if (made.code !== 0) throw new Error(made.err);
    return new ServedWorld(place, folder, args, made.out.trim());
  }

  start(): Promise<Served> {
    return serve(this.folder, { args: this.args });
  }

  ask(
    server: Served,
    method: string,
    url: string,
    body?: string | ReadableStream,
    type = 'application/json',
  ): Promise<Response> {
    return fetch(`${server.address}${url}`, {
      ...{
        method,
        headers: { authorization: `Bearer ${this.key}`, ...(body !== undefined && { 'content-type': type }) },
      },
      ...(body !== undefined && { body, duplex: 'half' }),
    });
  }

  /** With `pauseMs` it stops for so long in its middle. */
  upload(server: Served, content: string, pauseMs = 0): Promise<Response> {
    const half = Math.floor(content.length / 2);
    const parts = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(content.slice(0, half));
      await sleep(pauseMs);
      yield Buffer.from(content.slice(half));
    };
    const body = pauseMs === 0 ? content : ReadableStream.from(parts());
    return this.ask(server, 'POST', '/imports/balances?file_name=wms.csv&system=wms1', body, 'text/csv');
  }

  send(server: Served, movements: string, query = ''): Promise<Response> {
    return this.ask(server, 'POST', `/movements?system=wms1${query}`, movements, 'application/x-ndjson');
  }
}

/** Sends files and rows until the server is gone, and remembers what it acknowledged. */
export class Senders {
  /** Ids of imports by their content. */
  readonly imports = new Map<string, string>();
  readonly movements = new Set<string>();
  /** Every content of which at least a part was sent. */
  readonly contents = new Map<string, string>();
  /** Codes of answers that say to come again. */
  readonly comeAgain = new Set<string>();
  /** Any other answer that does not take what was sent. */
  readonly refusals: string[] = [];
  private readonly world: ServedWorld;
  private next = 0;
  private isEnded = false;

  constructor(world: ServedWorld) {
    this.world = world;
  }

  get sentMovements(): number {
    return this.next;
  }

  end(): void {
    this.isEnded = true;
  }

  /** `uploads` and `batches`: how many send each at the same time. A server that is not there is asked again where it is to come back. */
  async run(server: Served, { uploads = 3, batches = 2, isPatient = false } = {}): Promise<void> {
    const again = async (step: () => Promise<void>): Promise<void> => {
      while (!this.isEnded) {
        try {
          await step();
        } catch {
          // It was killed: what was under way was not answered.
          if (!isPatient) return;
          await sleep(50);
        }
      }
    };
    await Promise.all([
      ...Array.from({ length: uploads }, () => again(() => this.uploadOne(server))),
      ...Array.from({ length: batches }, () => again(() => this.sendOne(server))),
    ]);
  }

  private async uploadOne(server: Served): Promise<void> {
    const number = this.contents.size;
    const content = snapshotOf(number, 1 + Math.floor(Math.random() * 3_000));
    const hash = sha256(content);
    this.contents.set(hash, content);
    const answer = await this.world.upload(server, content, Math.random() < 0.5 ? 0 : 1 + Math.random() * 200);
    const body = (await answer.json()) as { id: string };
    if (answer.status === 201) this.imports.set(hash, body.id);
    else await this.refused(answer.status, body);
  }

  private async sendOne(server: Served): Promise<void> {
    const [first, count] = [this.next, 40];
    this.next += count;
    const answer = await this.world.send(server, movementsOf(first, count));
    const body = (await answer.json()) as { taken: number };
    if (answer.status === 202 && body.taken === count)
      for (let at = 0; at < count; at++) this.movements.add(`M${first + at}`);
    else await this.refused(answer.status, body);
  }

  private async refused(status: number, body: object): Promise<void> {
    if (status === 503) {
      this.comeAgain.add((body as { code: string }).code);
      await sleep(20);
    } else this.refusals.push(`${status} ${JSON.stringify(body)}`);
  }
}
