/** Opens the earlier snapshots from which the ledgers lead to the balances. Never reads their rows but for a cut-off. */
import type { Configuration } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { type SideTimes, sideTimes } from '../engine/evidence/cut-off-times.ts';
import type { EvidenceInput } from '../engine/evidence/evidence-input.ts';
import { type BalanceSource, openBalanceSource, sourceName } from './balance-sources.ts';
import { findCutOffs } from './find-cut-offs.ts';
import type { OnSourceFailure } from './read-master-data.ts';

export interface Opening {
  readonly inputs: readonly EvidenceInput[];
  /** undefined where there are no openings, or a side's moment is not known: then they prove nothing. */
  readonly times: SideTimes | undefined;
}

/** Without `onFailure` the first file that cannot be opened throws its Failure. */
export async function openOpening(
  configuration: Configuration,
  directory: string,
  temporaryDirectory: string,
  onFailure?: OnSourceFailure,
): Promise<Opening> {
  const { opening = [] } = configuration;
  const sources: BalanceSource[] = [];
  for (const config of opening) {
    try {
      sources.push(await openBalanceSource(configuration, config, directory, temporaryDirectory));
    } catch (error) {
      if (onFailure === undefined || !(error instanceof Failure)) throw error;
      onFailure('balances', config, error);
    }
  }
  const inputs = sources.map(({ config, file, input }): EvidenceInput => {
    const twins = opening.filter((other) => other.system === config.system);
    return {
      kind: 'balances',
      name: sourceName('opening', config, twins.indexOf(config), twins.length),
      rules: input.rules,
      times: input.timeFormat,
      config,
      file,
      header: input.header,
      columns: input.columns,
      delimited: input.content.kind === 'delimited' ? input.content.delimited : undefined,
    };
  });
  return { inputs, times: sideTimes(await findCutOffs(sources, temporaryDirectory)) };
}
