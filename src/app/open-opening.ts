/** Opens the earlier snapshots from which the ledgers lead to the balances. Never reads their rows but for a cut-off. */
import type { Configuration } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { type SideTimes, sideTimes } from '../engine/evidence/cut-off-times.ts';
import type { EvidenceInput } from '../engine/evidence/evidence-input.ts';
import { type BalanceSource, openBalanceSource } from './balance-sources.ts';
import { findCutOffs } from './find-cut-offs.ts';
import { sourceName } from './named-sources.ts';
import type { OnSourceFailure } from './read-master-data.ts';
import type { SourceFiles } from './source-files.ts';

export interface Opening {
  readonly inputs: readonly EvidenceInput[];
  /** undefined where there are no openings, or a side's moment is not known: then they prove nothing. */
  readonly times: SideTimes | undefined;
}

/** Without `onFailure` the first file that cannot be opened throws its Failure. */
export async function openOpening(
  configuration: Configuration,
  files: SourceFiles,
  temporaryDirectory: string,
  onFailure?: OnSourceFailure,
): Promise<Opening> {
  const { opening = [] } = configuration;
  const sources: (BalanceSource & { readonly name: string })[] = [];
  for (const config of opening) {
    try {
      const twins = opening.filter((other) => other.system === config.system);
      const name = sourceName('opening', config, twins.indexOf(config), twins.length);
      sources.push({ name, ...(await openBalanceSource(configuration, config, files, temporaryDirectory)) });
    } catch (error) {
      if (onFailure === undefined || !(error instanceof Failure)) throw error;
      onFailure('balances', config, error);
    }
  }
  const inputs = sources.map(
    ({ name, config, file, input }): EvidenceInput => ({
      kind: 'balances',
      name,
      rules: input.rules,
      times: input.timeFormat,
      config,
      file,
      header: input.header,
      columns: input.columns,
      delimited: input.content.kind === 'delimited' ? input.content.delimited : undefined,
    }),
  );
  return { inputs, times: sideTimes(await findCutOffs(sources, temporaryDirectory)) };
}
