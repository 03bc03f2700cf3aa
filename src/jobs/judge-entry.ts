/** The process that judges one file (judge-process.ts). Never touches the work state or the lake. */
import { type ImportVerdict, judgeImport } from '../app/judge-import.ts';
import { listNamedSources } from '../app/named-sources.ts';
import type { JudgeOrder } from './judge-process.ts';
import { type Orders, obeyOrder } from './obey-order.ts';

obeyOrder(judge);

async function judge({ loaded, part, name, file }: JudgeOrder, { signal }: Orders): Promise<ImportVerdict> {
  const source = listNamedSources(loaded.configuration).find((each) => each.part === part && each.name === name);
  if (source === undefined)
    throw new Error(`Invariant broken: ${name} is no source of the configuration that it is of`);
  return judgeImport(loaded, source, file, signal);
}
