/**
 * Decides how the measures are printed, each with its goal and its definition.
 * Never rounds a figure up to its goal: shares are cut, not rounded.
 */
import { type Mistake, SAFE_CONFIDENCE, type Score } from './score.ts';

interface Measure {
  readonly name: string;
  readonly definition: string;
  readonly of: (score: Score) => number;
  /** By grade of evidence, or for all grades. */
  readonly goal: number | Readonly<Record<string, number>>;
  readonly isUpperLimit?: boolean;
}

const share = ({ right, all }: { readonly right: number; readonly all: number }): number => right / all;

const MEASURES: readonly Measure[] = [
  {
    name: 'top-1 cause',
    definition:
      'share of keys out of sync beyond what is in flight whose main cause (most units, in flight aside) is the true one; a fault outside the catalogue counts as `unexplained`; of equal true causes either',
    of: (score) => share(score.topCause),
    goal: { full: 0.97, 'no-messages': 0.93, ledgers: 0.88 },
  },
  {
    name: 'macro-F1',
    definition: 'mean over the main causes that occur of 2·precision·recall / (precision + recall)',
    of: (score) => score.macroF1,
    goal: { full: 0.95, 'no-messages': 0.9, ledgers: 0.85 },
  },
  {
    name: 'units explained',
    definition:
      'Σ over keys and causes of the units that truth and report share, same sign, / Σ true units; in flight and faults outside the catalogue aside',
    of: (score) => share(score.units),
    goal: { full: 0.99, 'no-messages': 0.97, ledgers: 0.94 },
  },
  {
    name: 'exact decomposition',
    definition:
      'share of these keys whose units by cause, in flight and unexplained included, are exactly the true ones',
    of: (score) => share(score.exact),
    goal: { full: 0.96, 'no-messages': 0.9, ledgers: 0.85 },
  },
  {
    name: 'detection recall',
    definition: 'share of keys truly out of sync beyond what is in flight that the run lists',
    of: (score) => share(score.detected),
    goal: 1,
  },
  {
    name: 'detection precision',
    definition: 'share of listed keys that are truly out of sync',
    of: (score) => share(score.listed),
    goal: 1,
  },
  {
    name: 'correct side',
    definition: 'share of keys with a named main cause whose side to correct is the one at fault',
    of: (score) => share(score.side),
    goal: 0.99,
  },
  {
    name: 'unseen unexplained',
    definition: 'share of keys hit by a fault outside the catalogue where all its units are left unexplained',
    of: (score) => share(score.unseen),
    goal: 0.9,
  },
  {
    name: 'safe but wrong',
    definition: `share of contributions with a confidence of ${SAFE_CONFIDENCE} or more whose cause, with its sign, is not true of the key`,
    of: (score) => 1 - share(score.safe),
    goal: 0.001,
    isUpperLimit: true,
  },
  {
    name: 'onset day',
    definition: 'share of listed keys with a first day out of sync where it is the true one',
    of: (score) => share(score.onset),
    goal: 0.98,
  },
  {
    name: 'onset named',
    definition:
      'share of listed keys with a first day out of sync at all; between two snapshots nothing tells the day of a change that no ledger holds',
    of: (score) => share(score.dated),
    goal: 0.9,
  },
  {
    name: 'calibration error',
    definition:
      'mean over contributions of |share right − mean confidence| within each tenth of confidence; right: the cause, with its sign, is true of the key',
    of: (score) => score.calibrationError,
    goal: 0.03,
    isUpperLimit: true,
  },
];

export function formatMeasures(scores: readonly { readonly name: string; readonly score: Score }[]): string {
  const lines = [
    `| measure | ${scores.map(({ name }) => `${name} | goal`).join(' | ')} |`,
    `|---|${'---:|---:|'.repeat(scores.length)}`,
  ];
  for (const { name, of, goal: goals, isUpperLimit } of MEASURES) {
    const cells = scores.map(({ name: grade, score }) => {
      const goal = typeof goals === 'number' ? goals : (goals[grade] ?? goals['full']!);
      const value = of(score);
      const isMissed = isUpperLimit ? value > goal : value < goal;
      return `${isMissed ? '**' : ''}${cut(value)}${isMissed ? '**' : ''} | ${isUpperLimit ? '≤' : '≥'} ${goal}`;
    });
    lines.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

export function formatDefinitions(): string {
  return MEASURES.map(({ name, definition }) => `- ${name}: ${definition}.`).join('\n');
}

/** Pairs of key and cause: how many are true, how many reported, and how often both; the worst first. */
export function formatCauses(score: Score): string {
  const rows = [...score.causes]
    .map(([cause, { expected, reported, both }]) => ({
      cause,
      expected,
      reported,
      both,
      wrong: expected + reported - 2 * both,
    }))
    .sort((a, b) => b.wrong - a.wrong || (a.cause < b.cause ? -1 : 1));
  return [
    '| cause | true | reported | both | precision | recall |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ cause, expected, reported, both }) =>
        `| ${cause} | ${expected} | ${reported} | ${both} | ${cut(both / reported)} | ${cut(both / expected)} |`,
    ),
  ].join('\n');
}

/** The most frequent wrong main causes. */
export function formatConfusion(score: Score, rowsMax: number): string {
  const rows = [...score.confusion].flatMap(([expected, row]) =>
    [...row].filter(([reported]) => reported !== expected).map(([reported, keys]) => ({ expected, reported, keys })),
  );
  return [
    '| true main cause | reported as | keys |',
    '|---|---|---:|',
    ...rows
      .sort((a, b) => b.keys - a.keys)
      .slice(0, rowsMax)
      .map(({ expected, reported, keys }) => `| ${expected} | ${reported} | ${keys} |`),
  ].join('\n');
}

export function formatBins(score: Score): string {
  return [
    '| confidence | contributions | mean confidence | share right |',
    '|---|---:|---:|---:|',
    ...score.bins.flatMap(({ confidence, right, all }, at) =>
      all === 0 ? [] : [`| ${at / 10} to ${(at + 1) / 10} | ${all} | ${cut(confidence / all)} | ${cut(right / all)} |`],
    ),
  ].join('\n');
}

export function formatMistake({ key, expected, reported, story }: Mistake): string {
  return `${key}\n    true:     ${formatUnits(expected)}\n    reported: ${formatUnits(reported)}\n    story:    ${story}`;
}

function formatUnits(units: ReadonlyMap<string, number>): string {
  return [...units].map(([cause, quantity]) => `${cause} ${quantity / 1e6}`).join(', ') || 'nothing';
}

/** Four decimals, cut. */
function cut(value: number): string {
  return Number.isFinite(value) ? (Math.floor(value * 10_000 + 1e-9) / 10_000).toFixed(4) : '–';
}

export function formatSystemic(scores: readonly { readonly name: string; readonly score: Score }[]): string {
  return [
    '| worlds | systemic faults found | false findings | most in one run |',
    '|---|---:|---:|---:|',
    ...scores.map(
      ({ name, score: { systemic } }) =>
        `| ${name} (${systemic.runs}) | ${systemic.found} of ${systemic.all} | ${systemic.falseFindings} | ${systemic.falseMost} |`,
    ),
    '',
    ...scores.flatMap(({ name, score }) => score.systemic.notes.map((note) => `- ${name}: ${note}`)),
  ].join('\n');
}

export function toJson(score: Score): Readonly<Record<string, unknown>> {
  const { found, all, falseFindings, falseMost } = score.systemic;
  return {
    ...Object.fromEntries(MEASURES.map(({ name, of }) => [name.replaceAll(/[ -]/g, '_'), of(score)])),
    keys: score.topCause.all,
    systemic: { found, all, false_findings: falseFindings, false_most: falseMost },
    causes: Object.fromEntries(score.causes),
  };
}
