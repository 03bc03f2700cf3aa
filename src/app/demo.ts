/** Makes the demonstration: a simulated company in a folder of its own. Never writes into a folder that holds anything else. */
import { type DemoWorld, writeDemoWorld } from '../../simulator/demo-world.ts';
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
  out/                                  the report: open out/report.html
  faults.csv, in_flight.csv             what really happened, in words
  truth/                                the same to the unit: which fault made what of each variance
`,
};

/** Writes the company into `directory`, the same bytes every time. Throws a Failure of kind `usage` where something else stands there. */
export async function prepareDemo(directory: string): Promise<DemoWorld> {
  await prepareMarkedFolder(directory, FOLDER);
  return writeDemoWorld(directory);
}
