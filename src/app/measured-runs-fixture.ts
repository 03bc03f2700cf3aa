/**
 * Makes several runs with the reconcile use case, in a folder of their own, from balances that stand in the test as text.
 * Never used outside of tests.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Given, type Outcome, ReconciledFiles } from '../../test/bad-inputs/reconciled-files.ts';
import type { DiscrepancyLine } from '../contract/run.ts';
import type { Sums } from '../core/measure/judge-comparison.ts';
import { measureRun } from '../core/measure/measure-run.ts';
import { runCutOff } from '../core/measure/run-cut-off.ts';
import { readKeptLines } from '../report/parquet.ts';
import { writeKeyHistory } from '../store/key-history-file.ts';
import { type KeptRun, readKeyHistory } from '../store/read-key-history.ts';
import { RunStore } from '../store/run-store.ts';

/** Files change their size and keys from run to run, and are older than the clock of the test. */
const QUALITY = { max_skew: '400d', max_age: '400d', min_key_overlap: 0, min_rows_share: 0, max_rows_share: 1000 };
const HEADER = 'site,item,status,quantity,location';

export interface MadeRun extends Omit<Outcome, 'run'> {
  readonly run: KeptRun;
}

export class MeasuredRuns {
  private readonly files = new ReconciledFiles();
  private count = 0;

  get dataDirectory(): string {
    return this.files.dataDirectory;
  }

  get store(): RunStore {
    return new RunStore(this.dataDirectory);
  }

  /**
   * One run: `balances` is "A 10 9, DC2/B 5 4": item, ERP and WMS, at DC1 unless another site is named. A unit costs 2.
   * `filters` and more as the use case takes them.
   */
  async run(cutOff: string, balances: string, change: Partial<Given> = {}): Promise<MadeRun> {
    const runId = `run-${String(++this.count).padStart(3, '0')}`;
    // Rows lie at a location of their own: a file that was loaded before would be refused.
    const rows = balances.split(',').map((each) => {
      const [name = '', erp = '', wms = ''] = each.trim().split(' ');
      const [site, item] = name.includes('/') ? name.split('/') : ['DC1', name];
      return {
        erp: `${site},${item},UNRESTRICTED,${erp},${runId},2.00`,
        wms: `${site},${item},AVAILABLE,${wms},${runId}`,
      };
    });
    const outcome = await this.files.attempt(
      {
        erp: [`${HEADER},unit_cost`, ...rows.map(({ erp }) => erp), ''].join('\n'),
        wms: [HEADER, ...rows.map(({ wms }) => wms), ''].join('\n'),
        erpSource: { as_of: cutOff },
        wmsSource: { as_of: cutOff },
        ...change,
        configuration: {
          name: 'Acme',
          systems: { sap: { role: 'erp' }, wms1: { role: 'wms' } },
          quality: QUALITY,
          ...change.configuration,
        },
      },
      runId,
    );
    if (outcome.failure !== undefined && outcome.failure.kind !== 'refused') throw outcome.failure;
    await this.measure(runId, outcome.lines);
    return { ...outcome, run: await this.store.read(runId) };
  }

  /** Makes a run one of those of before there were measures. */
  forgetMeasures(runId: string): void {
    const path = join(this.store.folderOf(runId), 'run.json');
    const { measures: _, ...run } = JSON.parse(readFileSync(path, 'utf8')) as KeptRun;
    writeFileSync(path, JSON.stringify(run));
  }

  /** Measures a run that did not measure itself. */
  private async measure(runId: string, lines: readonly DiscrepancyLine[]): Promise<void> {
    const { store } = this;
    const run: KeptRun = await store.read(runId);
    if (run.state === 'refused' || run.measures !== undefined) return;
    const folder = store.folderOf(runId);
    const { history, comparedWith, isLatest } = await readKeyHistory(store, {
      cutOff: runCutOff(run.inputs, run.started_at),
      scope: {
        sites: new Set(run.by_site.map(({ site }) => site)),
        categories: new Set(run.by_category.map(({ category }) => category)),
        items: new Set(run.filters.item),
        isPartial: run.inputs.some(({ completeness }) => completeness === 'partial'),
      },
      grain: run.grain,
      linesOf: (kept) => readKeptLines(join(store.folderOf(kept.run_id), 'discrepancies.parquet'), 2, folder),
    });
    const handedOn = history.next(lines);
    await writeKeyHistory(folder, handedOn);
    const figures = measureRun({
      history,
      handedOn,
      lines: lines.map((line) => ({ ...line, ...history.seen(line) })),
      total: {
        wms: 0n,
        allGrossMinor: 0n,
        overstatedMinor: 0n,
        understatedMinor: 0n,
        grossQuantity: 0n,
        netQuantity: 0n,
      } as Sums,
      wmsValueMinor: undefined,
      interfaces: new Map(),
      counts: [],
      minorDecimals: 2,
    });
    const measures = { compared_with: comparedWith, is_latest: isLatest, ...figures };
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...run, measures }));
  }

  remove(): void {
    this.files.remove();
  }
}
