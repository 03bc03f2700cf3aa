/**
 * Keeps the plan that rows are read by as they arrive: that of the newest configuration and of the master data as they lie now.
 * Never reads master data for every request, and never refuses rows because a table cannot be read just now.
 */
import { stat } from 'node:fs/promises';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import { makePlan } from './make-plan.ts';
import { pinFiles } from './pin-imports.ts';
import { type ReadMasterData, readMasterData } from './read-master-data.ts';
import { SourceFiles } from './source-files.ts';

/** How often it is asked whether the tables are other ones. */
const LOOK_MS = 30_000;

export interface MasterDataContext {
  readonly database: WorkDatabase;
  readonly dataDirectory: string;
  readonly temporaryDirectory: string;
}

/** Items, packs, aliases and sites that a run of this moment would read. */
export async function readCurrentMasterData({
  database,
  dataDirectory,
  temporaryDirectory,
  loaded,
}: MasterDataContext & { readonly loaded: LoadedConfiguration }): Promise<ReadMasterData> {
  const pinned = await pinFiles(database.db, dataDirectory, loaded.configuration, 'all');
  return readMasterData(loaded.configuration, new SourceFiles(loaded, pinned), temporaryDirectory);
}

interface KeptPlan {
  readonly plan: Plan;
  readonly files: ReadMasterData['files'];
  readonly hash: string;
  readonly pins: string;
}

export class IntakePlans {
  private readonly context: MasterDataContext;
  private readonly now: () => number;
  private kept: KeptPlan | undefined;
  private reading: Promise<KeptPlan> | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(context: MasterDataContext, now: () => number) {
    this.context = context;
    this.now = now;
  }

  async planOf(loaded: LoadedConfiguration): Promise<Plan> {
    const { kept } = this;
    if (kept?.hash === loaded.hash && this.now() - this.lookedAt < LOOK_MS) return kept.plan;
    this.reading ??= this.read(loaded).finally(() => {
      this.reading = undefined;
    });
    try {
      this.kept = await this.reading;
    } catch (error) {
      if (kept?.hash !== loaded.hash || !(error instanceof Failure)) throw error;
    }
    this.lookedAt = this.now();
    return (this.kept as KeptPlan).plan;
  }

  private async read(loaded: LoadedConfiguration): Promise<KeptPlan> {
    const { database, dataDirectory } = this.context;
    const { kept } = this;
    const pins = JSON.stringify(await pinFiles(database.db, dataDirectory, loaded.configuration, 'all'));
    if (kept?.hash === loaded.hash && kept.pins === pins && (await isUnchanged(kept.files))) return kept;
    const { master, files } = await readCurrentMasterData({ ...this.context, loaded });
    const plan = makePlan(loaded.configuration, master, { site: [], item: [] });
    return { plan, files, hash: loaded.hash, pins };
  }
}

async function isUnchanged(files: ReadMasterData['files']): Promise<boolean> {
  const states = await Promise.all(
    files.map(async ({ file }) => {
      const now = await stat(file.path).catch(() => undefined);
      return now !== undefined && now.size === file.bytes && now.mtimeMs === file.modifiedMs;
    }),
  );
  return states.every(Boolean);
}
