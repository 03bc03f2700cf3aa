/** What rows are judged by just now, made once for all routes of a server. Never reads master data that has not changed. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IntakePlans } from '../app/intake-plans.ts';
import { makePlan, startMasterData } from '../app/make-plan.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import type { ApiContext } from './api-context.ts';

const plans = new WeakMap<WorkDatabase, IntakePlans>();

export async function currentPlan(
  { database, dataDirectory, now }: Pick<ApiContext, 'database' | 'dataDirectory' | 'now'>,
  loaded: LoadedConfiguration,
): Promise<Plan> {
  const temporaryDirectory = join(dataDirectory, 'work', 'intake');
  await mkdir(temporaryDirectory, { recursive: true, mode: 0o700 });
  const known = plans.get(database) ?? new IntakePlans({ database, dataDirectory, temporaryDirectory }, now);
  plans.set(database, known);
  return known.planOf(loaded);
}

/** The same; without master data where it cannot be read, as before the first file is there. */
export async function currentPlanOrEmpty(
  context: Pick<ApiContext, 'database' | 'dataDirectory' | 'now'>,
  loaded: LoadedConfiguration,
): Promise<Plan> {
  try {
    return await currentPlan(context, loaded);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { configuration } = loaded;
    return makePlan(configuration, startMasterData(configuration), { site: [], item: [] });
  }
}
