/**
 * Runs the reconcile use case on files that a test gives, with an evenstock.yaml written beside them, and says what became
 * of every row. Never looks inside the program: what it returns stands in the kept run.
 *
 * The tests of this folder follow the catalogue of bad inputs by its numbers, 1 to 74. Not here, because what they are about
 * is not built yet:
 *
 * | items | about | issue |
 * |---|---|---|
 * | 31 | hash and length of an upload | formats of interfaces / server |
 * | 33 | new bytes for a period that is closed | formats of interfaces / server |
 * | 37 | an older snapshot that arrives later | formats of interfaces / server |
 * | 70 to 72 | X12, EDIFACT and IDoc | formats of interfaces / server |
 * | 75 | pages of REST sources | formats of interfaces / server |
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect } from 'vitest';
import { stringify } from 'yaml';
import { type ReconcileOptions, reconcile } from '../../src/app/reconcile.ts';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import type { DiscrepancyLine, Report, RunDocument } from '../../src/contract/run.ts';
import { Failure } from '../../src/core/model/failure.ts';
import type { Rejection } from '../../src/core/model/rejection.ts';
import { RunStore } from '../../src/store/run-store.ts';

export type FileContent = string | Uint8Array;

/** What a test gives. `erpSource` and `wmsSource` are merged into the two balance sources, `configuration` into the whole. */
export interface Given {
  readonly erp: FileContent;
  readonly wms?: FileContent;
  readonly erpSource?: Readonly<Record<string, unknown>>;
  readonly wmsSource?: Readonly<Record<string, unknown>>;
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Further files, by their path beside the configuration. */
  readonly files?: Readonly<Record<string, FileContent>>;
  readonly options?: Partial<ReconcileOptions>;
}

/** What a run came to. `failure` is undefined where the run is complete; `run` is what the store kept. */
export interface Outcome {
  readonly failure: Failure | undefined;
  readonly run: RunDocument;
  readonly lines: readonly DiscrepancyLine[];
  readonly rejections: readonly Rejection[];
}

/** The only row of the WMS unless a test gives another file. It is no line of `erpQuantities`. */
const ANCHOR = 'ANCHOR';
export const HEADER = 'site,item,status,quantity\n';
export const CUT_OFF = '2026-11-22T23:59:59-06:00';
const STARTED_AT = new Date('2026-11-23T12:00:00Z');

/** A folder with a configuration, its files and the runs made of them; `remove` deletes it. */
export class ReconciledFiles {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'evenstock-bad-input-')));
  private runs = 0;

  get dataDirectory(): string {
    return join(this.folder, 'data');
  }

  write(name: string, content: FileContent): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Writes the files and runs once. Whatever is thrown that is no Failure is our bug and fails the test. */
  async run(given: Given): Promise<Outcome> {
    const runId = `run-${String(++this.runs).padStart(3, '0')}`;
    const outcome = await this.attempt(given, runId);
    const run = await new RunStore(this.dataDirectory).read(runId);
    expect(run.state).toBe(outcome.failure === undefined ? 'complete' : 'refused');
    if (outcome.failure === undefined) await this.expectEveryRow(run, outcome.rejections);
    return { ...outcome, run };
  }

  /** As `run`, without the look into the store: for runs of which nothing is kept. */
  async attempt(given: Given, runId: string): Promise<Omit<Outcome, 'run'>> {
    const erpPath = String(given.erpSource?.['path'] ?? 'erp.csv');
    const wmsPath = String(given.wmsSource?.['path'] ?? 'wms.csv');
    if (!erpPath.includes('*')) this.write(erpPath, given.erp);
    if (!wmsPath.includes('*')) this.write(wmsPath, given.wms ?? `${HEADER}DC1,${ANCHOR},AVAILABLE,1\n`);
    for (const [name, content] of Object.entries(given.files ?? {})) this.write(name, content);
    this.write('evenstock.yaml', stringify(configurationOf(given, erpPath, wmsPath)));
    let report: Report | undefined;
    let failure: Failure | undefined;
    try {
      await reconcile({
        loaded: await loadConfiguration(join(this.folder, 'evenstock.yaml'), {}),
        dataDirectory: this.dataDirectory,
        out: undefined,
        formats: [],
        filters: { site: [], item: [] },
        isDryRun: false,
        forced: null,
        threads: 1,
        memoryBytes: 1 << 30,
        runId,
        pid: process.pid,
        now: () => STARTED_AT,
        signal: new AbortController().signal,
        onProgress: () => undefined,
        onReport: (made) => {
          report = { ...made, lines: [...made.lines] };
        },
        ...given.options,
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = error;
    }
    return { failure, lines: [...(report?.lines ?? [])], rejections: report?.rejections ?? [] };
  }

  /** rows = accepted + rejected + excluded: the accepted rows are counted in the balances that the run keeps. */
  private async expectEveryRow(run: RunDocument, rejections: readonly Rejection[]): Promise<void> {
    const path = join(new RunStore(this.dataDirectory).folderOf(run.run_id), 'balances.parquet');
    const kept = await acceptedRows(path);
    for (const system of ['sap', 'wms1']) {
      const inputs = run.inputs.filter((input) => input.kind === 'balances' && input.system === system);
      const sum = (name: 'rows' | 'rejected' | 'excluded'): number =>
        inputs.reduce((all, input) => all + input[name], 0);
      expect(kept.get(system) ?? 0, `accepted rows of ${system}`).toBe(sum('rows') - sum('rejected') - sum('excluded'));
    }
    for (const input of run.inputs) {
      const listed = rejections.filter(({ source, reason }) => source === input.source && !COST_ONLY.test(reason));
      expect(listed.length, `listed rejections of ${input.source}`).toBe(input.rejected);
      expect(new Set(listed.map(({ row }) => row)).size).toBe(listed.length);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Rows of which only the unit cost could not be read are listed, but not rejected. */
const COST_ONLY = /the row counts, without its cost/;

function configurationOf(given: Given, erpPath: string, wmsPath: string): unknown {
  return {
    version: 1,
    currency: 'USD',
    systems: { sap: { role: 'erp' }, wms1: { role: 'wms', sites: ['DC1'] } },
    balances: [
      { system: 'sap', format: 'csv', path: erpPath, as_of: CUT_OFF, ...given.erpSource },
      { system: 'wms1', format: 'csv', path: wmsPath, as_of: CUT_OFF, ...given.wmsSource },
    ],
    categories: { available: { erp: ['UNRESTRICTED'], wms: ['AVAILABLE'] } },
    ...given.configuration,
  };
}

async function acceptedRows(path: string): Promise<Map<string, number>> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT system, sum(rows)::BIGINT FROM read_parquet('${path}') GROUP BY system`,
    );
    return new Map(reader.getRows().map(([system, rows]) => [String(system), Number(rows)]));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The ERP's quantity by item, of all lines but the anchor's. */
export function erpQuantities(lines: readonly DiscrepancyLine[]): Record<string, string> {
  return Object.fromEntries(lines.filter(({ item }) => item !== ANCHOR).map((line) => [line.item, line.erp_quantity]));
}

/** Codes of the warnings of a run, sorted. */
export function warnings(run: RunDocument): string[] {
  return run.quality
    .filter(({ severity }) => severity === 'warning')
    .map(({ code }) => code)
    .sort();
}

/** Rows and rejected rows of one input. */
export function counts(
  run: RunDocument,
  source = 'sap balances',
): { rows: number; rejected: number; excluded: number } {
  const { rows, rejected, excluded } = run.inputs.find(
    (input) => input.source === source,
  ) as RunDocument['inputs'][number];
  return { rows, rejected, excluded };
}

/** Proves a refusal: its code, a message that names file and place, an action, and the same in the kept run. */
export function expectRefusal({ failure, run, lines }: Outcome, code: string, message: RegExp | string): void {
  expect(failure, 'the run was to be refused').toBeDefined();
  const { kind, action, message: text } = failure as Failure;
  expect({ kind, code: failure?.code }).toEqual({ kind: 'refused', code });
  expect(text).toMatch(message);
  expect(text).not.toMatch(/\n {4}at |Error:|\bundefined\b/);
  expect(action).toMatch(/\w{3,}/);
  expect(lines).toEqual([]);
  expect(run.totals).toBeNull();
  expect(run.quality.filter(({ severity }) => severity === 'refused').map((note) => note.code)).toContain(code);
  expect(run.quality.find((note) => note.code === code)?.action).toBe(action);
}

/** A folder for each test of a file; call the result inside a test. */
export function useFiles(): () => ReconciledFiles {
  let files: ReconciledFiles;
  beforeEach(() => {
    files = new ReconciledFiles();
  });
  afterEach(() => files.remove());
  return () => files;
}

/** A complete run: exact quantities of the ERP by item, rows read, rows rejected in order, codes of the warnings. */
export interface Accepted {
  readonly erp: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly warnings?: readonly string[];
  readonly rejected?: readonly Pick<Rejection, 'row' | 'column' | 'value' | 'reason'>[];
}

export function expectAccepted(
  { failure, run, lines, rejections }: Outcome,
  expected: Accepted,
  file = 'erp.csv',
): void {
  expect(failure).toBeUndefined();
  expect(erpQuantities(lines)).toEqual(expected.erp);
  const rejected = expected.rejected ?? [];
  expect(counts(run)).toEqual({ rows: expected.rows, rejected: rejected.length, excluded: 0 });
  expect(run.totals?.rejected_rows).toBe(rejected.length);
  expect(rejections).toEqual(rejected.map((rejection) => ({ source: 'sap balances', file, ...rejection })));
  expect(warnings(run)).toEqual([...(expected.warnings ?? [])].sort());
}
