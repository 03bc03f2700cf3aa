/**
 * Counts and prices the balances of a run once, however often it is asked: a kept run never changes, and neither does the items
 * file that it read, unless its mark does. Never keeps more than the last one.
 */
import { tmpdir } from 'node:os';
import type { CompleteRun } from '../app/kept-results.ts';
import { type MappingMatrix, mappingMatrix } from '../app/mapping-matrix.ts';
import { readRunCosts } from '../app/run-costs.ts';
import { RunFiles } from '../app/run-files.ts';
import type { ApiContext } from './api-context.ts';

export class MatrixBook {
  private readonly context: ApiContext;
  private readonly files: RunFiles;
  private last: { readonly key: string; readonly matrix: Promise<MappingMatrix> } | undefined;

  constructor(context: ApiContext) {
    this.context = context;
    this.files = new RunFiles(context);
  }

  async of(run: CompleteRun): Promise<MappingMatrix> {
    const loaded = this.context.configuration();
    const input = run.document.inputs.find(({ kind }) => kind === 'items');
    const items = input && (await this.files.find(input, loaded));
    const key = JSON.stringify([run.document.run_id, loaded.hash, items?.state, items?.at?.mark]);
    if (this.last?.key !== key) {
      const matrix = readRunCosts(run, items, loaded, tmpdir()).then((costs) => mappingMatrix(run, costs, tmpdir()));
      const made = { key, matrix };
      this.last = made;
      matrix.catch(() => {
        if (this.last === made) this.last = undefined;
      });
    }
    return this.last.matrix;
  }
}
