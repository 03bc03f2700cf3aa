/** Finds an item that a run knows and makes its view of what the run kept. Never compares or explains anew. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { ItemView } from '../contract/item-view.ts';
import type { RunDocument } from '../contract/run.ts';
import { assert, Failure } from '../core/model/failure.ts';
import { addAlias } from '../core/normalize/master-data.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { readMasterFile } from '../ingest/read-master-file.ts';
import { RunStore } from '../store/run-store.ts';
import { findItem, type ItemAlias } from './find-item.ts';
import { buildItemView } from './item-view.ts';
import { describeItem, type KeptItem, placesOf } from './kept-item.ts';
import { startMasterData } from './make-plan.ts';
import { readKeptItems } from './read-kept-item.ts';
import { type PinnedFiles, SourceFiles } from './source-files.ts';

export interface ExplainOptions {
  readonly dataDirectory: string;
  /** undefined: the newest complete run. */
  readonly runId: string | undefined;
  /** As typed: a code, another system's code, or a part of one. */
  readonly item: string;
  readonly site: string | undefined;
  readonly lot: string | undefined;
  /** Sites that the asker may see; all where not given. */
  readonly sites?: readonly string[] | undefined;
  /** Asked only where what was typed is no code of the run. */
  readonly aliases: () => Promise<readonly ItemAlias[]>;
}

/** `how`: what ties the text to the item; '' where it is the item's code. */
export interface ExplainedItem {
  readonly view: ItemView;
  readonly how: string;
}

const IDS_SHOWN = 5;
const NAMES_SHOWN_MAX = 20;

/** The view of one item. Throws a Failure of kind `usage` for a run, an item, a site or a lot that is not there. */
export async function explainItem(options: ExplainOptions): Promise<ExplainedItem> {
  const store = new RunStore(options.dataDirectory);
  const run = await chooseRun(store, options);
  const { item, how } = await chooseItem(store, run, options);
  const details = (await readKeptItems(store.folderOf(run.run_id), run, [item])).get(item);
  assert(details !== undefined, `run ${run.run_id} holds a balance of ${item}, and kept nothing of it`);
  const kept = describeItem(details);
  const view = buildItemView(kept, { run, site: options.site, lot: options.lot, sites: options.sites });
  if (view.places.length === 0) refuseFilters(kept, options);
  return { view, how };
}

async function chooseRun(store: RunStore, { runId, dataDirectory }: ExplainOptions): Promise<RunDocument> {
  const ids = await store.list();
  if (runId === undefined) {
    const latest = await store.findLatestComplete();
    if (latest !== undefined) return latest;
    throw new Failure(
      'usage',
      'NO_RUNS',
      ids.length === 0 ? `there are no runs in ${dataDirectory} yet` : `no run in ${dataDirectory} is complete`,
      ids.length === 0
        ? 'Run `evenstock reconcile` first, or name the data directory with --data.'
        : '`evenstock report` says why the newest one was refused.',
    );
  }
  if (!ids.includes(runId))
    throw new Failure(
      'usage',
      'RUN_UNKNOWN',
      `there is no run ${runId}; the newest are ${ids.slice(-IDS_SHOWN).reverse().join(', ')}`,
      'Name one of these; `evenstock report --list` lists all.',
    );
  const run = await store.read(runId);
  if (run.state === 'refused')
    throw new Failure(
      'usage',
      'RUN_WAS_REFUSED',
      `run ${runId} was refused: it compared nothing`,
      `\`evenstock report ${runId}\` says why.`,
    );
  return run;
}

async function chooseItem(
  store: RunStore,
  run: RunDocument,
  { item, aliases }: ExplainOptions,
): Promise<{ item: string; how: string }> {
  const items = await readItemCodes(join(store.folderOf(run.run_id), 'balances.parquet'));
  const found = findItem(item, items, items.has(item.trim()) ? [] : await aliases());
  if (found.item !== undefined) return found;
  const names = found.candidates.join(', ');
  if (found.isPart)
    throw new Failure('usage', 'ITEM_AMBIGUOUS', `item ${item}: several fit, such as ${names}`, 'Name one of them.');
  throw new Failure(
    'usage',
    'ITEM_UNKNOWN',
    `item ${item}: neither system holds it in run ${run.run_id}${names === '' ? '' : `; the nearest are ${names}`}`,
    names === '' ? 'Check the code; it may have leading zeros.' : 'Name one of these, or check the code.',
  );
}

/** The items of a run by their common codes, from its balances. */
async function readItemCodes(path: string): Promise<ReadonlySet<string>> {
  if (!existsSync(path)) return new Set();
  return withTemporaryFolder(async (temporaryDirectory) => {
    const database = await openDuckDb({ temporaryDirectory });
    try {
      // DuckDB reads paths as patterns: in brackets a character stands for itself.
      const literal = sqlText(path.replaceAll(/[*?[]/g, '[$&]'));
      return new Set(
        (await database.rows(`SELECT DISTINCT item FROM read_parquet(${literal})`)).map(([code]) => String(code)),
      );
    } finally {
      database.close();
    }
  });
}

/** The other codes of all items as the configuration's aliases file gives them. */
export async function readItemAliases(loaded: LoadedConfiguration, pinned?: PinnedFiles): Promise<ItemAlias[]> {
  const { configuration } = loaded;
  const source = configuration.aliases;
  if (source === undefined) return [];
  const master = startMasterData(configuration);
  const { file, config } = await new SourceFiles(loaded, pinned).find(source);
  await withTemporaryFolder((temporary) =>
    readMasterFile('aliases', config, file, temporary, (row) => addAlias(master, row, 'item')),
  );
  return [...master.itemAliases].flatMap(([system, codes]) =>
    [...codes].map(([alias, item]) => ({ system, alias, item })),
  );
}

/** Names what there is instead: sites where the site is not one of them, else lots. */
function refuseFilters(kept: KeptItem, { site, lot, sites }: ExplainOptions): never {
  const places = placesOf(kept).filter((place) => sites?.includes(place.site) ?? true);
  if (places.length === 0)
    throw new Failure('usage', 'ITEM_UNKNOWN', `item ${kept.item}: neither system holds it at a site that you may see`);
  const isSiteKnown = site === undefined || places.some((place) => place.site === site);
  const [what, asked] = isSiteKnown ? (['lot', lot] as const) : (['site', site] as const);
  const here = places.filter((place) => !isSiteKnown || site === undefined || place.site === site);
  const names = [...new Set(here.map((place) => place[what]))].filter((name) => name !== '');
  const known = names.slice(0, NAMES_SHOWN_MAX).join(', ') + (names.length > NAMES_SHOWN_MAX ? ' …' : '');
  throw new Failure(
    'usage',
    'PLACE_UNKNOWN',
    `--${what} ${asked}: item ${kept.item} is in no such ${what}; ${known === '' ? `the run tells no ${what}s apart` : `it has ${known}`}`,
    'Correct the option.',
  );
}

async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'evenstock-explain-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
