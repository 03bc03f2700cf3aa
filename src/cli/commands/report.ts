/** `evenstock report`. */
import { createReadStream } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ListedRun, listRuns, reportRun, withReportFile, writeReport } from '../../app/report-run.ts';
import type { OutFormat, Outputs } from '../../app/write-outputs.ts';
import { Failure } from '../../core/model/failure.ts';
import { EXIT_DONE } from '../exit-code.ts';
import { wholeNumber } from '../limits.ts';
import { hasColor, type TerminalIo, widthOf } from '../terminal-io.ts';
import { type CommonOptions, parseFormats } from './run-context.ts';

interface ReportFlags extends CommonOptions {
  readonly out?: string;
  readonly format?: readonly string[];
  readonly site?: readonly string[];
  readonly category?: readonly string[];
  readonly cause?: readonly string[];
  readonly minValue?: string;
  readonly top?: string;
  readonly list?: boolean;
}

const TOP_SHOWN = 15;
/** Forms that can be printed where no folder is given. */
const PRINTABLE: readonly OutFormat[] = ['csv', 'json', 'html'];

export async function runReport(io: TerminalIo, runId: string | undefined, flags: ReportFlags): Promise<number> {
  // The data directory follows from the configuration's place alone: old runs can be read whatever became of the file.
  const dataDirectory =
    flags.data === undefined ? join(dirname(resolve(flags.config)), '.evenstock') : resolve(flags.data);
  const top = flags.top === undefined ? undefined : wholeNumber('--top', flags.top, 0, 1_000_000);
  const printed = printedFormat(flags);
  if (flags.list) return printList(io, await listRuns(dataDirectory), flags);
  const filters = {
    site: flags.site ?? [],
    category: flags.category ?? [],
    cause: flags.cause ?? [],
    minValue: flags.minValue,
  };
  const outputs = await reportRun({ dataDirectory, runId, filters });
  if (flags.out !== undefined) {
    const { formats } = parseFormats(flags.format);
    await writeReport(outputs, flags.out, formats, process.pid);
    if (!flags.quiet)
      io.err.write(
        `The report is in ${flags.out}${formats.includes('html') ? `: open ${flags.out}/report.html` : ''}\n`,
      );
  }
  if (flags.json) printJson(io, outputs, top);
  else if (printed === 'table') await printTable(io, outputs, top ?? TOP_SHOWN);
  else if (printed !== undefined)
    await withReportFile(outputs, printed, (path) =>
      pipeline(createReadStream(path), io.out, { end: false }).catch(forgiveClosedPipe),
    );
  return EXIT_DONE;
}

/** What goes to stdout beside the files of --out. */
function printedFormat(flags: ReportFlags): 'table' | OutFormat | undefined {
  if (flags.format === undefined) return 'table';
  const { isTable, formats } = parseFormats(flags.format);
  if (flags.out !== undefined) return isTable ? 'table' : undefined;
  const [only, ...others] = isTable ? ['table' as const, ...formats] : formats;
  if (others.length > 0)
    throw new Failure(
      'usage',
      'OUT_MISSING',
      `--format ${flags.format.join(',')}: several forms need a folder`,
      'Add --out DIR, or ask for one form.',
    );
  if (only !== undefined && only !== 'table' && !PRINTABLE.includes(only))
    throw new Failure('usage', 'OUT_MISSING', `--format ${only} cannot be printed`, 'Add --out DIR.');
  return only;
}

/** A reader that goes away (`| head`) has all it wants. */
function forgiveClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

function printJson(io: TerminalIo, { report, lines }: Outputs, top: number | undefined): void {
  const discrepancies = [...lines()].slice(0, top);
  io.out.write(`${JSON.stringify({ run: report.run, discrepancies }, null, 2)}\n`);
}

async function printTable(io: TerminalIo, outputs: Outputs, top: number): Promise<void> {
  const { renderTerminal } = await import('../../report/terminal.ts');
  io.out.write(renderTerminal(outputs.report, { color: hasColor(io.out, io.env), width: widthOf(io.out), top }));
}

async function printList(io: TerminalIo, runs: readonly ListedRun[], flags: ReportFlags): Promise<number> {
  if (flags.json) {
    io.out.write(`${JSON.stringify(runs, null, 2)}\n`);
    return EXIT_DONE;
  }
  if (runs.length === 0) {
    io.out.write('There are no runs yet: `evenstock reconcile` makes one.\n');
    return EXIT_DONE;
  }
  const { renderColumns } = await import('../../report/terminal-table.ts');
  const { formatCount, formatMoney } = await import('../../report/figures.ts');
  const { formatTime } = await import('../../report/wording.ts');
  const { safeText } = await import('../../report/plain-text.ts');
  const rows = runs.map((run) => [
    safeText(run.run_id),
    formatTime(run.finished_at),
    run.state,
    run.discrepancies === null ? '' : formatCount(run.discrepancies),
    formatMoney(run.gross_variance_value, run.currency),
  ]);
  const columns = [
    { header: 'Run', align: 'left' },
    { header: 'When', align: 'left', optional: 1 },
    { header: 'State', align: 'left' },
    { header: 'Off', align: 'right' },
    { header: 'Gross', align: 'right' },
  ] as const;
  io.out.write(`${renderColumns(columns, rows, widthOf(io.out)).join('\n')}\n`);
  return EXIT_DONE;
}
