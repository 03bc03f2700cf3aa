/** `evenstock init`. */
import type { TerminalIo } from '../terminal-io.ts';

export async function runInit(
  io: TerminalIo,
  directory: string,
  options: { readonly json?: boolean },
): Promise<number> {
  const { initialise } = await import('../../app/init.ts');
  const { written, kept } = await initialise(directory);
  if (options.json) {
    io.out.write(`${JSON.stringify({ written, kept }, null, 2)}\n`);
    return 0;
  }
  for (const name of written) io.out.write(`wrote ${name}\n`);
  for (const name of kept) io.out.write(`kept  ${name} (it was there already)\n`);
  io.out.write(`\nNext: ${directory === '.' ? '' : `cd ${directory} && `}evenstock reconcile --out out\n`);
  return 0;
}
