/** Puts `run.json` together. Never decides or adds up anything that is not said to be so by the stages of the run. */
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { RunMeasures } from '../contract/measures.ts';
import type { QualityNote, RunDocument, RunInput, UnmappedStatus } from '../contract/run.ts';
import { valueMinor } from '../core/compare/unit-cost.ts';
import type { KeyExplanation } from '../core/explain/explanation.ts';
import { type JudgedVariance, type Judgement, shareText } from '../core/measure/judge-comparison.ts';
import { formatFixed } from '../core/model/decimal.ts';
import type { Diagnosis } from './diagnose-run.ts';
import { grainColumns, type RunFilters } from './make-plan.ts';
import { byGroup, runTotals, type TotalsFormat } from './run-totals.ts';

/** What is known of a run however it ends. */
export interface RunFrame {
  readonly loaded: LoadedConfiguration;
  readonly runId: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly filters: RunFilters;
  readonly forced: RunDocument['forced'];
  readonly timings: RunDocument['timings_ms'];
}

/** A run of which nothing but its inputs is known: refused, until a stage fills in the rest. */
export function refusedDocument(
  frame: RunFrame,
  inputs: readonly RunInput[],
  quality: readonly QualityNote[],
): RunDocument {
  const { configuration, hash } = frame.loaded;
  return {
    schema: 1,
    run_id: frame.runId,
    name: configuration.name ?? '',
    state: 'refused',
    currency: configuration.currency,
    started_at: frame.startedAt.toISOString(),
    finished_at: frame.finishedAt.toISOString(),
    config_hash: hash,
    engine: '',
    grain: grainColumns(configuration),
    filters: frame.filters,
    forced: frame.forced,
    inputs,
    totals: null,
    by_site: [],
    by_category: [],
    by_cause: [],
    findings: [],
    unmapped: [],
    quality,
    timings_ms: frame.timings,
  };
}

export interface CompleteParts {
  readonly engine: string;
  readonly unmapped: readonly UnmappedStatus[];
  readonly judgement: Judgement;
  readonly diagnosis: Diagnosis;
  readonly measures: RunMeasures;
  readonly format: TotalsFormat;
}

/** The document of a run that was compared and explained. Groups come the most expensive first. */
export function completeDocument(
  frame: RunFrame,
  inputs: readonly RunInput[],
  quality: readonly QualityNote[],
  parts: CompleteParts,
): RunDocument {
  const { judgement, diagnosis, format, unmapped } = parts;
  const rows = {
    rejected: inputs.reduce((sum, input) => sum + input.rejected, 0),
    unmapped: unmapped.reduce((sum, status) => sum + status.rows, 0),
    excluded: inputs.reduce((sum, input) => sum + input.excluded, 0),
  };
  const { explanationOf } = diagnosis.facts;
  return {
    ...refusedDocument(frame, inputs, quality),
    state: 'complete',
    engine: parts.engine,
    totals: {
      ...runTotals(judgement, rows, format),
      explained_value_share: explainedShare(judgement, explanationOf, format),
    },
    by_site: byGroup(judgement.bySite, format).map(([site, group]) => ({ site, ...group })),
    by_category: byGroup(judgement.byCategory, format).map(([category, group]) => ({ category, ...group })),
    by_cause: byCause(judgement, explanationOf, format),
    findings: diagnosis.findings,
    ...(diagnosis.ordersAtRisk !== undefined && { orders_at_risk: diagnosis.ordersAtRisk }),
    explanation: diagnosis.frame,
    measures: parts.measures,
    unmapped,
  };
}

type ExplanationOf = (key: JudgedVariance) => KeyExplanation | undefined;

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Discrepancies by their main cause; together they are all of them. */
function byCause(judgement: Judgement, explanationOf: ExplanationOf, format: TotalsFormat): RunDocument['by_cause'] {
  const sums = new Map<string, { discrepancies: number; gross: bigint }>();
  for (const key of judgement.discrepancies) {
    const main = explanationOf(key)?.contributions.find(({ cause }) => cause !== 'in-flight');
    const cause = main?.cause ?? 'unexplained';
    const sum = sums.get(cause) ?? { discrepancies: 0, gross: 0n };
    sum.discrepancies++;
    sum.gross += magnitude(key.valueMinor ?? 0n);
    sums.set(cause, sum);
  }
  return [...sums]
    .sort(([a, left], [b, right]) =>
      left.gross === right.gross
        ? right.discrepancies - left.discrepancies || (a < b ? -1 : 1)
        : left.gross > right.gross
          ? -1
          : 1,
    )
    .map(([cause, { discrepancies, gross }]) => ({
      cause,
      discrepancies,
      gross_variance_value: formatFixed(gross, format.minorDecimals),
    }));
}

/** 1 − Σ|unexplained value| ÷ gross of the valued discrepancies, never below 0; '' where there is no value. */
function explainedShare(judgement: Judgement, explanationOf: ExplanationOf, format: TotalsFormat): string {
  let [gross, unexplained] = [0n, 0n];
  for (const key of judgement.discrepancies) {
    if (key.valueMinor === null || key.unitCost === undefined) continue;
    gross += magnitude(key.valueMinor);
    const explanation = explanationOf(key);
    const units = explanation?.contributions.find(({ cause }) => cause === 'unexplained')?.quantity ?? 0;
    const left =
      explanation === undefined
        ? key.valueMinor
        : valueMinor(units, format.quantityDecimals, key.unitCost, format.minorDecimals);
    unexplained += magnitude(left);
  }
  return shareText(unexplained >= gross ? 0n : gross - unexplained, gross);
}
