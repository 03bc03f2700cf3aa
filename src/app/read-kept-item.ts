/** Reads what a run kept of some items. Never explains anything, and never reads the files that the run was made from. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplanationFrame, RunDocument } from '../contract/run.ts';
import { append } from '../core/compare/ledger-evidence.ts';
import type { ItemEvidence } from '../core/explain/evidence.ts';
import { UNMAPPED } from '../core/model/balance.ts';
import { Failure } from '../core/model/failure.ts';
import { type DuckDb, openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import type { StatusQuantity } from '../engine/comparison-input.ts';
import { readItemDocuments } from '../engine/evidence/item-documents.ts';
import { EXPLANATIONS_FILE, isEvidenceFile, type KeptExplanation } from './keep-explanations.ts';
import { type KeptDetails, keptDetails } from './kept-details.ts';

/**
 * What the run in a folder kept of each item, by item; one that it holds no balance of and does not explain is left out.
 * Throws a Failure of kind `unreachable` where a file of the run is missing or damaged.
 */
export async function readKeptItems(
  folder: string,
  run: RunDocument,
  items: readonly string[],
): Promise<Map<string, KeptDetails>> {
  const frame = run.explanation;
  if (frame === undefined)
    throw new Failure(
      'usage',
      'RUN_NOT_EXPLAINED',
      `run ${run.run_id} explained nothing: it was refused, or an earlier version made it`,
      'Run `evenstock reconcile` again, or name another run.',
    );
  const work = await mkdtemp(join(tmpdir(), 'evenstock-item-'));
  const database = await openDuckDb({ temporaryDirectory: work });
  try {
    return await new KeptReader(database, folder, frame, run, items).read();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      'unreachable',
      'RUN_UNREADABLE',
      `what run ${run.run_id} kept of its items cannot be read: ${(error as Error).message}`,
      'Name another run, or run `evenstock reconcile` again.',
    );
  } finally {
    database.close();
    await rm(work, { recursive: true, force: true });
  }
}

class KeptReader {
  private readonly database: DuckDb;
  private readonly folder: string;
  private readonly frame: ExplanationFrame;
  private readonly run: RunDocument;
  private readonly items: ReadonlySet<string>;
  private readonly list: string;

  constructor(database: DuckDb, folder: string, frame: ExplanationFrame, run: RunDocument, items: readonly string[]) {
    this.database = database;
    this.folder = folder;
    this.frame = frame;
    this.run = run;
    this.items = new Set(items);
    this.list = items.map(sqlText).join(', ');
  }

  async read(): Promise<Map<string, KeptDetails>> {
    const explanations = await this.documents<KeptExplanation>((name) => name === EXPLANATIONS_FILE);
    const evidence = await this.documents<ItemEvidence>(isEvidenceFile);
    const balances = await this.balances();
    const found = new Map<string, KeptDetails>();
    for (const item of new Set([...explanations.keys(), ...balances.keys()]))
      found.set(
        item,
        keptDetails(
          this.run,
          explanations.get(item) ?? { item, keys: [] },
          evidence.get(item),
          balances.get(item) ?? [],
        ),
      );
    return found;
  }

  private path(file: string): string {
    // DuckDB reads paths as patterns: in brackets a character stands for itself.
    return sqlText(join(this.folder, file).replaceAll(/[*?[]/g, '[$&]'));
  }

  private async documents<T extends { readonly item: string }>(
    isWanted: (name: string) => boolean,
  ): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    for (const name of (await readdir(this.folder)).filter(isWanted).sort())
      for (const document of await readItemDocuments<T>(join(this.folder, name), this.items))
        found.set(document.item, document);
    return found;
  }

  private async balances(): Promise<Map<string, StatusQuantity[]>> {
    const { frame } = this;
    const unit = 10n ** BigInt(frame.quantity_decimals);
    const rows = await this.database.rows(
      `SELECT system, site, item, owner, lot, status, category, CAST(quantity * ${unit} AS HUGEINT)
      FROM read_parquet(${this.path('balances.parquet')}) WHERE item IN (${this.list})
      ORDER BY site, owner, lot, category, system, status`,
    );
    const found = new Map<string, StatusQuantity[]>();
    for (const row of rows) {
      const [system = '', site = '', item = '', owner = '', lot = '', status = '', category = ''] = row.map(String);
      const index = category === '' ? UNMAPPED : frame.categories.indexOf(category);
      append(found, item, { system, site, item, owner, lot, status, category: index, quantity: Number(row[7]) });
    }
    return found;
  }
}
