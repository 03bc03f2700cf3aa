/** Reads the demand for items and the promotion calendar. Rows that cannot be used are rejections, never errors. */
import type { Configuration, FileSourceConfig } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { addDemand, DemandBook } from '../core/normalize/demand.ts';
import type { MasterData, MasterFault, MasterRow } from '../core/normalize/master-data.ts';
import { addPromotion, PromotionBook } from '../core/normalize/promotions.ts';
import type { FoundFile } from '../ingest/files/find-file.ts';
import { numberFormatOf, openSource } from '../ingest/open-source.ts';
import { readMasterFile } from '../ingest/read-master-file.ts';
import type { OnSourceFailure, ReadFile } from './read-master-data.ts';
import type { SourceFiles } from './source-files.ts';

/** A file of demand or promotions that was found, and has the columns it must have. */
export interface DemandSource {
  readonly kind: 'demand' | 'promotions';
  readonly config: FileSourceConfig;
  readonly file: FoundFile;
}

/** Opens the files before the comparison, so that errors in them show early. Without `onFailure` the first one throws its Failure. */
export async function openDemand(
  configuration: Configuration,
  files: SourceFiles,
  temporaryDirectory: string,
  onFailure?: OnSourceFailure,
): Promise<DemandSource[]> {
  const sources: DemandSource[] = [];
  for (const kind of ['demand', 'promotions'] as const) {
    const configured = configuration[kind];
    if (configured === undefined) continue;
    try {
      const { file, config } = await files.find(configured);
      await openSource(kind, config, file, temporaryDirectory);
      sources.push({ kind, config, file });
    } catch (error) {
      if (onFailure === undefined || !(error instanceof Failure)) throw error;
      onFailure(kind, configured, error);
    }
  }
  return sources;
}

export interface ReadDemand {
  readonly demand: DemandBook;
  readonly promotions: PromotionBook;
  readonly files: readonly ReadFile[];
}

/** Reads every row; those of items that `needs` does not want are checked and not kept. */
export async function readDemand(
  sources: readonly DemandSource[],
  temporaryDirectory: string,
  settings: {
    readonly master: MasterData;
    readonly quantityDecimals: number;
    readonly needs: (item: string) => boolean;
    readonly signal?: AbortSignal;
  },
): Promise<ReadDemand> {
  const demand = new DemandBook();
  const promotions = new PromotionBook();
  const files: ReadFile[] = [];
  for (const { kind, config, file } of sources) {
    const format = { ...settings, numbers: numberFormatOf(config), dayFormat: config.time_format };
    const take = (row: MasterRow): MasterFault | undefined =>
      kind === 'demand' ? addDemand(demand, row, format) : addPromotion(promotions, row, format);
    const { rows, rejections } = await readMasterFile(kind, config, file, temporaryDirectory, take, settings.signal);
    files.push({ kind, name: config.name ?? kind, system: '', file, rows, rejections });
  }
  return { demand, promotions, files };
}
