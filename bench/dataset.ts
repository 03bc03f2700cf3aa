/**
 * Decides where the bench's data lies and when it must be written anew.
 * Never keeps data that another version of the simulator wrote.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type WorldTruth, writeStockWorld } from '../simulator/stock-world.ts';
import { configurationSchema } from '../src/contract/configuration.ts';

export interface DatasetOptions {
  readonly rows: number;
  readonly seed: number;
  readonly quoted: boolean;
  readonly parquet: boolean;
}

export interface Dataset {
  readonly directory: string;
  readonly truth: WorldTruth;
}

const SIMULATOR = join(import.meta.dirname, '..', 'simulator');
const DATA = join(import.meta.dirname, 'data');

/** The data set of these options, written if it is not there yet. Beside the world's files it holds mapping.json for the peers. */
export async function provideDataset(options: DatasetOptions, say: (line: string) => void): Promise<Dataset> {
  const directory = join(DATA, `rows-${options.rows}-seed-${options.seed}${options.quoted ? '-quoted' : ''}`);
  const mappingPath = join(directory, 'mapping.json');
  const simulator = fingerprint();
  if (existsSync(mappingPath)) {
    const kept = JSON.parse(readFileSync(mappingPath, 'utf8')) as { simulator: string; truth: WorldTruth };
    if (kept.simulator === simulator && (!options.parquet || kept.truth.parquetConfiguration !== null))
      return { directory, truth: kept.truth };
  }
  say(`writing ${directory}`);
  rmSync(directory, { recursive: true, force: true });
  const truth = await writeStockWorld(directory, {
    seed: options.seed,
    erpRows: options.rows,
    quoted: options.quoted,
    writeParquet: options.parquet,
  });
  // Written last: its presence says that the set is whole.
  writeFileSync(
    mappingPath,
    JSON.stringify({ ...mappingOf(truth.configuration), quoted: options.quoted, simulator, truth }, null, 1),
  );
  return { directory, truth };
}

/** What the peers need of the configuration: common site by ERP code, native statuses by category and side. */
function mappingOf(configuration: string): { sites: unknown; categories: unknown } {
  const { systems, categories } = configurationSchema.parse(parse(readFileSync(configuration, 'utf8')));
  return { sites: systems['sap']?.site_aliases, categories };
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(SIMULATOR).sort()) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'demo-world.ts')
      hash.update(readFileSync(join(SIMULATOR, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
