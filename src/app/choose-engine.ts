/** Decides which engine compares a run's sources, and when it gets threads. Never compares. */
import { type Engine, INLINE_BYTES_MAX } from '../engine/comparison-input.ts';
import type { ThreadSupply } from '../engine/pass/pass-thread.ts';
import type { BalanceSource } from './balance-sources.ts';

/**
 * Starts threads for large files while the master data is still being read: for the passes as many as they will use, for
 * the database, which has threads of its own, one that reads the packs.
 */
export async function startThreads(
  sources: readonly BalanceSource[],
  threads: number,
): Promise<ThreadSupply | undefined> {
  const bytes = sources.reduce((sum, source) => sum + source.input.bytes, 0);
  if (threads < 2 || bytes <= INLINE_BYTES_MAX) return undefined;
  const { ThreadSupply } = await import('../engine/pass/pass-thread.ts');
  return new ThreadSupply(usesSql(sources) ? 1 : threads);
}

/** The engine for these sources. It takes its threads from `supply`, where there is one. */
export async function chooseEngine(sources: readonly BalanceSource[], supply?: ThreadSupply): Promise<Engine> {
  if (usesSql(sources)) return (await import('../engine/sql/compare-with-sql.ts')).compareWithSql;
  const { compareWithPasses } = await import('../engine/pass/compare-with-passes.ts');
  return (plan, inputs, inFlight, options) =>
    compareWithPasses(plan, inputs, inFlight, { ...options, threadSupply: supply });
}

/** Whether the database compares these sources. */
export function usesSql(sources: readonly BalanceSource[]): boolean {
  return sources.some(({ input }) => needsSql(input));
}

/** The passes read no Parquet, and take control totals of delimited text only. */
function needsSql({ content, totalRow }: BalanceSource['input']): boolean {
  return content.kind === 'parquet' || (totalRow !== undefined && content.kind !== 'delimited');
}
