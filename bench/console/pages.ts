/**
 * Measures how long the built server takes for pages of a run with a million discrepancies, one question after the other: pages
 * in each order, far down, limited by filters, and sums by group. The first question of each kind, which may have to order all
 * lines, is told apart. Nothing else goes on.
 * `npm run bench:pages -- [lines] [questions] [data directory to keep and use again]`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, createKey, serveBuilt } from '../serve/built-server.ts';
import { keepMillion } from './kept-million.ts';

const [lines = 1_000_000, questions = 4_000] = process.argv.slice(2, 4).map(Number);
const kept = process.argv[4];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'evenstock-bench-pages-'));

const SORTS = ['rank', 'value', '-value', 'units', 'item', 'site', 'impact', 'days_out_of_sync'];
const FILTERS = [
  'site=DC2',
  'cause=message-lost',
  'direction=erp-overstated',
  'priority=high',
  'min_value=5000',
  'item=I0001',
];
/** The nth question of a kind; offsets are spread over the whole list, by the golden section. */
const spread = (index: number, size: number): number => Math.floor(((index * 0.618_034) % 1) * size);
const KINDS: Readonly<Record<string, (index: number) => string>> = {
  'a page in an order': (index) =>
    `discrepancies?limit=100&sort=${SORTS[index % SORTS.length]}&offset=${spread(index, lines - 100)}`,
  'a page of filtered lines': (index) =>
    `discrepancies?limit=100&${FILTERS[index % FILTERS.length]}&offset=${spread(index, lines / 20)}`,
  'sums by group': (index) => `groups?by=${['site', 'category', 'cause', 'direction', 'age'][index % 5]}`,
  'sums by group of filtered lines': (index) => `groups?by=cause&${FILTERS[index % FILTERS.length]}`,
};
const REPEATED = Math.max(SORTS.length, FILTERS.length);

async function measure(): Promise<void> {
  const secret = createKey(folder, 'viewer');
  const server = await serveBuilt(folder);
  try {
    const ask = async (path: string): Promise<number> => {
      const began = performance.now();
      const answer = await fetch(`${server.origin}/api/v1/runs/latest/${path}`, {
        headers: { authorization: `Bearer ${secret}` },
      });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
      return performance.now() - began;
    };
    console.log(JSON.stringify({ lines, what: 'the first question of all', ms: Math.round(await ask('result')) }));
    for (const [what, pathOf] of Object.entries(KINDS)) {
      const [first, times]: [number[], number[]] = [[], []];
      for (let index = 0; index < questions / 4 + REPEATED; index++)
        (index < REPEATED ? first : times).push(await ask(pathOf(index)));
      console.log(
        JSON.stringify({ lines, what, ...quantiles(times), first_of_a_kind_max_ms: Math.round(Math.max(...first)) }),
      );
    }
  } finally {
    await server.stop();
  }
}

function quantiles(times: number[]) {
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 10) / 10;
  return { questions: times.length, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) };
}

try {
  if (!existsSync(join(folder, '.evenstock'))) await keepMillion(folder, lines, BIN);
  await measure();
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}
