/** Makes the demonstration: a simulated company in a folder of its own. Never writes into a folder that holds anything else. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DemoWorld, writeDemoWorld } from '../../simulator/demo-world.ts';
import { Failure } from '../core/model/failure.ts';

/** Its presence says that a folder is a demo, also where making it was interrupted. */
const MARKER = 'about-this-demo.txt';

const ABOUT = `This folder was made by "evenstock demo" and may be deleted. Running the demo here again writes its files anew.

  erp_stock.csv, wms_stock.csv     what the two systems say
  wms_movements.csv, messages.csv  what the warehouse booked, and what it told the ERP
  items.csv, packs.csv, aliases.csv
  evenstock.yaml                   how they are compared
  out/                             the report: open out/report.html
  faults.csv, in_flight.csv        what really happened, in words
  truth.csv                        what a true report lists
`;

/** Writes the company into `directory`, the same bytes every time. Throws a Failure of kind `usage` where something else stands there. */
export async function prepareDemo(directory: string): Promise<DemoWorld> {
  await refuseForeign(directory);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, MARKER), ABOUT);
  return writeDemoWorld(directory);
}

async function refuseForeign(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new Failure(
      'usage',
      'DEMO_FOLDER_UNUSABLE',
      `${directory} cannot be the folder of the demo: ${message}`,
      'Name another folder with --dir.',
    );
  }
  if (names.length > 0 && !existsSync(join(directory, MARKER))) {
    throw new Failure(
      'usage',
      'DEMO_FOLDER_TAKEN',
      `${directory} holds something else than a demo; it is left as it is`,
      'Name a new or empty folder with --dir.',
    );
  }
}
