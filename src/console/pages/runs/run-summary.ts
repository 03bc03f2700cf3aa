/** The part of a run's summary that lists show. Never computes a figure. */
import type { Answer } from '../../api/ask.ts';

interface RunSummary {
  readonly currency: string;
  readonly totals: {
    readonly discrepancies: number;
    readonly keys: number;
    readonly gross_variance_value: string;
    readonly sync_accuracy_keys: string;
  } | null;
  readonly quality: readonly {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
    readonly action?: string;
  }[];
}

/** null: the run is not over, or the person does not see all of its sites. */
export function summaryOf({ summary }: Pick<Answer<'GET /runs/{id}'>, 'summary'>): RunSummary | null {
  return summary as RunSummary | null;
}
