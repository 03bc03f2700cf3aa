/**
 * Proposes the confidences of src/core/explain/priors.ts: how often calls of each cause were right on simulated worlds, by the
 * grade of their evidence, and what that does to the calibration on other worlds. Never changes the table itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWarehouseWorld } from '../../simulator/warehouse/write-warehouse-world.ts';
import { CAUSE_CODES, type CauseCode } from '../../src/core/explain/cause-code.ts';
import type { Contribution } from '../../src/core/explain/explanation.ts';
import { confidenceOf, EVIDENCE_GRADES, type EvidenceGrade } from '../../src/core/explain/priors.ts';
import { explainInCore } from './explain-in-core.ts';
import { readWorldEvidence } from './world-evidence.ts';
import { readTruth } from './world-truth.ts';
import { GRADES, variantOf } from './worlds.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '4' },
    'first-seed': { type: 'string', default: '50001' },
    items: { type: 'string', default: '2000' },
  },
});

/** Starting value weighs as much as so many calls. */
const STARTING_WEIGHT = 10;
/** Nothing is certain that one simulator has shown. */
const CONFIDENCE_MAX = 0.995;
const BINS = 10;

interface Call {
  readonly cause: CauseCode;
  readonly grade: EvidenceGrade;
  readonly confidence: number;
  readonly isRight: boolean;
}

/** By what the proofs show: a message, a reference on the ERP's side where it has a posting, or movements that only time ties. */
function gradeOf({ proofs, document }: Contribution): EvidenceGrade {
  if (proofs.some(({ kind }) => kind === 'message')) return 'message';
  const posted = proofs.filter(({ kind }) => kind === 'erp-movement');
  const isLinked = (posted.length > 0 ? posted : proofs).some(({ reference }) => reference !== '');
  return document === '' || isLinked ? 'reference' : 'time';
}

async function callsOf(firstSeed: number): Promise<Call[]> {
  const calls: Call[] = [];
  for (const { options } of GRADES)
    for (let index = 0; index < Number(values.seeds); index++) {
      const directory = mkdtempSync(join(tmpdir(), 'calibrate-'));
      try {
        const seed = firstSeed + index;
        const world = { ...variantOf(seed), ...options, seed, items: Number(values.items), faults: 'heavy' };
        writeWarehouseWorld(directory, world);
        const { explanations } = explainInCore(await readWorldEvidence(directory));
        const truth = readTruth(directory);
        for (const [name, { contributions }] of explanations) {
          const expected = new Set(
            truth.keys.get(name)?.contributions.map(({ cause, quantity }) => `${cause} ${Math.sign(quantity)}`),
          );
          for (const contribution of contributions) {
            const { cause, quantity, confidence } = contribution;
            if (cause === 'unexplained' || cause === 'in-flight') continue;
            const isRight = expected.has(`${cause} ${Math.sign(quantity)}`);
            calls.push({ cause, grade: gradeOf(contribution), confidence, isRight });
          }
        }
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }
  return calls;
}

type Table = ReadonlyMap<string, { readonly confidence: number; readonly calls: number; readonly right: number }>;

/**
 * What the table would have to say. A call's confidence is its cell times the weight against other causes that fit; the mean of
 * the products becomes the share that was right.
 */
function fitTable(calls: readonly Call[]): Table {
  const table = new Map<string, { confidence: number; calls: number; right: number }>();
  for (const cause of CAUSE_CODES)
    for (const grade of EVIDENCE_GRADES) {
      const own = calls.filter((call) => call.cause === cause && call.grade === grade);
      const start = confidenceOf(cause, grade, []);
      const right = own.filter(({ isRight }) => isRight).length;
      const share = (right + start * STARTING_WEIGHT) / (own.length + STARTING_WEIGHT);
      const weight =
        (own.reduce((sum, { confidence }) => sum + confidence / start, 0) + STARTING_WEIGHT) /
        (own.length + STARTING_WEIGHT);
      table.set(`${cause} ${grade}`, {
        confidence: Math.min(CONFIDENCE_MAX, share / weight),
        calls: own.length,
        right,
      });
    }
  return table;
}

function applied({ cause, grade, confidence }: Call, table: Table): number {
  const cell = table.get(`${cause} ${grade}`)?.confidence ?? 0;
  return Math.min(CONFIDENCE_MAX, (confidence / confidenceOf(cause, grade, [])) * cell);
}

/** Expected calibration error over tenths of confidence. */
function calibrationError(calls: readonly Call[], confidence: (call: Call) => number): number {
  const bins = Array.from({ length: BINS }, () => 0);
  for (const call of calls) {
    const bin = Math.min(BINS - 1, Math.floor(confidence(call) * BINS));
    bins[bin] = bins[bin]! + Number(call.isRight) - confidence(call);
  }
  return bins.reduce((sum, gap) => sum + Math.abs(gap), 0) / calls.length;
}

const firstSeed = Number(values['first-seed']);
const table = fitTable(await callsOf(firstSeed));
const others = await callsOf(firstSeed + 1000);
const lines = CAUSE_CODES.map((cause) => {
  const cells = EVIDENCE_GRADES.map((grade) => table.get(`${cause} ${grade}`)!);
  const numbers = cells.map(({ confidence }) => Number(confidence.toFixed(3)));
  return `  '${cause}': [${numbers.join(', ')}], // right of calls: ${cells.map(({ right, calls }) => `${right}/${calls}`).join(', ')}`;
});
process.stdout.write(`${EVIDENCE_GRADES.join(', ')}\n${lines.join('\n')}\n\n`);
const [before, after] = [
  calibrationError(others, ({ confidence }) => confidence),
  calibrationError(others, (call) => applied(call, table)),
];
process.stdout.write(
  `calibration error on ${others.length} calls of other worlds: ${before.toFixed(4)} before, ${after.toFixed(4)} after\n`,
);
const gaps = [...table.keys()].map((name) => {
  const own = others.filter(({ cause, grade }) => `${cause} ${grade}` === name);
  const right = own.filter(({ isRight }) => isRight).length;
  return { name, calls: own.length, right, gap: right - own.reduce((sum, call) => sum + applied(call, table), 0) };
});
for (const { name, calls, right, gap } of gaps.sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap)).slice(0, 10))
  process.stdout.write(`  ${name}: ${right} of ${calls} right, ${gap.toFixed(1)} more than the proposal says\n`);
