/**
 * Measures how long a real server of this machine lets people wait while runs of many rows go on beside it: each run is asked
 * for as soon as the one before has ended. `npm run bench:serve -- [seconds] [requests a second] [rows]`.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideDataset } from '../dataset.ts';
import { createKey, serveBuilt } from './built-server.ts';
import type { AskerOrder, AskerResult } from './request-sender.ts';

const [seconds = 600, rate = 300, rows = 10_000_000] = process.argv.slice(2).map(Number);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const data = mkdtempSync(join(tmpdir(), 'evenstock-bench-serve-'));

async function measure(): Promise<void> {
  const { directory } = await provideDataset({ rows, seed: 1, quoted: false, parquet: false }, say);
  const config = join(directory, 'evenstock.yaml');
  const secret = createKey(data, 'analyst', ['--data', data]);
  const server = await serveBuilt(data, ['--config', config, '--data', data]);
  try {
    const address = `${server.origin}/api/v1`;
    const call = async (method: string, path: string) => {
      const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': crypto.randomUUID() };
      // biome-ignore lint/suspicious/noExplicitAny: answers of the server that is measured
      return (await (await fetch(`${address}${path}`, { method, headers })).json()) as any;
    };
    const oneRun = async (): Promise<{ id: string; seconds: number }> => {
      const began = performance.now();
      const { id } = await call('POST', '/runs');
      for (;;) {
        const { state, failure } = await call('GET', `/runs/${id}`);
        if (state === 'complete') return { id, seconds: Math.round((performance.now() - began) / 100) / 10 };
        if (state === 'failed' || state === 'refused')
          throw new Error(`the run ended as ${state}: ${JSON.stringify(failure)}`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    };
    const first = await oneRun();
    say(`a run alone: ${first.seconds} s`);
    const { discrepancies } = (await call('GET', `/runs/${first.id}/result`)).totals;
    const asker = fork(fileURLToPath(new URL('./request-sender.ts', import.meta.url)), { execArgv: process.execArgv });
    const order: AskerOrder = { address, secret, seconds, rate, run: first.id };
    let isAsking = true;
    const result = new Promise<AskerResult>((resolve) =>
      asker.once('message', (sent) => {
        isAsking = false;
        resolve(sent as AskerResult);
      }),
    );
    asker.send(order);
    const beside: number[] = [];
    while (isAsking) {
      const run = await oneRun();
      if (isAsking) beside.push(run.seconds);
    }
    process.stdout.write(
      `${JSON.stringify({ seconds, rate, rows, discrepancies, run_alone_s: first.seconds, runs_beside_s: beside, ...(await result) }, null, 1)}\n`,
    );
  } finally {
    await server.stop();
  }
}

try {
  await measure();
} finally {
  rmSync(data, { recursive: true, force: true });
}
