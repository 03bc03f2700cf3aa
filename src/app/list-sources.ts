/** What is known of each source of the configuration: the newest import, what the newest run read, its age. Never opens a file. */
import type { Kysely, Selectable } from 'kysely';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { RunInput } from '../contract/run.ts';
import { durationMs } from '../core/normalize/time.ts';
import type { WorkState } from '../store/database/work-state.ts';
import type { RunStore } from '../store/run-store.ts';
import { listImports } from '../store/work/imports.ts';
import { listNamedSources, type NamedSource } from './named-sources.ts';

export interface SourceState extends Pick<NamedSource, 'part' | 'name' | 'system'> {
  readonly format: string;
  readonly path: string | null;
  readonly lastImport: Selectable<WorkState['imports']> | undefined;
  readonly lastUsed: (RunInput & { readonly runId: string }) | undefined;
  /** Of the newest cut-off that is known. */
  readonly ageMs: number | undefined;
  readonly maxAgeMs: number | undefined;
}

/** In the order of the configuration. */
export async function listSources(
  { configuration }: LoadedConfiguration,
  store: RunStore,
  db: Kysely<WorkState>,
  now: number,
): Promise<SourceState[]> {
  const run = await store.findLatest().catch(() => undefined);
  return Promise.all(
    listNamedSources(configuration).map(async ({ part, name, system, config }): Promise<SourceState> => {
      const [lastImport] = await listImports(db, { source: name }, 1);
      const input = run?.inputs.find((each) => each.source === name);
      const lastUsed = run === undefined || input === undefined ? undefined : { ...input, runId: run.run_id };
      const cutOffs = [lastImport?.as_of ?? Number.NaN, Date.parse(lastUsed?.as_of ?? '')].filter(Number.isFinite);
      const { max_age: maxAge = configuration.quality?.max_age } = config as { max_age?: string };
      return {
        ...{ part, name, system, lastImport, lastUsed },
        format: config.format,
        path: config.path ?? null,
        ageMs: cutOffs.length === 0 ? undefined : now - Math.max(...cutOffs),
        maxAgeMs: maxAge === undefined || part !== 'balances' ? undefined : durationMs(maxAge),
      };
    }),
  );
}
