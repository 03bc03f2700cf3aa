/**
 * Asks a server at a fixed rate whatever it answers, as people and systems would: each request has its moment, and its time
 * counts from there, so that a server that is late does not slow its asker down. A process of its own.
 */
import { Agent, request } from 'node:http';

export interface AskerOrder {
  readonly address: string;
  readonly secret: string;
  readonly seconds: number;
  /** Requests a second. */
  readonly rate: number;
  /** Whose lines are asked for. */
  readonly run: string;
}

export interface AskerResult {
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds, by kind of request and of all. */
  readonly by_kind: Readonly<Record<string, { count: number; p50: number; p95: number; p99: number; max: number }>>;
}

const SORTS = ['rank', 'value', '-value', 'units', 'item', 'impact', 'days_out_of_sync'];
/** What is asked, and how often in a hundred. */
const MIX: readonly (readonly [
  kind: string,
  share: number,
  path: (draw: () => number, order: AskerOrder) => string,
])[] = [
  ['discrepancies, a page', 40, (draw, { run }) => `/runs/${run}/discrepancies?limit=100&sort=${pick(SORTS, draw)}`],
  [
    'discrepancies, filtered',
    15,
    (draw, { run }) => `/runs/${run}/discrepancies?limit=50&min_value=${10 * Math.floor(draw() * 20)}`,
  ],
  ['groups', 8, (draw, { run }) => `/runs/${run}/groups?by=${pick(['site', 'category', 'cause', 'direction'], draw)}`],
  ['runs', 10, () => '/runs?limit=20'],
  ['result of a run', 8, (_draw, { run }) => `/runs/${run}/result`],
  ['live discrepancies', 6, () => '/discrepancies?limit=50'],
  ['measures', 5, () => '/measures?days=30'],
  ['schedules and alerts', 6, (draw) => pick(['/schedules', '/alerts?limit=20'], draw)],
  ['health', 2, () => '/health'],
];

function pick<T>(values: readonly T[], draw: () => number): T {
  return values[Math.floor(draw() * values.length)] as T;
}

process.once('message', async (order: AskerOrder) => {
  const result = await new Asker(order).run();
  process.send?.(result, () => process.exit(0));
});

class Asker {
  private readonly order: AskerOrder;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly times = new Map<string, number[]>();
  private failed = 0;
  private state = 88_172_645;

  constructor(order: AskerOrder) {
    this.order = order;
  }

  async run(): Promise<AskerResult> {
    const began = performance.now();
    const count = Math.round(this.order.seconds * this.order.rate);
    const open: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const due = began + (index * 1_000) / this.order.rate;
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      open.push(this.ask(due));
    }
    await Promise.all(open);
    return { requests: count, failed: this.failed, by_kind: this.summary() };
  }

  private ask(due: number): Promise<void> {
    const [kind, path] = this.next();
    const { address, secret } = this.order;
    return new Promise((resolve) => {
      const done = (isRight: boolean): void => {
        if (!isRight) this.failed++;
        const times = this.times.get(kind) ?? [];
        times.push(performance.now() - due);
        this.times.set(kind, times);
        resolve();
      };
      const sent = request(`${address}${path}`, { agent: this.agent, headers: { authorization: `Bearer ${secret}` } });
      sent.on('response', (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode === 200));
      });
      sent.on('error', () => done(false));
      sent.end();
    });
  }

  private next(): [string, string] {
    let left = this.draw() * MIX.reduce((sum, [, share]) => sum + share, 0);
    for (const [kind, share, path] of MIX) {
      left -= share;
      if (left < 0) return [kind, path(() => this.draw(), this.order)];
    }
    return ['health', '/health'];
  }

  /** The same questions in every run of the bench: xorshift. */
  private draw(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 2 ** 32;
  }

  private summary(): AskerResult['by_kind'] {
    const all = [...this.times.values()].flat();
    return Object.fromEntries([['all', all] as const, ...this.times].map(([kind, times]) => [kind, quantiles(times)]));
  }
}

function quantiles(times: number[]) {
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 10) / 10;
  return { count: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
