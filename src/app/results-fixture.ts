/** Runs of a simulated world, made as the command line makes them. Never used outside of tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../config/load-configuration.ts';
import type { RunDocument } from '../contract/run.ts';
import type { MappingDocument } from '../store/work/mapping-versions.ts';
import { withMapping } from './effective-configuration.ts';
import { reconcile } from './reconcile.ts';
import { simulate } from './simulate.ts';

export interface SimulatedRuns {
  readonly folder: string;
  readonly configuration: string;
  readonly dataDirectory: string;
  run(runId: string, mapping?: MappingDocument): Promise<RunDocument>;
  remove(): void;
}

export async function simulatedRuns(seed: number): Promise<SimulatedRuns> {
  const folder = mkdtempSync(join(tmpdir(), 'evenstock-results-'));
  await simulate(folder, { seed, items: 600, sites: 3, days: 8 });
  const configuration = join(folder, 'evenstock.yaml');
  const dataDirectory = join(folder, '.evenstock');
  return {
    folder,
    configuration,
    dataDirectory,
    run: async (runId, mapping) => {
      const loaded = await loadConfiguration(configuration, {});
      const { configuration: file } = loaded;
      return reconcile({
        loaded: { ...loaded, configuration: mapping === undefined ? file : withMapping(file, mapping) },
        dataDirectory,
        out: undefined,
        formats: [],
        filters: { site: [], item: [] },
        isDryRun: false,
        // The same files a second time are refused unless somebody says why.
        forced: { by: 'test', reason: 'the same files again' },
        threads: 1,
        memoryBytes: 1 << 30,
        runId,
        pid: process.pid,
        now: () => new Date(),
        signal: new AbortController().signal,
        onProgress: () => undefined,
        onReport: () => undefined,
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
