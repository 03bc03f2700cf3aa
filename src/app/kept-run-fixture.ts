/**
 * Writes a run as it is kept, with what it kept of some items. Never used outside of tests.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDocument } from '../contract/run.ts';
import { writeSmallParquet } from '../duckdb/small-parquet.ts';
import { ItemDocumentsWriter } from '../engine/evidence/item-documents.ts';
import { sampleReport } from '../report/sample-report-fixture.ts';
import { keepExplanations } from './keep-explanations.ts';
import type { KeptItem } from './kept-item.ts';

/** The document of a run that explained the given items. All of them share the frame of the first. */
export function explainedRun(
  runId: string,
  [first]: readonly KeptItem[],
  more: Partial<RunDocument> = {},
): RunDocument {
  if (first === undefined) throw new Error('a run without an item');
  return {
    ...sampleReport().run,
    run_id: runId,
    explanation: {
      given: {
        erp_ledger: first.given.erpLedger,
        wms_ledger: first.given.wmsLedger,
        messages: first.given.messages,
      },
      cut_offs: first.cutOffs,
      openings: first.openings?.at ?? null,
      categories: first.categories,
      quantity_decimals: first.quantityDecimals,
      erp_systems: ['sap'],
    },
    ...more,
  };
}

/** Writes it into the data directory. */
export async function keepRun(dataDirectory: string, run: RunDocument, items: readonly KeptItem[]): Promise<void> {
  const folder = join(dataDirectory, 'runs', run.run_id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  await keepExplanations(
    folder,
    items.map(({ item, keys }) => ({ item, keys })),
  );
  const evidence = new ItemDocumentsWriter(join(folder, 'evidence-0.documents'));
  for (const { item, postings, messages } of items)
    evidence.add({ item, keys: [], postings, messages } as { item: string });
  evidence.close();
  const balances = items.flatMap(({ item, balances, categories }) =>
    balances.map((balance) => ({ ...balance, item, name: categories[balance.category] ?? '' })),
  );
  const text = (name: string, values: readonly string[]) => ({ name, type: 'VARCHAR' as const, values });
  await writeSmallParquet(join(folder, 'balances.parquet'), [
    text(
      'system',
      balances.map(({ system }) => system),
    ),
    text(
      'site',
      balances.map(({ site }) => site),
    ),
    text(
      'item',
      balances.map(({ item }) => item),
    ),
    text(
      'owner',
      balances.map(({ owner }) => owner),
    ),
    text(
      'lot',
      balances.map(({ lot }) => lot),
    ),
    text(
      'status',
      balances.map(({ status }) => status),
    ),
    text(
      'category',
      balances.map(({ name }) => name),
    ),
    { name: 'quantity', type: { precision: 18, scale: 0 }, values: balances.map(({ quantity }) => String(quantity)) },
  ]);
}
