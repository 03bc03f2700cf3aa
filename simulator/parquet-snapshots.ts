/**
 * Decides how the two snapshots look as Parquet: text stays text, quantities and costs are exact decimals.
 * Never changes a row or its order.
 */
import { join } from 'node:path';

const DECIMALS = {
  erp_stock: 'LABST::DECIMAL(18,3) AS LABST, STPRS::DECIMAL(18,4) AS STPRS',
  wms_stock: 'quantity::DECIMAL(18,3) AS quantity',
} as const;

/** Writes erp_stock.parquet and wms_stock.parquet beside the CSV files they are read from. An empty lot becomes null. */
export async function writeParquetSnapshots(directory: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const [name, decimals] of Object.entries(DECIMALS)) {
      const csv = sqlText(join(directory, `${name}.csv`));
      const parquet = sqlText(join(directory, `${name}.parquet`));
      await connection.run(
        `COPY (SELECT * REPLACE (${decimals}) FROM read_csv(${csv}, header = true, all_varchar = true, delim = ',', quote = '"')) TO ${parquet} (FORMAT parquet)`,
      );
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
