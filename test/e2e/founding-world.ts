/** Makes small folders with the founding example in them, ready to be changed by a test. Never shares them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, readText, runCli } from './run-cli.ts';

export async function makeFounding(name: string): Promise<string> {
  const folder = makeFolder(name);
  const { code } = await runCli(folder, 'init');
  if (code !== 0) throw new Error('init failed');
  return folder;
}

/** Changes a file of a folder; a change that changes nothing is a fault of the test. */
export function change(folder: string, file: string, from: string | RegExp, to: string): void {
  const before = readText(folder, file);
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(join(folder, file), after);
}
