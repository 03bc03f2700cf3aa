/**
 * Has the built product reconcile a simulated world, as a user would, and reads what it wrote.
 * Never imports the product: what its files do not say, it did not find.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { millionths, readCsv } from './csv-rows.ts';
import type { ReportedContribution, ReportedRun } from './reported-run.ts';
import { keyOf } from './world-truth.ts';

const EXECUTABLE = join(import.meta.dirname, '..', '..', 'bin', 'evenstock.js');
const REFUSED = 3;
const CODES: Readonly<Record<string, string>> = {
  SNAPSHOT_STALE: 'snapshot-stale',
  CUT_OFF_TIME_ZONE: 'cutoff-time-zone',
};

export function explainWithProduct(worldDirectory: string): ReportedRun {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-explain-out-'));
  try {
    const out = join(scratch, 'out');
    const words = [
      'reconcile',
      '--config',
      join(worldDirectory, 'evenstock.yaml'),
      '--out',
      out,
      '--format',
      'csv,json',
    ];
    const { status, stderr } = spawnSync(
      process.execPath,
      [EXECUTABLE, ...words, '--data', join(scratch, 'data'), '--quiet'],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0 && status !== REFUSED) throw new Error(`evenstock reconcile ended with ${status}: ${stderr}`);
    return readRun(out);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface RunDocument {
  readonly state: string;
  readonly inputs: readonly { readonly as_of: string }[];
  readonly findings: readonly { readonly id: string; readonly title: string; readonly cause: string }[];
  readonly quality: readonly { readonly severity: string; readonly code: string }[];
}

function readRun(out: string): ReportedRun {
  const document = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunDocument;
  const snapshotFaults = document.quality.flatMap(({ code }) => CODES[code] ?? []);
  if (document.state === 'refused') return { keys: new Map(), findings: [], snapshotFaults, isRefused: true };
  const contributions = new Map<string, ReportedContribution[]>();
  for (const row of readCsv(join(out, 'contributions.csv'))) {
    const name = keyOf(row);
    const own = contributions.get(name) ?? [];
    own.push({
      cause: row['cause'] ?? '',
      quantity: millionths(row['quantity'] ?? ''),
      confidence: Number(row['confidence']),
    });
    contributions.set(name, own);
  }
  const titles = new Map(document.findings.map(({ id, title }) => [id, `${id} ${title}`]));
  const [today = ''] = document.inputs
    .map(({ as_of }) => as_of.slice(0, 10))
    .sort()
    .reverse();
  const lines = new Map(readCsv(join(out, 'discrepancies.csv')).map((row) => [keyOf(row), row]));
  const keys = [...new Set([...contributions.keys(), ...lines.keys()])].map((name) => {
    const line = lines.get(name) ?? {};
    const finding = titles.get(line['finding_id'] ?? '');
    const key = {
      netVariance: millionths(line['net_variance_quantity'] ?? ''),
      side: line['correct_side'] ?? '',
      onsetDay: dayBefore(today, line['days_out_of_sync'] ?? ''),
      contributions: contributions.get(name) ?? [],
      findings: finding === undefined ? [] : [finding],
    };
    return [name, key] as const;
  });
  const findings = document.findings.map(({ id, title, cause }) => ({ causes: [cause], title: `${id} ${title}` }));
  return { keys: new Map(keys), findings, snapshotFaults, isRefused: false };
}

/** The date so many days before another; '' where it is not known. */
function dayBefore(date: string, days: string): string {
  if (days === '') return '';
  return new Date(Date.parse(`${date}T00:00:00Z`) - Number(days) * 86_400_000).toISOString().slice(0, 10);
}
