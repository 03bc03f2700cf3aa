/**
 * Decides how the results are summed up and printed.
 * Never drops a run: every one counts in the medians, and one wrong answer shows.
 */
import type { Measurement } from './measure.ts';
import { isFaultless, type Verdict } from './verify.ts';

/** One peer's measurements, one per round. */
export interface PeerResult {
  readonly name: string;
  readonly version: string;
  readonly rounds: readonly { readonly measured: Measurement; readonly verdict: Verdict | null }[];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const HEADER = [
  'peer',
  'version',
  'report s',
  'wall s',
  'CPU s',
  'peak GB',
  '× wall',
  '× CPU',
  '× memory',
  'keys missing/extra',
  'units wrong',
  'cents wrong',
  'sorted',
];

/**
 * Markdown table of medians. Ratios are medians of each round's own ratio to the yardstick (a noisy minute touches
 * both); "report" is the moment the report's directory appeared, "wall" the whole process.
 */
export function formatTable(results: readonly PeerResult[], yardstick: string): string {
  const base = results.find((result) => result.name === yardstick);
  const rows = results.map((result) => formatRow(result, base));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(HEADER), line(HEADER.map((_, index) => (index < 2 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function formatRow(result: PeerResult, base: PeerResult | undefined): string[] {
  const failed = result.rounds.find((round) => round.measured.exitCode !== 0 || round.verdict === null);
  if (failed)
    return [
      result.name,
      result.version,
      `failed (exit ${failed.measured.exitCode})`,
      ...Array<string>(HEADER.length - 3).fill(''),
    ];
  const of = (pick: (measured: Measurement) => number): number =>
    median(result.rounds.map((round) => pick(round.measured)));
  const ratio = (pick: (measured: Measurement) => number): string => {
    if (!base || base.rounds.length !== result.rounds.length) return '';
    return median(
      result.rounds.map((round, index) => pick(round.measured) / pick(base.rounds[index]!.measured)),
    ).toFixed(2);
  };
  const wall = (measured: Measurement): number => measured.wallSeconds;
  const cpu = (measured: Measurement): number => measured.cpuSeconds;
  const peak = (measured: Measurement): number => measured.peakBytes / 1e9;
  const report = (measured: Measurement): number => measured.milestoneSeconds ?? measured.wallSeconds;
  const worst = result.rounds.map((round) => round.verdict!).reduce((a, b) => (isFaultless(b) ? a : b));
  return [
    result.name,
    result.version,
    of(report).toFixed(2),
    of(wall).toFixed(2),
    of(cpu).toFixed(2),
    of(peak).toFixed(2),
    ratio(wall),
    ratio(cpu),
    ratio(peak),
    `${worst.missing}/${worst.extra}`,
    String(worst.unitsWrong),
    String(worst.centsWrong),
    worst.sorted ? 'yes' : 'no',
  ];
}
