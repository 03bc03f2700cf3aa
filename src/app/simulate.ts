/** Makes a simulated data set with its ground truth. Never writes into a folder that holds anything else. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { completeOptions, type WarehouseOptions } from '../../simulator/warehouse/world-options.ts';
import { type WrittenWorld, writeWarehouseWorld } from '../../simulator/warehouse/write-warehouse-world.ts';
import { type MarkedFolder, prepareMarkedFolder } from './marked-folder.ts';

export type { WarehouseOptions, WrittenWorld };

const FOLDER: MarkedFolder = {
  what: 'simulation',
  option: '--out',
  marker: 'about-this-simulation.txt',
  about: `This folder was made by "evenstock simulate" and may be deleted. Simulating here again writes its files anew.

  erp_balances.csv, wms_balances.csv     what the two systems say at their cut-offs
  erp_opening.csv, wms_opening.csv       what they said at the start
  erp_movements.csv, wms_movements.csv   what each of them booked in between
  messages.csv                           what the warehouse told the ERP, and what became of it
  items.csv, packs.csv, aliases.csv, demand.csv, promotions.csv
  evenstock.yaml                         how they are compared: evenstock reconcile --config evenstock.yaml
  truth/                                 what really happened
    contributions.csv                    which fault made which units of each key's variance (WMS − ERP)
    keys.csv, faults.csv, systemic.csv   the keys that differ, the faults, and what some of them have in common
    world.json                           seed, options, counts
`,
};

/** Files that a world need not have: those of an earlier one must not stay beside it. */
const OPTIONAL = ['messages.csv', 'erp_opening.csv', 'wms_opening.csv'] as const;

/**
 * Writes a simulated world into `directory`, the same bytes for the same options. Throws a Failure of kind `usage` where
 * the profile of faults cannot be read or something else stands in the folder.
 */
export async function simulate(directory: string, options: WarehouseOptions): Promise<WrittenWorld> {
  completeOptions(options);
  await prepareMarkedFolder(directory, FOLDER);
  for (const name of OPTIONAL) await rm(join(directory, name), { force: true });
  return writeWarehouseWorld(directory, options);
}
