/** Makes the runs that a demonstration looks back on, one for each folder that its company sent before. Prints and writes nothing else. */
import { join } from 'node:path';
import { loadConfiguration } from '../config/load-configuration.ts';
import { runIdOf } from '../core/model/run-id.ts';
import { type ReconcileOptions, reconcile } from './reconcile.ts';

/** After the later of the two cut-offs, when a night's files have come. */
const STARTED_AFTER_MS = 30 * 60_000;

export type DemoRunsOptions = Pick<ReconcileOptions, 'dataDirectory' | 'threads' | 'memoryBytes' | 'pid' | 'signal'>;

/** `folders`: the oldest first. The runs are dated by their cut-offs: that is when they would have been made. */
export async function makeEarlierRuns(folders: readonly string[], options: DemoRunsOptions): Promise<void> {
  for (const [index, folder] of folders.entries()) {
    const loaded = await loadConfiguration(join(folder, 'evenstock.yaml'), {});
    const cutOffs = loaded.configuration.balances.map(({ as_of: asOf }) => Date.parse(String(asOf)));
    const startedAt = Math.max(...cutOffs) + STARTED_AFTER_MS;
    const begun = performance.now();
    await reconcile({
      ...options,
      loaded,
      out: undefined,
      formats: [],
      filters: { site: [], item: [] },
      isDryRun: false,
      forced: null,
      runId: runIdOf(startedAt, new Uint8Array([0, 0, index])),
      now: () => new Date(startedAt + performance.now() - begun),
      onProgress: () => undefined,
      onReport: () => undefined,
    });
  }
}
