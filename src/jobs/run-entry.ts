/** The process of one run: makes it, and says how far it is. Never touches the work state. */
import { reconcile } from '../app/reconcile.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { type Orders, obeyOrder } from './obey-order.ts';
import type { RunOrder } from './run-order.ts';

obeyOrder(run);

async function run(order: RunOrder, { signal, onProgress, onStage }: Orders): Promise<void> {
  let stageEndedAt = Date.now();
  const tellStage = (name: string, fromMs: number, toMs: number): void => {
    stageEndedAt = toMs;
    onStage({ name, fromMs, toMs });
  };
  const { configuration, directory, configurationPath: path, configurationHash: hash } = order;
  // Where a part of the configuration stands is only known from its file, if that is still what the server read.
  const positions = await loadConfiguration(path, process.env).then(
    (loaded) => loaded.positions,
    () => ({ locate: () => path }),
  );
  await reconcile({
    loaded: { configuration, directory, path, hash, positions },
    dataDirectory: order.dataDirectory,
    out: undefined,
    formats: [],
    filters: order.filters,
    isDryRun: false,
    forced: order.force ?? null,
    threads: order.threads,
    memoryBytes: order.memoryBytes,
    runId: order.runId,
    pid: process.pid,
    now: () => new Date(),
    signal,
    onProgress,
    onStage: tellStage,
    onReport: () => undefined,
    ...(order.pinned && { pinned: order.pinned }),
  });
  tellStage('publish', stageEndedAt, Date.now());
}
