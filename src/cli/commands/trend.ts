/** `evenstock trend`. */
import { dirname, join, resolve } from 'node:path';
import { trend } from '../../app/trend.ts';
import { EXIT_DONE } from '../exit-code.ts';
import { wholeNumber } from '../limits.ts';
import { hasColor, type TerminalIo, widthOf } from '../terminal-io.ts';
import type { CommonOptions } from './run-context.ts';

interface TrendFlags extends CommonOptions {
  readonly days: string;
  readonly site?: string;
  readonly byRun?: boolean;
}

const DAYS_MAX = 3660;

export async function runTrend(io: TerminalIo, flags: TrendFlags): Promise<number> {
  const document = await trend({
    // The data directory follows from the configuration's place alone, as for `report`.
    dataDirectory: flags.data === undefined ? join(dirname(resolve(flags.config)), '.evenstock') : resolve(flags.data),
    by: flags.byRun ? 'run' : 'day',
    days: wholeNumber('--days', flags.days, 1, DAYS_MAX),
    site: flags.site,
  });
  if (flags.json) io.out.write(`${JSON.stringify(document, null, 2)}\n`);
  else {
    const { renderTrend } = await import('../../report/trend-terminal.ts');
    io.out.write(renderTrend(document, { color: hasColor(io.out, io.env), width: widthOf(io.out) }));
  }
  return EXIT_DONE;
}
