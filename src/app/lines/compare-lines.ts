/**
 * Puts the lines of two runs side by side by their keys. Decides what became of each by the size of its net variance, whatever
 * its sign. Never compares balances anew.
 */
import { openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import { LINE_CHANGES } from './line-filter.ts';

/** For each line the number of its change in LINE_CHANGES: of the later run `new` to `same`, of the earlier one `gone` or not. */
export interface ComparedLines {
  readonly now: Uint8Array;
  readonly before: Uint8Array;
}

const KEY = 'site, item, owner, lot, category';
const MEMORY_BYTES = 1e9;
const GONE = LINE_CHANGES.indexOf('gone');

/** `now` and `before`: `discrepancies.parquet` of two kept runs. */
export async function compareLines(
  now: { readonly path: string; readonly count: number },
  before: { readonly path: string; readonly count: number },
  temporaryDirectory: string,
): Promise<ComparedLines> {
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: MEMORY_BYTES });
  const lines = ({ path }: { path: string }): string =>
    `(SELECT rank, ${KEY}, abs(net_variance_quantity) AS size FROM read_parquet(${sqlText(path.replaceAll(/[*?[]/g, '[$&]'))}))`;
  const compared = { now: new Uint8Array(now.count), before: new Uint8Array(before.count).fill(GONE) };
  try {
    const result = await database.connection.stream(
      `SELECT CAST(l.rank AS INTEGER), CAST(e.rank AS INTEGER), CAST(sign(l.size - e.size) AS INTEGER)
       FROM ${lines(now)} AS l JOIN ${lines(before)} AS e USING (${KEY})`,
    );
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const [later, earlier, growth] = [0, 1, 2].map((index) => chunk.getColumnVector(index));
      for (let row = 0; row < chunk.rowCount; row++) {
        const change = CHANGE_BY_GROWTH[(growth?.getItem(row) as number) + 1] as (typeof LINE_CHANGES)[number];
        compared.now[(later?.getItem(row) as number) - 1] = LINE_CHANGES.indexOf(change);
        compared.before[(earlier?.getItem(row) as number) - 1] = LINE_CHANGES.indexOf(change);
      }
    }
    return compared;
  } finally {
    database.close();
  }
}

const CHANGE_BY_GROWTH = ['better', 'same', 'worse'] as const;
