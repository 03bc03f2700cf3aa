/** Reads what earlier runs know of a run's keys, and measures the run beside them. Decides nothing: see core/measure. */
import { join } from 'node:path';
import type { RunMeasures } from '../contract/measures.ts';
import type { InterfaceCounts } from '../core/measure/interface-measures.ts';
import type { Judgement } from '../core/measure/judge-comparison.ts';
import type { HandedOn } from '../core/measure/key-history.ts';
import { measureRun } from '../core/measure/measure-run.ts';
import { runCutOff } from '../core/measure/run-cut-off.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { EngineResult } from '../engine/comparison-input.ts';
import { type ReadHistory, readKeyHistory } from '../store/read-key-history.ts';
import type { RunStore } from '../store/run-store.ts';
import type { BalanceSource } from './balance-sources.ts';
import { minorDecimalsOf } from './minor-decimals.ts';
import type { RunLines } from './run-lines.ts';

export interface PastOptions {
  readonly store: RunStore;
  readonly plan: Plan;
  readonly grain: readonly string[];
  readonly judgement: Judgement;
  readonly sources: readonly BalanceSource[];
  readonly result: EngineResult;
  readonly startedAt: Date;
  readonly temporaryDirectory: string;
}

/** After the comparison: the sites that it covers are part of the question. */
export function readPast(options: PastOptions): Promise<ReadHistory> {
  const { store, plan, judgement, sources, result } = options;
  const balances = sources.map(({ asOf }, index) => ({
    kind: 'balances',
    as_of: asOf?.text ?? result.inputs[index]?.asOf?.lastText ?? '',
  }));
  return readKeyHistory(store, {
    cutOff: runCutOff(balances, options.startedAt.toISOString()),
    scope: {
      sites: new Set(judgement.bySite.keys()),
      categories: new Set(plan.categories),
      items: new Set(plan.input.items),
      isPartial: sources.some(({ input }) => input.completeness === 'partial'),
    },
    grain: options.grain,
    linesOf: async (run) => {
      const { readKeptLines } = await import('../report/parquet.ts');
      const path = join(store.folderOf(run.run_id), 'discrepancies.parquet');
      return readKeptLines(path, minorDecimalsOf(run.currency), options.temporaryDirectory);
    },
  });
}

/** `lines` are as they are written, causes, findings and first_seen filled in. */
export function measuresOf(
  past: ReadHistory,
  handedOn: HandedOn,
  {
    lines,
    judgement,
    interfaces,
    minorDecimals,
  }: {
    lines: RunLines;
    judgement: Judgement;
    interfaces: ReadonlyMap<string, InterfaceCounts>;
    minorDecimals: number;
  },
): RunMeasures {
  return {
    compared_with: past.comparedWith,
    is_latest: past.isLatest,
    ...measureRun({
      history: past.history,
      handedOn,
      lines: lines.discrepancies(),
      total: judgement.total,
      wmsValueMinor: undefined,
      interfaces,
      counts: [],
      minorDecimals,
    }),
  };
}
