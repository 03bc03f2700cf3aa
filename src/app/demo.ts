/** Makes the demonstration: a simulated company in a folder of its own. Never writes into a folder that holds anything else. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DemoWorld, writeDemoWorld } from '../../simulator/demo-world.ts';
import { Failure } from '../core/model/failure.ts';
import { type DirectoryLock, LOCK_FILES, lockDataDirectory } from '../store/data-directory-lock.ts';
import { type MarkedFolder, prepareMarkedFolder } from './marked-folder.ts';

const FOLDER: MarkedFolder = {
  what: 'demo',
  option: '--dir',
  marker: 'about-this-demo.txt',
  about: `This folder was made by "evenstock demo" and may be deleted. Running the demo here again writes its files anew.

  erp_balances.csv, wms_balances.csv    what the two systems say at their cut-offs
  erp_opening.csv, wms_opening.csv      what they said five days before
  erp_movements.csv, wms_movements.csv  what each of them booked in between
  messages.csv                          what the warehouse told the ERP, and what became of it
  items.csv, packs.csv, aliases.csv, demand.csv, promotions.csv
  evenstock.yaml                        how they are compared
  .evenstock/                           the runs so far, and what is done in the console
  out/                                  the report: open out/report.html
  faults.csv, in_flight.csv             what really happened, in words
  truth/                                the same to the unit: which fault made what of each variance
`,
};

/** The process that makes the demo, and since when (milliseconds since 1970). */
interface DemoProcess {
  readonly pid: number;
  readonly since: number;
}

/**
 * Writes the company into `directory`, the same bytes every time, and what it sent before into `earlierDirectory`. An earlier
 * demo's runs and work state are removed. Throws a Failure of kind `usage` where something else stands there, `unreachable`
 * where a demo is being served from there.
 */
export async function prepareDemo(directory: string, earlierDirectory: string, by: DemoProcess): Promise<DemoWorld> {
  await prepareMarkedFolder(directory, FOLDER);
  await clearData(join(directory, '.evenstock'), directory, by);
  return writeDemoWorld(directory, earlierDirectory);
}

async function clearData(dataDirectory: string, directory: string, by: DemoProcess): Promise<void> {
  if (!existsSync(dataDirectory)) return;
  const lock = lockFor(dataDirectory, directory, by);
  try {
    for (const name of await readdir(dataDirectory))
      if (!LOCK_FILES.includes(name)) await rm(join(dataDirectory, name), { recursive: true, force: true });
  } finally {
    lock.release();
  }
}

function lockFor(dataDirectory: string, directory: string, by: DemoProcess): DirectoryLock {
  try {
    return lockDataDirectory(dataDirectory, 'alone', { what: 'evenstock demo', ...by });
  } catch (error) {
    if ((error as Failure).code !== 'DATA_DIRECTORY_IN_USE') throw error;
    throw new Failure(
      'unreachable',
      'DEMO_IN_USE',
      `a demo is being served from ${directory}, or another process works there`,
      'Open its link, stop it with Ctrl-C, or name another folder with --dir.',
    );
  }
}
