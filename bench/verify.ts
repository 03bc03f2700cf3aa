/**
 * Decides in what an answer differs from the truth: keys, units, cents, order.
 * Never rounds: 12.5 and 12.500 are the same number, 12.5000001 is another.
 */
import { readFileSync } from 'node:fs';
import { parseCsv } from 'hucre/csv';

export interface Verdict {
  readonly keys: number;
  readonly missing: number;
  readonly extra: number;
  /** Keys whose ERP, WMS or variance quantity is wrong. */
  readonly unitsWrong: number;
  readonly centsWrong: number;
  /** Whether each |value| is at most the one before it. */
  readonly sorted: boolean;
}

const KEY = ['site', 'item', 'lot', 'category'] as const;
const QUANTITIES = ['erp_quantity', 'wms_quantity', 'variance_quantity'] as const;

interface Answer {
  /** Key: quantities (one text) and value. A key that comes again counts as one extra. */
  readonly lines: ReadonlyMap<string, { readonly quantities: string; readonly value: string }>;
  readonly repeated: number;
  readonly sorted: boolean;
}

/** Holds one answer against the truth; both are CSV files with (at least) the truth's columns. */
export function verifyAnswer(truthPath: string, answerPath: string): Verdict {
  const truth = readAnswer(truthPath);
  const answer = readAnswer(answerPath);
  let missing = 0;
  let unitsWrong = 0;
  let centsWrong = 0;
  for (const [key, expected] of truth.lines) {
    const found = answer.lines.get(key);
    if (found === undefined) missing++;
    else {
      if (found.quantities !== expected.quantities) unitsWrong++;
      if (found.value !== expected.value) centsWrong++;
    }
  }
  const extra = answer.lines.size - (truth.lines.size - missing) + answer.repeated;
  return { keys: truth.lines.size, missing, extra, unitsWrong, centsWrong, sorted: answer.sorted };
}

export function isFaultless(verdict: Verdict): boolean {
  return verdict.missing + verdict.extra + verdict.unitsWrong + verdict.centsWrong === 0 && verdict.sorted;
}

function readAnswer(path: string): Answer {
  const [header, ...rows] = parseCsv(readFileSync(path, 'utf8')) as string[][];
  const place = (column: string): number => {
    const index = header?.indexOf(column) ?? -1;
    if (index < 0) throw new Error(`${path} has no column ${column}`);
    return index;
  };
  const key = KEY.map(place);
  const quantities = QUANTITIES.map(place);
  const value = place('variance_value');
  const lines = new Map<string, { quantities: string; value: string }>();
  let repeated = 0;
  let sorted = true;
  let before = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const text = key.map((index) => row[index]).join('\u0000');
    if (lines.has(text)) repeated++;
    lines.set(text, {
      quantities: quantities.map((index) => plainNumber(row[index] ?? '')).join(' '),
      value: plainNumber(row[value] ?? ''),
    });
    const magnitude = Math.abs(Number(row[value]));
    if (!(magnitude <= before)) sorted = false;
    before = magnitude;
  }
  return { lines, repeated, sorted };
}

/** The same text for the same number: without trailing zeros, zero without a sign. */
function plainNumber(text: string): string {
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return plain === '-0' || plain === '' ? (text === '' ? '' : '0') : plain;
}
