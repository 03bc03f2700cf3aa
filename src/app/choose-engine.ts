/** Decides which engine compares a run's sources, and when it gets threads. Never compares. */
import { type Engine, INLINE_BYTES_MAX } from '../engine/comparison-input.ts';
import type { ThreadSupply } from '../engine/pass/pass-thread.ts';
import type { BalanceSource } from './balance-sources.ts';

/** Starts threads for large text files while the master data is still being read. */
export async function startThreads(
  sources: readonly BalanceSource[],
  threads: number,
): Promise<ThreadSupply | undefined> {
  const bytes = sources.reduce((sum, source) => sum + source.input.bytes, 0);
  if (threads < 2 || bytes <= INLINE_BYTES_MAX || sources.some(({ input }) => needsSql(input))) return undefined;
  const { ThreadSupply } = await import('../engine/pass/pass-thread.ts');
  return new ThreadSupply(threads);
}

export async function chooseEngine(sources: readonly BalanceSource[]): Promise<Engine> {
  if (sources.some(({ input }) => needsSql(input)))
    return (await import('../engine/sql/compare-with-sql.ts')).compareWithSql;
  return (await import('../engine/pass/compare-with-passes.ts')).compareWithPasses;
}

/** The passes read no Parquet, and take control totals of delimited text only. */
function needsSql({ content, totalRow }: BalanceSource['input']): boolean {
  return content.kind === 'parquet' || (totalRow !== undefined && content.kind !== 'delimited');
}
